/** What a process that writes in turns of the event loop is told to do. */
export interface TurnAssignment {
  readonly path: string;
  readonly turns: number;
  /** How the last turn ends: by a kill, by `process.exit`, or as any other. */
  readonly ending: "kill" | "exit" | "go on";
}
