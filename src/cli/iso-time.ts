/** A time in ms since the epoch, as it is shown. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
