import { completed } from "../marked.js";
import type { Complete, PythonValue } from "../python-value.js";

/** A path, of the parts that Python was given: what is absolute begins anew, and `.` and empty parts go. */
export function makePath(given: readonly PythonValue[]): Complete | undefined {
  if (!given.every((part) => typeof part === "string")) return undefined;
  const last = given.findLastIndex((part) => part.startsWith("/"));
  const joined = given
    .slice(Math.max(last, 0))
    .filter((part) => part !== "")
    .join("/");
  const root = /^\/\/(?!\/)/.test(joined) ? "//" : joined.startsWith("/") ? "/" : "";
  const parts = joined.split("/").filter((part) => part !== "" && part !== ".");
  const value = root + parts.join("/");
  return completed("PurePosixPath", { value: value === "" ? "." : value });
}
