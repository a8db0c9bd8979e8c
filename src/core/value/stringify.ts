/** Writes a JSON tree as text, whatever `toJSON` methods someone put on the built-in prototypes. */
export function stringify(tree: unknown): string {
  return "toJSON" in Array.prototype ? write(tree) : JSON.stringify(tree);
}

function write(tree: unknown): string {
  if (typeof tree !== "object" || tree === null) return JSON.stringify(tree);
  if (Array.isArray(tree)) return `[${tree.map(write).join(",")}]`;
  const members = Object.entries(tree).map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`);
  return `{${members.join(",")}}`;
}
