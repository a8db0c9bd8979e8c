import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const effects = "is an effect. Time, ids and output come in as arguments or through the engine.";
const effectGlobals = [
  "process",
  "console",
  "performance",
  "crypto",
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
];
const effectModules =
  "^node:(fs|child_process|cluster|dgram|dns|http|net|os|perf_hooks|process|timers|tls|tty|worker)";

export default defineConfig(
  globalIgnores(["dist/", "test/fixtures/", "src/engines/sqlite/migrations.generated.ts"]),
  {
    files: ["**/*.{ts,js}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      complexity: ["error", 12],
      eqeqeq: "error",
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      // One-line arrows that end in a void call read better without braces.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // Messages are full of counts and versions; everything but numbers still needs a conversion.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Deleting a computed key is what a dictionary is for.
      "@typescript-eslint/no-dynamic-delete": "off",
    },
  },
  {
    files: ["src/**"],
    rules: { "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ["src/**"],
    ignores: ["src/cli/**"],
    rules: { "no-console": "error" },
  },
  {
    files: ["src/{core,program,projections,workflows}/**"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...effectGlobals.map((name) => ({ name, message: `${name} ${effects}` })),
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: `Date.now ${effects}` },
        { object: "Math", property: "random", message: `Math.random ${effects}` },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: `new Date() ${effects}`,
        },
        { selector: "CallExpression[callee.name='Date']", message: `Date() ${effects}` },
      ],
      "no-restricted-imports": ["error", { patterns: [{ regex: effectModules, message: `It ${effects}` }] }],
    },
  },
  {
    files: ["test/**"],
    rules: {
      // Test doubles and phases are async by their signature, not by what they do.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-empty-function": "off",
      // A test that reads a missing value fails anyway, at that line.
      "@typescript-eslint/no-non-null-assertion": "off",
      // The files of a worker share a process, so what one puts in the place of a module, others get, too.
      "no-restricted-properties": [
        "error",
        ...["mock", "doMock"].map((property) => ({ object: "vi", property, message: "Replace a function." })),
      ],
    },
  },
);
