import { expect, it } from "vitest";
import { formatPath } from "../../../src/core/value/path.js";

it.each([
  [[], "plan"],
  [["steps", 3, "run"], "plan.steps[3].run"],
  [["a b", "", "0"], 'plan["a b"][""]["0"]'],
  [["größe", "$type", "__proto__"], "plan.größe.$type.__proto__"],
  [[{ call: "get", key: "k" }], 'plan.get("k")'],
  [[{ call: "get", key: {} }], "plan.get(…)"],
  [["x".repeat(100)], `plan["${"x".repeat(60)}…"]`],
  [Array.from({ length: 13 }, (_, i) => i), "plan[0][1][2]…[10][11][12]"],
])("writes %j as code would", (segments, path) => {
  expect(formatPath("plan", segments)).toBe(path);
});
