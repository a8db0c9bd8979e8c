import { closeSync, fsyncSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import type { Contestants } from "../contestant.js";

/** What people do today: the whole state is written to a new file at each change, which replaces the old one. */
export const contestants: Contestants = {
  rewrite: ({ file, durability }) => {
    const state: Record<string, unknown> = {};
    const write = () => {
      const draft = openSync(`${file}.new`, "w");
      writeSync(draft, JSON.stringify(state));
      if (durability === "full") fsyncSync(draft);
      closeSync(draft);
      renameSync(`${file}.new`, file);
    };
    return {
      set: (key, value) => {
        state[key] = value;
        write();
      },
      setTogether: (steps) => {
        Object.assign(state, Object.fromEntries(steps));
        write();
      },
      bytes: () => statSync(file).size,
      close: () => undefined,
    };
  },
};
