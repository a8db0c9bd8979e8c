/** The texts in a value, by a walk that knows nothing of how values are stored. */
export function textsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [Object.is(value, -0) ? "-0" : String(value)];
  if (Array.isArray(value) || value instanceof Map || value instanceof Set)
    return [...(value as Iterable<unknown>)].flatMap(textsIn);
  if (value instanceof Error) return textsInError(value);
  return textsInBuiltIn(value) ?? textsInMembers(value);
}

function textsInBuiltIn(value: object): string[] | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? [] : [value.toISOString()];
  if (value instanceof RegExp) return [value.source];
  if (value instanceof URL) return [value.href];
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? [] : undefined;
}

function textsInError(error: Error): string[] {
  const hidden = ["message", "stack", "cause", "errors"].filter(
    (part) => Object.getOwnPropertyDescriptor(error, part)?.enumerable === false,
  );
  return [
    // It may have a property of that name.
    (Object.getPrototypeOf(error) as Error).constructor.name,
    ...hidden.flatMap((part) => textsIn(error[part as "cause"])),
    ...textsInMembers(error),
  ];
}

function textsInMembers(value: object): string[] {
  return Object.entries(value).flatMap(([key, part]) => [key, ...textsIn(part)]);
}
