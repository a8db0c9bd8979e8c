import { ContextError } from "../../../index.js";
import { parseTextPath, type TextPath, textsAt } from "./text-path.js";

/** Numbers that stand for a text. */
export type Vector = Float32Array | Float64Array;

/** Makes vectors of texts: an embedding model of LangChain, or a function of one's own. */
export type Embedder =
  | {
      readonly embeddings: {
        readonly embedDocuments: (texts: string[]) => Promise<number[][]>;
        readonly embedQuery: (text: string) => Promise<number[]>;
      };
    }
  | { readonly embed: (texts: readonly string[]) => Promise<readonly number[][]> };

/** How items are made searchable by meaning. */
export type IndexOptions = Embedder & {
  /** How many numbers a vector has. */
  readonly dims: number;
  /** Paths to the texts that stand for an item. Default: `$`, the whole value as JSON. */
  readonly fields?: readonly string[];
};

/** An item whose texts are to be embedded: the paths of the call, or those of the index. */
export interface Embeddable {
  readonly value: unknown;
  readonly index?: readonly string[] | undefined;
}

/** Makes vectors of items and of queries; asks for each text once. */
export class Embedding {
  readonly dims: number;
  readonly #paths: readonly TextPath[];
  readonly #documents: (texts: string[]) => Promise<readonly (readonly number[])[]>;
  readonly #query: (text: string) => Promise<readonly number[]>;

  /**
   * Takes in how items are embedded.
   * @throws {ContextError} OPTION_INVALID
   */
  constructor(options: IndexOptions) {
    const { dims, fields = ["$"] } = options;
    if (!Number.isSafeInteger(dims) || dims < 1) throw unfit("index.dims", "it is no whole number above 0");
    this.dims = dims;
    this.#paths = fields.map(parseTextPath);
    if ("embeddings" in options) {
      const { embeddings } = options;
      this.#documents = (texts) => embeddings.embedDocuments(texts);
      this.#query = (text) => embeddings.embedQuery(text);
    } else {
      const { embed } = options;
      if (typeof embed !== "function") throw unfit("index", 'it has neither "embeddings" nor "embed"');
      this.#documents = embed;
      this.#query = async (text) => (await embed([text]))[0] ?? [];
    }
  }

  /** The vectors of each item, in the order of its paths; none where its paths lead to no text. */
  async ofItems(items: readonly Embeddable[]): Promise<readonly (readonly Vector[])[]> {
    const textsOf = items.map(({ value, index }) =>
      (index?.map(parseTextPath) ?? this.#paths).flatMap((path) => textsAt(value, path)),
    );
    const texts = [...new Set(textsOf.flat())];
    if (texts.length === 0) return items.map(() => []);
    const vectors = await this.#documents(texts);
    const found = new Map(texts.map((text, i) => [text, this.#take(vectors[i])]));
    return textsOf.map((own) => own.flatMap((text) => found.get(text) ?? []));
  }

  /** The vectors of texts that are searched for. */
  async ofQueries(queries: Iterable<string>): Promise<ReadonlyMap<string, Vector>> {
    const texts = [...new Set(queries)];
    const vectors = await Promise.all(texts.map(async (text) => this.#take(await this.#query(text))));
    return new Map(texts.map((text, i) => [text, vectors[i] ?? this.#take(undefined)]));
  }

  /** Takes a vector in: in half the space where no digit is lost by it. */
  #take(vector: readonly number[] | undefined): Vector {
    if (vector?.length !== this.dims) {
      const why = `the embedding function gave ${vector?.length ?? "no"} numbers for a text, not ${this.dims}`;
      throw unfit("index.dims", why);
    }
    if (!vector.every(Number.isFinite))
      throw unfit("index", "the embedding function gave something that is no finite number");
    const short = Float32Array.from(vector);
    return short.every((number, i) => number === vector[i]) ? short : Float64Array.from(vector);
  }
}

function unfit(option: string, why: string): ContextError {
  return new ContextError("OPTION_INVALID", { option, why });
}
