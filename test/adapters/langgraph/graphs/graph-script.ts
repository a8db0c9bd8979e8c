import type { BaseCheckpointSaver } from "@langchain/langgraph";

/** A program of graphs that tells all that it saw, in the same words whatever saver keeps its checkpoints. */
export interface GraphScript {
  readonly title: string;
  /** Savers that get it wrong, and how; they are no reference for it. */
  readonly defects?: Readonly<Partial<Record<Reference, string>>>;
  /** `open` gives a saver that knows only what was stored, as a new process would have it. */
  readonly run: (open: OpenSaver) => Promise<unknown>;
}

export type OpenSaver = () => BaseCheckpointSaver;

/** Savers that stand for what LangGraph means. */
export type Reference = "MemorySaver" | "SqliteSaver";
