import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import ts from "typescript";

/** Source texts by their path below src, with forward slashes. */
export type Sources = Readonly<Record<string, string>>;

/** One import as written, and the file or package that it names. */
export interface Import {
  readonly file: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
}

/** Reads every TypeScript file below a folder. */
export function readSources(folder: string): Sources {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile() && found.name.endsWith(".ts"))
    .map((found) => join(found.parentPath, found.name));
  return Object.fromEntries(
    files.map((file) => [relative(folder, file).split(sep).join("/"), readFileSync(file, "utf8")]),
  );
}

/** Lists every import of every file: static, type-only, dynamic, re-exported, required, in a type. */
export function findImports(sources: Sources): readonly Import[] {
  return Object.entries(sources).flatMap(([file, text]) => {
    const found: Import[] = [];
    const visit = (node: ts.Node): void => {
      const specifier = specifierOf(node);
      if (specifier !== undefined) {
        found.push({ file, target: resolveTarget(file, specifier), isTypeOnly: isTypeOnly(node) });
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext));
    return found;
  });
}

/** Finds circles of imports; each is named once, as a path that ends where it began. */
export function findCycles(sources: Sources): readonly string[] {
  const targets = new Map<string, string[]>(Object.keys(sources).map((file) => [file, []]));
  for (const { file, target } of findImports(sources)) {
    if (targets.has(target)) targets.get(file)?.push(target);
  }

  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push([...path.slice(start), file].join(" -> "));
    if (start >= 0 || done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isExternalModuleReference(node)) return textOf(node.expression);
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined;
  }
  return ts.isCallExpression(node) && isModuleCall(node.expression) ? textOf(node.arguments[0]) : undefined;
}

function isModuleCall(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require")
  );
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** `import { type X }` counts as an import of values: with verbatimModuleSyntax it still loads the module. */
function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  return ts.isImportTypeNode(node) || (ts.isExportDeclaration(node) && node.isTypeOnly);
}

function resolveTarget(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts");
}
