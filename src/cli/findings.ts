/** Ends a command that did its work and was asked to say by its exit code that it found something. */
export class Findings extends Error {
  override readonly name = "Findings";
}
