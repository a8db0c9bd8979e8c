/** Whether something is a promise, of whatever make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** Lets a promise go that nobody waits for: how it ends, and whether it can be asked at all, is not heard. */
export function letGo(promise: PromiseLike<unknown>): void {
  Promise.resolve(promise).catch(() => undefined);
}
