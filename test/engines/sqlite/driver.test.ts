import { describe, expect, it } from "vitest";
import { findCorruption, findCrash } from "../../../src/engines/sqlite/driver.js";

describe("a driver", () => {
  it.each(["3.7.0", "3.46.1", "3.50.9", "3.51.2"])(
    "with SQLite %s is refused, which can corrupt",
    (sqlite) => {
      expect(findCorruption(sqlite)).toContain(`SQLite ${sqlite}`);
    },
  );

  it.each(["3.51.3", "3.52.0", "3.53.2", "4.0.0"])("with SQLite %s is taken", (sqlite) => {
    expect(findCorruption(sqlite)).toBeUndefined();
  });

  it("that would crash this Node is refused before it is used", () => {
    expect(findCrash({ driver: "13.2.0", napi: "9", node: "v20.20.2" })).toContain("v20.20.2");
    expect(findCrash({ driver: "13.2.0", napi: "10", node: "v22.14.0" })).toBeUndefined();
    expect(findCrash({ driver: "12.11.1", napi: "9", node: "v20.20.2" })).toBeUndefined();
  });
});
