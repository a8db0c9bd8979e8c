import { leaveLog } from "../kill/act-store.js";
import { acts } from "../kill/acts.js";
import { pruning } from "../kill/pruning.js";

/** Does one thing to the stores of a folder: an act by its name, or "leave a log". */
const { name, folder } = JSON.parse(process.argv[2] ?? "") as { name: string; folder: string };
if (name === "leave a log") leaveLog(folder);
[...acts, pruning].find((act) => act.name === name)?.run(folder);
