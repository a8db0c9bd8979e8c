import { isContextError, openStore } from "../../../src/index.js";
import { giveUpRights } from "../hostile/give-up-rights.js";

/** Loads a good export and then a small file that wants much memory, and tells how much more the second took. */
const { folder, good, file } = JSON.parse(process.argv[2] ?? "") as Record<
  "folder" | "good" | "file",
  string
>;
giveUpRights(folder);
const store = openStore(`${file}.db`, { durability: "normal" });
for (const id of store.load(good)) store.delete(id);
const before = process.resourceUsage().maxRSS;
let outcome = "right";
try {
  for (const id of store.load(file)) store.find(id)?.clone();
  if (!store.verify().isSound) outcome = "it was loaded and does not verify";
} catch (error) {
  outcome = isContextError(error) ? "refused" : String(error).slice(0, 300);
}
store.close();
process.stdout.write(`${JSON.stringify({ outcome, kilobytes: process.resourceUsage().maxRSS - before })}\n`);
