/** The set of merge strategies, one a file; each declares what it needs and what it does. */
export { prefixed } from "./prefixed.js";
export { replace } from "./replace.js";
export { safe } from "./safe.js";
export { threeWay } from "./three-way.js";
export { update } from "./update.js";
