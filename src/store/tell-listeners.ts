/** Calls each listener. What one throws is no failure of what they are told of, which has happened: Node is told. */
export function tellListeners<Told extends unknown[]>(
  listeners: Iterable<(...told: Told) => void>,
  ...told: Told
): void {
  for (const listener of listeners) {
    try {
      listener(...told);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
}
