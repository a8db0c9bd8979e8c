import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import type { EventType } from "../../src/index.js";
import { type AnyStore, eachEngine, openSqliteStore } from "../support/each-engine.js";
import { forge, type ForgedContext, type ForgedEvent } from "../support/forged-export.js";
import { refusalOf } from "../support/refusal.js";
import { temporaryFolder } from "../support/sqlite-files.js";

/** Events of the file below, by what they do. */
const [created, set, deleted, snapshot, keyed, again] = [0, 1, 2, 3, 4, 5];

type Forgery = (events: ForgedEvent[], context: ForgedContext) => void;

const detailsOf = (events: ForgedEvent[], type: EventType) =>
  events.find((event) => event.type === type)!.payload.details;
const effectOf = (events: ForgedEvent[], index: number) => events[index]!.payload.effects[0]!;

const forgeries: Record<string, Forgery> = {
  "another time of creation": (_, context) => (context.createdAt = 0),
  "a payload of format 0": (events) => (events[set]!.payload.format = 0),
  "a member more in a payload": (events) => Object.assign(events[set]!.payload, { more: 1 }),
  "a member more that is called __proto__": (events) => addProto(events[set]!.payload),
  "a member more in an effect": (events) => Object.assign(effectOf(events, set), { more: 1 }),
  "a __proto__ in an effect": (events) => addProto(effectOf(events, set)),
  "a __proto__ in a header": (events) => addProto(events[set]!),
  "a value where a key is deleted": (events) => (effectOf(events, deleted).value = { forged: "proof" }),
  "no value where a key is set": (events) => delete effectOf(events, set).value,
  "a digit moved from the salt to the value": (events) => {
    effectOf(events, set).salt = "AAAAAAAAAAA";
    effectOf(events, set).value = 11;
  },
  "a protected name in another scope": (events) => (effectOf(events, events.length - 1).scope = "persistent"),
  "a value in the scope of protected names": (events) => (effectOf(events, set).scope = "protection"),
  "two effects on one key": (events) => events[set]!.payload.effects.push(effectOf(events, set)),
  "an idempotency key twice": (events) => (events[again]!.idempotencyKey = "k"),
  "an idempotency key with half a character": (events) => (events[keyed]!.idempotencyKey = "\ud800"),
  "a phase without its id": (events) => delete detailsOf(events, "phase_started").phase,
  "a phase without its name": (events) => (detailsOf(events, "phase_started").name = 1),
  "a receipt that is text": (events) => (events[keyed]!.payload.details.receipt = "odd"),
  "a receipt whose outcome is not JSON": (events) =>
    (events[keyed]!.payload.details.receipt = { command: "c", outcome: "nonsense" }),
  "a key with half a character": (events) => (effectOf(events, set).key = "\ud800"),
  "a version that moves by itself": (events) => {
    for (const event of events.slice(snapshot)) event.version += 1;
  },
  "a version that stays where data changes": (events) => {
    for (const event of events.slice(set)) event.version -= 1;
  },
  "a first version that is not 0": (events) => {
    for (const event of events) event.version += 1;
  },
  "a first event that creates nothing": (events) => (events[created]!.type = "value_set"),
  "a second creation": (events) => (events[set]!.type = "context_created"),
  "a snapshot that is none": (events) => (effectOf(events, snapshot).value = null),
  "a name that is none": (events) => (effectOf(events, created).value = ""),
};

eachEngine("loading a file that was forged with hashes that fit", ({ open }) => {
  it.each(Object.entries(forgeries))("refuses %s", async (_, change) => {
    const [file, to] = [await saved(open()), open()];
    writeFileSync(file, forge(readFileSync(file, "utf8"), change));

    expect((await refusalOf(() => to.load(file))).code).toBe("EXPORT_INVALID");

    expect(await to.contexts()).toEqual([]);
  });

  it("refuses a context whose name cannot be one, naming the line", async () => {
    const [file, to] = [await saved(open()), open()];
    const unnamed: Forgery = (_, context) => (context.context = "");
    writeFileSync(file, forge(readFileSync(file, "utf8"), unnamed));

    expect(await refusalOf(() => to.load(file))).toMatchObject({
      code: "EXPORT_INVALID",
      details: { line: 2 },
    });
  });

  it("refuses a value that is nested beyond all measure", async () => {
    const [file, to] = [await saved(open()), open()];
    const [deep, text] = ["[".repeat(200_000) + "]".repeat(200_000), readFileSync(file, "utf8")];
    writeFileSync(file, text.replace('"value":1,"salt"', `"value":${deep},"salt"`));

    expect((await refusalOf(() => to.load(file))).code).toBe("EXPORT_INVALID");
  });

  it("tells of payloads that a later release wrote", async () => {
    const [file, to] = [await saved(open()), open()];
    const later: Forgery = (events) => Object.assign(events[set]!.payload, { format: 7, more: 1 });
    writeFileSync(file, forge(readFileSync(file, "utf8"), later));

    expect(await refusalOf(() => to.load(file))).toMatchObject({
      code: "EXPORT_NEWER",
      details: { found: 7, known: 2 },
    });
  });

  it("takes a file in which nothing was changed", async () => {
    const [file, to] = [await saved(open()), open()];
    const text = readFileSync(file, "utf8");

    expect(forge(text, () => undefined)).toBe(text);
    expect(await to.load(file)).toEqual(["run"]);
  });

  it("keeps tags of every name", async () => {
    const [file, from, to] = [join(temporaryFolder(), "run.jsonl"), open(), open()];
    const tags = JSON.parse('{"__proto__":"p","constructor":"c","trace":"t"}') as Record<string, string>;
    await (await from.context("run")).set("a", 1, { tags });
    await from.save(file);

    expect(await to.load(file)).toEqual(["run"]);

    await to.save(`${file}-again`, "run");
    expect(readFileSync(`${file}-again`, "utf8")).toBe(readFileSync(file, "utf8"));
  });
});

it("names the line of an event that the tables refuse", async () => {
  const file = await saved(openSqliteStore(join(temporaryFolder(), "from.db")));
  const to = openSqliteStore(join(temporaryFolder(), "to.db"));
  const database = new Database(to.location);
  database.exec(
    "CREATE TRIGGER refusal BEFORE INSERT ON events WHEN NEW.sequence = 2 BEGIN SELECT RAISE(ABORT, 'no'); END",
  );
  database.close();

  expect(await refusalOf(() => to.load(file))).toMatchObject({
    code: "EXPORT_INVALID",
    details: { line: 4, why: "no" },
  });
  expect(to.contexts()).toEqual([]);
});

/** Saves a context whose events are those that `created`, `set` and so on number. */
async function saved(store: AnyStore): Promise<string> {
  const file = join(temporaryFolder(), "run.jsonl");
  const ctx = await store.context("run");
  await ctx.set("a", 1);
  await ctx.delete("a");
  await ctx.snapshot("s");
  await ctx.set("b", 1, { idempotencyKey: "k" });
  await ctx.set("b", 2, { idempotencyKey: "l" });
  await ctx.phase("p", () => undefined);
  await ctx.protect("c");
  await ctx.save(file);
  return file;
}

function addProto(target: object): void {
  Object.defineProperty(target, "__proto__", { value: 1, enumerable: true });
}
