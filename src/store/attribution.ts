import { checkObject, checkWellFormed } from "./check-option.js";

/** Who does something, and what made them do it; kept with the event. */
export interface Attribution {
  /** Who makes the event: free text. */
  readonly actor?: string;
  /** What made them do it: free text, or `context#sequence` of another event. */
  readonly cause?: string;
  /** Correlation ids and the like. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Says nothing. */
export const unattributed: Attribution = {};

/** The attribution among options, without what was not said. */
export function attributionOf({ actor, cause, tags }: Attribution): Attribution {
  return {
    ...(actor !== undefined && { actor }),
    ...(cause !== undefined && { cause }),
    ...(tags !== undefined && { tags }),
  };
}

/** What is said inside comes before what is said outside of it; tags add up, name by name. */
export function joinAttributions(outer: Attribution, inner: Attribution): Attribution {
  const joined = { ...outer, ...attributionOf(inner) };
  if (outer.tags === undefined || inner.tags === undefined) return joined;
  return { ...joined, tags: { ...outer.tags, ...inner.tags } };
}

/**
 * Takes in an attribution that outlives the call: it is checked now, and a copy.
 * @throws {ContextError} OPTION_INVALID
 */
export function takeAttribution(given: Attribution): Attribution {
  const said = attributionOf(checkObject("attribution", given));
  checkWellFormed("actor", said.actor);
  checkWellFormed("cause", said.cause);
  return said.tags === undefined ? said : { ...said, tags: takeTags(said.tags) };
}

function takeTags(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const tags = { ...checkObject("tags", given) };
  for (const [name, tag] of Object.entries(tags)) checkWellFormed(`tags.${name}`, tag);
  return tags;
}
