import ts from "typescript";
import type { Block } from "./readme.js";

/**
 * All runnable blocks as one module. The blocks of the first heading make its top level; those of any other
 * heading are a scope of their own, which sees that top level. Imports are hoisted and made one.
 */
export function programOf(blocks: readonly Block[], isChecked: boolean): string {
  const imports = new Map<string, Set<string>>();
  const bodies = blocks.map(({ code, line, heading }) => {
    const source = ts.createSourceFile(`README.md:${line}.ts`, code, ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) collectImport(statement, imports);
    return { heading, text: rewrite(source, { line, isChecked }) };
  });
  const [first] = bodies;
  const top = bodies.filter(({ heading }) => heading === first?.heading).map(({ text }) => text);
  const others = [...new Set(bodies.map(({ heading }) => heading))].filter((name) => name !== first?.heading);
  const scopes = others.map((name) => {
    const texts = bodies.filter(({ heading }) => heading === name).map(({ text }) => text);
    return `{ // ${name}\n${texts.join("\n")}\n}`;
  });
  const hoisted = [...imports].map(([from, names]) => `import { ${[...names].join(", ")} } from ${from};`);
  return [...hoisted, ...top, ...scopes].join("\n");
}

function collectImport(statement: ts.Statement, imports: Map<string, Set<string>>): void {
  if (!ts.isImportDeclaration(statement)) return;
  const bindings = statement.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings))
    throw new Error("README imports by names only.");
  const from = statement.moduleSpecifier.getText();
  const names = imports.get(from) ?? new Set();
  for (const element of bindings.elements) names.add(element.getText());
  imports.set(from, names);
}

interface Rewriting {
  readonly line: number;
  readonly isChecked: boolean;
}

/** The code without its imports; where it is to be checked, with every promise of a comment as a call. */
function rewrite(source: ts.SourceFile, { line, isChecked }: Rewriting): string {
  const edits: { start: number; end: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) edits.push({ start: node.getStart(), end: node.end, text: "" });
    else if (isChecked && ts.isExpressionStatement(node)) {
      const promise = promiseBehind(source.text, node.end);
      if (promise !== undefined) {
        const at = line + source.getLineAndCharacterOfPosition(node.getStart()).line;
        edits.push({ start: node.getStart(), end: node.end, text: check(node, promise, at) });
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edits.reduceRight(
    (text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end),
    source.text,
  );
}

/** What the comments right behind a statement promise: `// → value`, on one line or several, or `// throws CODE`. */
function promiseBehind(text: string, end: number): string | undefined {
  const lines = text
    .slice(end)
    .split("\n")
    .map((line) => line.trim());
  const [first = "", ...rest] = lines;
  const own = first === "" ? rest : lines;
  if (!/^\/\/ (→|throws )/.test(own[0] ?? "")) return undefined;
  const length = own.findIndex((line, index) => index > 0 && !line.startsWith("//   "));
  return own
    .slice(0, length < 0 ? undefined : length)
    .map((line) => line.replace(/^\/\/ +(→ )?/, ""))
    .join(" ");
}

function check(statement: ts.ExpressionStatement, promise: string, line: number): string {
  const { expression } = statement;
  const code = /^throws (\w+)$/.exec(promise)?.[1];
  const text = expression.getText();
  const quoted = JSON.stringify(promise);
  if (code !== undefined) return `await check.throws(${line}, async () => ${text}, ${JSON.stringify(code)});`;
  const isPrinting = ts.isCallExpression(expression) && expression.expression.getText() === "console.log";
  if (!isPrinting) return `check.equals(${line}, ${text}, ${quoted});`;
  return `check.prints(${line}, [${expression.arguments.map((given) => given.getText()).join(", ")}], ${quoted});`;
}
