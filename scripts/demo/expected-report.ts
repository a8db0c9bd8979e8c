import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The report as it must be, counted character by character and line by line, unlike the orchestration does. */
export function expectedReport(folder: string, files: readonly string[]): string {
  const facts = files.map((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return { file, lines: countLines(text), words: countWords(text), contents: contentsOf(file, text) };
  });
  const sum = (name: "lines" | "words") => facts.map((fact) => fact[name]).reduce((a, b) => a + b, 0);
  return [
    "# Describe the repository on one page",
    "",
    `${files.length} files, ${sum("lines")} lines, ${sum("words")} words.`,
    "",
    "| file | lines | words | contents |",
    "| --- | --- | --- | --- |",
    ...facts.map(
      ({ file, lines, words, contents }) => `| ${file} | ${lines} | ${words} | ${contents.join(", ")} |`,
    ),
    "",
  ].join("\n");
}

function countLines(text: string): number {
  let lines = 0;
  for (const character of text) if (character === "\n") lines += 1;
  return lines;
}

function countWords(text: string): number {
  let words = 0;
  let isInside = false;
  for (const character of text) {
    const isSpace = character.trim() === "";
    if (!isSpace && !isInside) words += 1;
    isInside = !isSpace;
  }
  return words;
}

function contentsOf(file: string, text: string): string[] {
  const lines = text.split("\n");
  if (file.endsWith(".md"))
    return lines.filter((line) => line.startsWith("## ")).map((line) => line.slice(3));
  if (file.endsWith(".ts")) return lines.flatMap(exportOn);
  return longestWords(text, 5);
}

/** The name that a line of a source exports by a declaration. */
function exportOn(line: string): string[] {
  const [first, kind = "", rest = ""] = line.split(" ");
  const isDeclaration =
    first === "export" && ["function", "const", "class", "interface", "type", "{"].includes(kind);
  const name = rest.split(/[^A-Za-z0-9_]/)[0] ?? "";
  return isDeclaration && name !== "" ? [name] : [];
}

function longestWords(text: string, count: number): string[] {
  const words = new Set(text.split(/[^A-Za-z]/).map((word) => word.toLowerCase()));
  return [...words]
    .sort()
    .sort((a, b) => b.length - a.length)
    .slice(0, count);
}
