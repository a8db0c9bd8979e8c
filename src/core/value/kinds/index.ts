import { bytes } from "./bytes.js";
import { date } from "./date.js";
import { error } from "./error.js";
import type { Kind } from "./kind.js";
import { map } from "./map.js";
import { regexp } from "./regexp.js";
import { set } from "./set.js";
import { url } from "./url.js";

/** Every built-in kind of object that can be stored besides plain objects and arrays. */
export const kinds: readonly Kind[] = [date, map, set, regexp, url, error, bytes];
