/** Who does something, and what made them do it; kept with the event. */
export interface Attribution {
  /** Who makes the event: free text. */
  readonly actor?: string;
  /** What made them do it: free text, or `context#sequence` of another event. */
  readonly cause?: string;
  /** Correlation ids and the like. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The attribution among options, without what was not said. */
export function attributionOf({ actor, cause, tags }: Attribution): Attribution {
  return {
    ...(actor !== undefined && { actor }),
    ...(cause !== undefined && { cause }),
    ...(tags !== undefined && { tags }),
  };
}
