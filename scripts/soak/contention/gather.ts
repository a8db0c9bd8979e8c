import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { openStore } from "../../../src/index.js";
import { bundleChild } from "../bundle.js";
import { type Account, lastContext, type Orders } from "./orders.js";

/** Lets processes work on a store side by side, from one moment on, and gives what each tells of it. */
export async function gather(all: readonly Orders[]): Promise<readonly Account[]> {
  const program = await bundleChild("contend");
  const children = all.map((orders) => new Contender(program, orders));
  try {
    await Promise.all(children.map((child) => child.isReady));
    for (const child of children) child.begin();
    const workers = children.filter(({ orders }) => orders.role !== "watcher");
    await Promise.all(workers.map((child) => child.account));
    const [first] = all;
    if (first !== undefined) writeEnd(first.path);
    return await Promise.all(children.map((child) => child.account));
  } finally {
    for (const child of children) child.kill();
  }
}

/** Tells the watchers that nothing more will come. */
function writeEnd(path: string): void {
  using store = openStore(path, { create: false });
  store.context(lastContext);
}

class Contender {
  readonly orders: Orders;
  readonly isReady: Promise<unknown>;
  readonly account: Promise<Account>;
  readonly #child: ChildProcessWithoutNullStreams;
  #said = "";
  #complaint = "";

  constructor(program: string, orders: Orders) {
    this.orders = orders;
    this.#child = spawn(process.execPath, [program, JSON.stringify(orders)]);
    this.#child.stdout.on("data", (part: Buffer) => (this.#said += part.toString()));
    this.#child.stderr.on("data", (part: Buffer) => (this.#complaint += part.toString()));
    // One that dies before it is ready is closed, and tells by its account.
    this.isReady = Promise.race([once(this.#child.stdout, "data"), once(this.#child, "close")]);
    this.account = this.#end();
  }

  begin(): void {
    this.#child.stdin.on("error", () => undefined);
    this.#child.stdin.write("go\n");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #end(): Promise<Account> {
    await once(this.#child, "close");
    const told = this.#said.split("\n")[1] ?? "";
    if (told !== "") return JSON.parse(told) as Account;
    const { name } = this.orders;
    const failures = [`${name} died: ${this.#complaint}`];
    return { name, receipts: [], added: {}, counts: {}, longestMs: 0, failures };
  }
}
