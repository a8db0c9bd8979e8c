import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Forks, not threads: the tests kill processes, open real files and load a native driver.
    pool: "forks",
    // Files share a process, since loading the library and vitest for each takes as long as a third of all tests. So a
    // file that puts something else in the place of a function puts it back, and none may use vi.mock.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The types that are published are looked at; `npm run check` looks at those of the sources.
    typecheck: { enabled: true, include: ["test/types/**/*.test-d.ts"], tsconfig: "tsconfig.vitest.json" },
  },
});
