import { describe, expect, it } from "vitest";
import { linesIn } from "../../scripts/soak/event-rows.js";
import { BrokenStore, fillRichly, pageBytes, pagesOf, writeTo } from "../support/broken-store.js";

describe("the salvage of a damaged database", () => {
  const damages: Readonly<Record<string, (broken: BrokenStore) => void>> = {
    "the header is zeroed": (broken) => {
      broken.change("", (bytes) => bytes.fill(0, 0, 100));
    },
    "the page of the schema is zeroed": (broken) => {
      broken.change("", (bytes) => bytes.fill(0, 0, pageBytes));
    },
    "a page that leads to events is zeroed": (broken) => {
      expect(broken.zeroPages("events", "internal", (pages) => pages.slice(0, 1))).toHaveLength(1);
    },
    "a page of the index of events is zeroed": (broken) => {
      expect(broken.zeroPages("events_context_sequence", "leaf", (pages) => pages.slice(1, 2))).toHaveLength(
        1,
      );
    },
    "all pages of derived tables are zeroed": (broken) => {
      for (const table of ["current_keys", "key_changes"])
        expect(broken.zeroPages(table, "leaf", (pages) => pages.slice(0, 1))).toHaveLength(1);
    },
    "the table of contexts is zeroed": (broken) => {
      expect(broken.zeroPages("contexts", "leaf", (pages) => pages)).toHaveLength(1);
    },
    "the kind of a page of events is damaged": (broken) => {
      const [page = 0] = pagesOf(broken.file, "events", "leaf").slice(2);
      broken.change("", (bytes) => {
        bytes[(page - 1) * pageBytes] = 5;
        return bytes;
      });
    },
    "a page of events forgets where its rows are": (broken) => {
      const [page = 0] = pagesOf(broken.file, "events", "leaf").slice(2);
      broken.change("", (bytes) => bytes.fill(0, (page - 1) * pageBytes, (page - 1) * pageBytes + 16));
    },
  };

  it.each(Object.entries(damages))("brings all events over where %s", (_, damage) => {
    const broken = new BrokenStore(fillRichly);
    const before = linesIn(broken.file);

    damage(broken);
    const salvage = broken.salvage();

    expect(linesIn(broken.into)).toEqual(before);
    expect(salvage.contexts.flatMap(({ missing }) => missing)).toEqual([]);
    expect(salvage.verification.faults).toEqual([]);
  });

  it("recovers what comes before a flipped bit, and keeps what comes after it in a file", () => {
    const broken = new BrokenStore((store) => {
      const ctx = store.context("run-42");
      for (let step = 1; step <= 50; step += 1) ctx.set("step", `step number ${step} of it`);
      store.context("other").set("a", 1);
    });
    const before = linesIn(broken.file);

    broken.flip("step number 30 of it");
    const { isComplete, contexts, unplaced } = broken.salvage();

    expect(isComplete).toBe(false);
    expect(contexts).toEqual([
      {
        context: "run-42",
        recovered: 30,
        of: 51,
        missing: [
          { from: 31, to: 31, why: "its hash does not fit its content" },
          { from: 32, to: 51, why: "it follows from the event before it, but what lies before that is lost" },
        ],
        added: [],
      },
      { context: "other", recovered: 2, of: 2, missing: [], added: [] },
    ]);
    expect(linesIn(broken.into).get("run-42")).toEqual(before.get("run-42")?.slice(0, 30));
    expect(unplaced).toEqual({ events: 21, file: `${broken.into}.unplaced.jsonl` });
    expect(broken.unplaced.map(({ sequence, follows }) => [sequence, follows])).toEqual(
      Array.from({ length: 21 }, (_, index) => [31 + index, index > 0]),
    );
    expect(broken.unplaced[1]).toMatchObject({
      context: "run-42",
      payload: { effects: [{ key: "step", value: "step number 31 of it" }] },
    });
  });

  it("says which events a zeroed page had", () => {
    const broken = new BrokenStore((store) => {
      const ctx = store.context("run-42");
      for (let step = 1; step <= 400; step += 1) ctx.set("step", step);
    });
    const before = linesIn(broken.file).get("run-42") ?? [];

    const [page] = broken.zeroPages("events", "leaf", (pages) => pages.slice(3, 4));
    const { isComplete, contexts, damage } = broken.salvage();

    const [{ recovered, of, missing } = {}] = contexts;
    expect({ isComplete, of }).toEqual({ isComplete: false, of: 401 });
    expect(missing).toMatchObject([
      { from: recovered! + 1, why: "it was not found" },
      { why: "what it follows from is lost, or it is damaged itself" },
      { to: 401 },
    ]);
    expect(damage).toEqual([`page ${page} of the database cannot be read`]);
    expect(linesIn(broken.into).get("run-42")).toEqual(before.slice(0, recovered));
    const found = recovered! + broken.unplaced.length;
    expect(found + (missing?.[0]?.to ?? 0) - (missing?.[0]?.from ?? 0) + 1).toBe(401);
  });

  it("recovers what is left of a file that was cut short", () => {
    const broken = new BrokenStore(fillRichly);
    const before = new Set([...linesIn(broken.file).values()].flat());

    broken.change("", (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)));
    const { isComplete, mayHideEvents, damage, verification } = broken.salvage();

    expect({ isComplete, mayHideEvents }).toEqual({ isComplete: false, mayHideEvents: true });
    expect(damage.some((what) => what.includes("lacks its last pages"))).toBe(true);
    expect(verification.faults).toEqual([]);
    const after = [...linesIn(broken.into).values()].flat();
    expect(after.length).toBeGreaterThan(0);
    expect(after.filter((row) => !before.has(row))).toEqual([]);
  });

  it("puts an event in its place whose context's number is damaged", () => {
    const broken = new BrokenStore((store) => {
      for (let step = 1; step <= 20; step += 1) store.context("run-42").set("step", step);
      store.context("other").set("a", 1);
    });
    const before = linesIn(broken.file);

    writeTo(broken.file, "UPDATE events SET context = 999 WHERE context = 1 AND sequence = 7");
    const { isComplete, contexts } = broken.salvage();

    expect({ isComplete, recovered: contexts.map(({ recovered }) => recovered) }).toEqual({
      isComplete: true,
      recovered: [21, 2],
    });
    expect(linesIn(broken.into)).toEqual(before);
  });

  it("says of a fork whose parent is cut short that it could not be built", () => {
    const broken = new BrokenStore((store) => {
      const ctx = store.context("parent");
      for (let step = 1; step <= 20; step += 1) ctx.set("step", `step number ${step} of it`);
      ctx.fork("early", { at: "#5" }).set("own", 1);
      ctx.fork("late").set("own", 2);
    });

    broken.flip("step number 12 of it");
    const { contexts } = broken.salvage();

    expect(contexts.map(({ context, recovered, of }) => [context, recovered, of])).toEqual([
      ["parent", 12, 21],
      ["early", 7, 7],
      ["late", 0, 23],
    ]);
    expect(contexts[2]?.missing[0]).toEqual({
      from: 22,
      to: 22,
      why: "the event of the parent that it starts from was not recovered",
    });
    using store = broken.open();
    expect(store.find("early")?.get("step")).toBe("step number 4 of it");
    expect(store.find("late")).toBeUndefined();
  });

  it("recovers values that fill many pages", () => {
    const broken = new BrokenStore((store) => {
      const ctx = store.context("run-42");
      for (let step = 1; step <= 5; step += 1) ctx.set(`large ${step}`, `${step}`.repeat(1_000_000));
    });
    const before = linesIn(broken.file);

    broken.change("", (bytes) => bytes.fill(0, 0, 100));
    const { isComplete } = broken.salvage();

    expect(isComplete).toBe(true);
    expect(linesIn(broken.into)).toEqual(before);
  });

  it("recovers 10,000 events", { timeout: 60_000 }, () => {
    const broken = new BrokenStore((store) => {
      const ctx = store.context("run-42");
      ctx.batch(() => {
        for (let step = 1; step < 10_000; step += 1) ctx.set(`key ${step % 20}`, step);
      });
    });

    broken.zeroPages("events", "internal", (pages) => pages.slice(0, 1));
    const { isComplete, contexts } = broken.salvage();

    expect({ isComplete, recovered: contexts[0]?.recovered }).toEqual({
      isComplete: true,
      recovered: 10_000,
    });
  });
});
