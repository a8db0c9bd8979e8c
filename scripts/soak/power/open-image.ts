import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isContextError, openStore, type SqliteStoreOptions, type Store } from "../../../src/index.js";
import type { Acknowledgement } from "../assignment.js";
import { eventName, isOpen } from "./acknowledged.js";
import { archivedEvents } from "./archived-events.js";
import { openCopies } from "./copies.js";
import type { Image } from "./image.js";

/** The store's name in every folder that a power cut hits. */
export const storeName = "runs.db";

/** What a store says that is opened after a power cut. */
export interface Opened {
  /** What of all that can be acknowledged is true of it; nothing where there is no store. */
  readonly holds: ReadonlySet<string>;
  /** What is wrong with it, such as the error with which it does not open. */
  readonly fault: string | undefined;
}

/** How a store is looked at: `thorough` replays all events and compares every projection, too. */
export type Look = "quick" | "thorough";

/** Puts files in a folder, in place of those that are there. */
export function fillFolder(folder: string, image: Image): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  for (const [name, content] of image) writeFileSync(join(folder, name), content);
}

/** Opens what is in a folder as a user would, and goes on with what is there where the store says it lost some. */
export function openAfterCut(folder: string, image: Pick<Image, "has" | "keys">, look: Look): Opened {
  const opened = tryToOpen(folder, image, look);
  if (!opened.isBehind) return opened;
  const { holds } = tryToOpen(folder, image, look, { behind: "accept" });
  return { holds, fault: opened.fault };
}

function tryToOpen(...given: Parameters<typeof open>): Opened & { readonly isBehind?: boolean } {
  try {
    return open(...given);
  } catch (error) {
    const isBehind = isContextError(error) && error.code === "STORE_BEHIND";
    return { holds: new Set(), fault: String(error), isBehind };
  }
}

function open(
  folder: string,
  image: Pick<Image, "has" | "keys">,
  look: Look,
  options: Pick<SqliteStoreOptions, "behind"> = {},
): Opened {
  const isThere = image.has(storeName);
  // Where nothing of a store arrived, making it anew must do.
  using store = openStore(join(folder, storeName), { create: !isThere, ...options });
  const events = isThere ? [isOpen, ...eventsOf(store), ...archivedEvents(store, folder, image)] : [];
  const holds = new Set([...events, ...openCopies(folder, image)]);
  return { holds, fault: findFault(store, look) };
}

function eventsOf(store: Store): readonly string[] {
  const { rows } = store.query(
    `SELECT c.name AS context, e.sequence, lower(hex(e.hash)) AS hash
     FROM events AS e JOIN contexts AS c ON c.id = e.context`,
  );
  // The columns are those of an acknowledgement.
  return (rows as unknown as readonly Acknowledgement[]).map(eventName);
}

function findFault(store: Store, look: Look): string | undefined {
  if (look === "quick") {
    const { rows } = store.query("SELECT integrity_check AS found FROM pragma_integrity_check");
    const first = String(rows[0]?.found);
    return first === "ok" ? undefined : first;
  }
  const [fault] = store.verify().faults;
  if (fault !== undefined) {
    return `${fault.context ?? ""}#${fault.sequence ?? 0} ${fault.kind}: ${fault.why}`;
  }
  const halved = store.contexts().find(({ id }) => {
    const context = store.context(id);
    return context.get("left") !== context.get("right");
  });
  return halved === undefined ? undefined : `${halved.id}: half a batch is there`;
}
