/** Where a page begins, and in which direction it goes on; for a query whose table is called by a letter. */
export function edgesOf(table: "events" | "k"): Readonly<Record<"oldest" | "newest", string>> {
  const order = `ORDER BY ${table}.sequence`;
  return { oldest: `> ? ${order}`, newest: `< ? ${order} DESC` };
}

/** The number beyond which a page begins that names none. */
export const beginningOf = { oldest: 0, newest: Number.MAX_SAFE_INTEGER } as const;
