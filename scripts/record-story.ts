/**
 * Records the run of README's story anew: `node --import tsx scripts/record-story.ts`. Ids, salts and hashes
 * are others each time; everything that the story shows is the same.
 */
import { resolve } from "node:path";
import { recordStory } from "../test/support/story-run.js";
import { root } from "./run-command.js";

const guilty = await recordStory(resolve(root, "test/fixtures/story/run-77.jsonl"));
console.log(`recorded; the guilty event is ${guilty}`);
