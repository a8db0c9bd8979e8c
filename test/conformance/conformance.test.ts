import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Recording, readRecordings } from "./recording.js";
import { replayAll, type StepDifference } from "./replay.js";

const files = readRecordings(join(import.meta.dirname, "../fixtures/conformance"));

/**
 * Steps at which we believe to be right against a recording, each with its reason, such as
 * `"c001#12": "why"`. There are none: what differs on purpose is marked in the recordings themselves.
 */
const believedRight: Readonly<Record<string, string>> = {};

/** How many steps the recordings have, so that none gets lost: all, and those without anything loose. */
const counts: Readonly<
  Record<string, { sequences: number; steps: number; compared: number; strict: number }>
> = {
  "long.jsonl": { sequences: 2, steps: 319, compared: 319, strict: 317 },
  "quirks.jsonl": { sequences: 27, steps: 645, compared: 608, strict: 496 },
  "sequences.jsonl": { sequences: 38, steps: 1365, compared: 1365, strict: 982 },
};

describe("a store on SQLite", () => {
  it.each(files)("does what $name recorded of the original", ({ name, recordings }) => {
    const { differences, ...seen } = replayAll(recordings);

    expect(differences.filter(({ step }) => !(step in believedRight))).toEqual([]);
    expect(seen).toEqual(counts[name]);
    console.log(`${name}: ${seen.compared} of ${seen.steps} steps compared, ${seen.strict} in full`);
  });

  it("does so when every restart is an export into a new store", () => {
    const restarted = files
      .flatMap(({ recordings }) => recordings)
      .filter(({ steps }) => steps.some(({ op }) => op.op === "reload"));

    const { differences, sequences } = replayAll(restarted, "export");

    expect(differences.filter(({ step }) => !(step in believedRight))).toEqual([]);
    expect(sequences).toBe(21);
  });
});

describe("the replay itself", () => {
  const some = files.find(({ name }) => name === "sequences.jsonl")!.recordings.slice(0, 6);
  const [first] = some;

  it("notices every kind of alteration at the step that was altered", () => {
    const alterations: Record<string, (recording: Recording) => StepDifference["path"]> = {
      "c001#0": ({ init }) => {
        init.state.persistent.extra = 1;
        return "state.persistent.extra";
      },
      "c001#1": ({ steps }) => {
        steps[0]!.out = { ok: true, return: "other" };
        return "out.return";
      },
      "c001#2": ({ steps }) => {
        steps[1]!.logged!.details.skipped_protected = 1;
        return "logged.details.skipped_protected";
      },
      "c001#3": ({ steps }) => {
        steps[2]!.bumped = 0;
        return "bumped";
      },
      "c001#4": ({ steps }) => {
        steps[3]!.out = { ok: false, error: "unknown_strategy" };
        return "out.ok";
      },
      "c001#5": ({ steps }) => {
        steps[4]!.snapshot = "s5";
        return "snapshot";
      },
      "c001#6": ({ steps }) => {
        steps[5]!.state.protected.push("goal");
        return "state.protected.0";
      },
    };
    for (const [step, alter] of Object.entries(alterations)) {
      const altered = structuredClone(first!);
      const path = alter(altered);

      const { differences } = replayAll([altered]);

      expect(differences.map((difference) => [difference.step, difference.path])).toContainEqual([
        step,
        path,
      ]);
    }
  });

  it("notices a wrong version at each of the steps where it was recorded as binding", () => {
    const altered = structuredClone(some);
    for (const { steps } of altered) for (const step of steps) step.state.version += 1;

    const { differences } = replayAll(altered);

    const binding = altered
      .flatMap(({ steps }) => steps)
      .filter(({ loose = [] }) => !loose.includes("*") && !loose.includes("state.version"));
    expect(differences).toHaveLength(binding.length);
    expect(new Set(differences.map(({ path }) => path))).toEqual(new Set(["state.version"]));
  });

  it("notices that an operation was left out", () => {
    const shortened = structuredClone(some);
    for (const recording of shortened) {
      const writes = recording.steps.filter(({ op, bumped }) => op.op === "set" && bumped > 0);
      recording.steps = recording.steps.filter((step) => step !== writes[0]);
    }

    const unnoticed = shortened.filter((recording) => {
      try {
        return replayAll([recording]).differences.length === 0;
      } catch {
        // A later step may rest on the one that is gone.
        return false;
      }
    });

    expect(unnoticed.map(({ id }) => id)).toEqual([]);
  });
});
