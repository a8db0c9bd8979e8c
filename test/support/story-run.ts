import { type Context, openMemoryStore } from "../../src/index.js";

/** What the run remembers. */
interface Run {
  goal: string;
  suppliers: string[];
  plan: { task: string; owner: string; done: boolean }[];
  offers: Record<string, { unit: number; weeks: number }>;
  budget: { limit: number; devices?: number; calls: number };
  choice: { supplier: string; devices: number };
  notes: string[];
  draft: string;
  review: { round: number; open: string[] };
  report: string;
}

/** One exchange of letters with a supplier. */
interface Thread {
  with: string;
  letters: { from: string; text: string }[];
  quote: { unit: number; currency: string; weeks: number };
}

type Letters = Context<Thread>;
interface Stage {
  readonly run: Context<Run>;
  readonly mail: Letters;
}

/**
 * Records the run that README's story is about, and saves it. An orchestration looks for air sensors, and one
 * price that came by mail is misread: "1.249,00 EUR" is taken for 1.249. All that follows from it is done well.
 * @returns the reference of the guilty event
 */
export async function recordStory(file: string): Promise<string> {
  const store = openMemoryStore({ now: steadyClock(Date.parse("2026-10-12T08:00:00Z")) });
  const run = store.context<Run>("run-77", {
    initial: {
      goal: "Choose air sensors for 24 classrooms, for at most EUR 30000",
      budget: { limit: 30_000, calls: 0 },
      notes: [],
    },
    protect: ["goal"],
    actor: "office",
  });
  const mail = store.context<Thread>("mail-12", {
    initial: { with: "Klimatik", letters: [] },
    actor: "mailer",
    cause: referenceOf(run),
  });
  const stage = { run, mail };
  await planRun(stage);
  const guilty = await doResearch(stage);
  decide(stage);
  publish(stage, await writeReport(stage));
  store.save(file);
  store.close();
  return guilty;
}

/** Goes on at each look by 2 to 38 seconds, always the same ones. */
function steadyClock(start: number): () => number {
  let [time, step] = [start, 0];
  return () => (time += 2_000 + ((step += 23) % 37) * 1_000);
}

/** The reference of the newest event, as a cause. */
function referenceOf({ id, sequence }: Context<Run> | Letters): string {
  return `${id}#${sequence}`;
}

/** Every call of a model costs something, and is entered at once. */
function callModel(run: Context<Run>, cost: number): void {
  run.edit("budget", (budget) => void (budget.calls = Math.round((budget.calls + cost) * 100) / 100), {
    actor: "meter",
  });
}

async function planRun({ run, mail }: Stage): Promise<void> {
  const planning = { actor: "planner", cause: referenceOf(run), merge: "update" } as const;
  await run.phase(
    "planning",
    (copy) => {
      callModel(run, 0.04);
      copy.suppliers = ["Aerotec", "Nordluft", "Klimatik"];
      copy.plan = [
        ...copy.suppliers.map((name) => ({
          task: `get a price from ${name}`,
          owner: "researcher",
          done: false,
        })),
        { task: "choose a supplier", owner: "planner", done: false },
        { task: "write the report", owner: "writer", done: false },
        { task: "check the report", owner: "reviewer", done: false },
      ];
    },
    planning,
  );
  const text = "Please quote your K4 air sensor, 24 pieces.";
  mail.edit("letters", (letters) => void letters.push({ from: "us", text }), {
    actor: "mailer",
    cause: referenceOf(run),
  });
}

async function doResearch({ run, mail }: Stage): Promise<string> {
  const researching = { actor: "researcher", cause: referenceOf(run) };
  await run.phase("catalogues", () => readCatalogues(run), researching);
  estimate(run, "Nordluft", 24);
  const guilty = receiveQuote(mail);
  await run.phase("quotes", () => readQuote(run, mail), { ...researching, cause: guilty });
  return guilty;
}

function readCatalogues(run: Context<Run>): void {
  take(run, "Aerotec", { unit: 1315.5, weeks: 2 }, "catalogue of Aerotec");
  readUp(run, ["Aerotec: sensors need a gateway on each floor", "Aerotec: five years of updates"]);
  take(run, "Nordluft", { unit: 1180, weeks: 5 }, "catalogue of Nordluft");
  readUp(run, ["Nordluft: battery lasts two years", "Nordluft: no display", "Nordluft: repairs in Kiel"]);
}

function readQuote(run: Context<Run>, mail: Letters): void {
  const { unit = 0, weeks = 0 } = mail.get("quote") ?? {};
  readUp(run, ["Klimatik: mains or battery", "Klimatik: display with traffic light"]);
  take(run, "Klimatik", { unit, weeks }, referenceOf(mail));
  readUp(run, ["Klimatik: calibrates itself", "Klimatik: data stays in the house", "All three measure CO2"]);
}

/** The supplier answers in German, and the reader of quotes takes its thousands for decimals. */
function receiveQuote(mail: Letters): string {
  const text = "Gern! K4: 1.249,00 EUR je Stück, lieferbar in 3 Wochen.";
  mail.edit("letters", (letters) => void letters.push({ from: "Klimatik", text }), {
    actor: "gateway",
    cause: "letter from Klimatik",
  });
  mail.set(
    "quote",
    { unit: 1.249, currency: "EUR", weeks: 3 },
    { actor: "quote-reader", cause: referenceOf(mail) },
  );
  return referenceOf(mail);
}

function take(run: Context<Run>, supplier: string, offer: Run["offers"][string], cause: string): void {
  run.set("offers", { ...run.get("offers"), [supplier]: offer }, { actor: "researcher", cause });
  finish(run, `get a price from ${supplier}`, "researcher");
}

function finish(run: Context<Run>, task: string, actor: string): void {
  const tick = (plan: Run["plan"]) => {
    for (const step of plan) if (step.task === task) step.done = true;
  };
  run.edit("plan", tick, { actor });
}

/** A finding at a time, each after a call of a model. */
function readUp(run: Context<Run>, findings: readonly string[]): void {
  for (const finding of findings) {
    run.setEphemeral("reading", finding.split(":")[0] ?? "");
    callModel(run, 0.11);
    run.edit("notes", (notes) => void notes.push(finding));
  }
}

/** Enters what so many devices of a supplier cost; the sum is right, to the cent. */
function estimate(run: Context<Run>, supplier: string, devices: number, cause = referenceOf(run)): void {
  const cents = Math.round((run.get("offers")?.[supplier]?.unit ?? 0) * devices * 100);
  run.edit("budget", (budget) => void (budget.devices = cents / 100), { actor: "planner", cause });
}

/** Takes the supplier that seems to be the cheapest. */
function decide({ run }: Stage): void {
  const taken = run.history({ key: "offers", order: "newest", limit: 1 })[0];
  run.clearEphemeral({ actor: "planner" });
  callModel(run, 0.21);
  estimate(run, "Klimatik", 24, `run-77#${taken?.sequence}`);
  run.set("choice", { supplier: "Klimatik", devices: 24 }, { actor: "planner", cause: referenceOf(run) });
  finish(run, "choose a supplier", "planner");
}

async function writeReport({ run }: Stage): Promise<string> {
  await write(run, referenceOf(run));
  const wishes = await review(run, ["What if one breaks?"]);
  addSpare(run, wishes);
  await write(run, referenceOf(run));
  return await review(run, []);
}

async function write(run: Context<Run>, cause: string): Promise<void> {
  await run.phase("writing", (copy) => compose(run, copy), { actor: "writer", cause, merge: "update" });
}

function compose(run: Context<Run>, copy: Run): void {
  const { supplier, devices } = copy.choice;
  for (const part of ["summary", "comparison", "price"]) {
    run.setEphemeral("writing", part);
    callModel(run, 0.17);
  }
  const { limit, devices: total = 0 } = copy.budget;
  copy.draft = `Buy ${devices} from ${supplier}: EUR ${total} in all, EUR ${limit - total} left.`;
}

async function review(run: Context<Run>, open: string[]): Promise<string> {
  const round = (run.get("review")?.round ?? 0) + 1;
  const reviewed = await run.phase(
    "review",
    () => {
      callModel(run, 0.23);
      run.set("review", { round, open });
      return referenceOf(run);
    },
    { actor: "reviewer", cause: referenceOf(run) },
  );
  return reviewed.result;
}

/** The reviewer asks for a spare device: the sum that the report ends with is of this innocent event. */
function addSpare(run: Context<Run>, cause: string): void {
  run.batch(
    () => {
      run.set("choice", { supplier: "Klimatik", devices: 25 });
      estimate(run, "Klimatik", 25, cause);
      run.edit("notes", (notes) => void notes.push("One spare device, as the reviewer wished"));
    },
    { actor: "planner", cause },
  );
}

function publish({ run }: Stage, cause: string): void {
  run.clearEphemeral({ actor: "writer" });
  finish(run, "write the report", "writer");
  finish(run, "check the report", "reviewer");
  run.set("report", run.get("draft") ?? "", { actor: "publisher", cause });
  callModel(run, 0.02);
}
