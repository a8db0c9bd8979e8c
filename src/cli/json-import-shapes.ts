import type { PythonImport } from "../index.js";

/** What came, or would come, of a file of another checkpointer. */
export interface ImportedThreadsShape {
  readonly source: string;
  readonly threads: readonly ThreadCountShape[];
  readonly checkpoints: number;
  readonly writes: number;
  readonly skipped: readonly {
    readonly thread: string;
    readonly namespace: string;
    readonly checkpoint: string;
    readonly part: "checkpoint" | "writes";
    readonly why: string;
  }[];
  readonly dryRun: boolean;
}

interface ThreadCountShape {
  readonly thread: string;
  readonly checkpoints: number;
  readonly writes: number;
}

/** A session of the Python original that was imported, or would be. */
export type PythonImportShape = Omit<PythonImport, "createdAt" | "updatedAt" | "isDryRun"> & {
  readonly createdAt: string;
  readonly updatedAt: string;
};
