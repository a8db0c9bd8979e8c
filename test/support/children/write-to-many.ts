import { openStore } from "../../../src/index.js";

/**
 * Writes to contexts of the store that the first argument names, as often as the second says, in every way
 * that makes events; the third makes what it does its own.
 */
const [path = "", times = "0", seed = "0"] = process.argv.slice(2);
const store = openStore(path, { durability: "normal", actor: `writer ${seed}` });
const contexts = [0, 1, 2, 3].map((number) => store.context(`run-${number}`));

for (let time = 0; time < Number(times); time += 1) {
  const chance = (time * 31 + Number(seed) * 17) % 23;
  const [one, another] = [contexts[chance % 4], contexts[(chance + 1) % 4]];
  one?.set("n", `${seed} ${time}`);
  if (chance % 3 === 0) {
    one?.batch(() => {
      for (let count = 0; count <= chance % 5; count += 1) another?.set(`key ${count}`, time);
      one.setEphemeral("progress", time);
    });
  }
  if (chance % 7 === 0) another?.snapshot(`round ${time}`);
}
store.close();
