import { Document } from "@langchain/core/documents";
import {
  AIMessage,
  AIMessageChunk,
  ChatMessage,
  ChatMessageChunk,
  FunctionMessage,
  FunctionMessageChunk,
  HumanMessage,
  HumanMessageChunk,
  RemoveMessage,
  SystemMessage,
  SystemMessageChunk,
  ToolMessage,
  ToolMessageChunk,
} from "@langchain/core/messages";
import { DeltaSnapshot } from "@langchain/langgraph-checkpoint";

/** A class of LangChain's: what of an instance is stored, and how one is made of that. */
export interface LangChainClass {
  readonly name: string;
  /** The fields that an instance has; those that are undefined are left out. */
  readonly fieldsOf: (instance: object) => Record<string, unknown>;
  readonly make: (fields: Record<string, unknown>) => object;
}

type MessageClass = new (fields: never) => object;

const messages: Readonly<Record<string, MessageClass>> = {
  AIMessage,
  AIMessageChunk,
  ChatMessage,
  ChatMessageChunk,
  FunctionMessage,
  FunctionMessageChunk,
  HumanMessage,
  HumanMessageChunk,
  RemoveMessage,
  SystemMessage,
  SystemMessageChunk,
  ToolMessage,
  ToolMessageChunk,
};

/** Fields of messages that may be set after they were made. */
const messageFields = [
  "content",
  "name",
  "id",
  "additional_kwargs",
  "response_metadata",
  "tool_calls",
  "invalid_tool_calls",
  "tool_call_chunks",
  "usage_metadata",
  "tool_call_id",
  "artifact",
  "status",
  "metadata",
  "role",
];

/** Is made of the content, which is stored. */
const derivedField = "contentBlocks";

function messageClass(name: string, Message: MessageClass): LangChainClass {
  return {
    name,
    fieldsOf: (instance) => {
      // Messages keep what they were made of.
      const message = instance as Record<string, unknown>;
      const made = message.lc_kwargs as Record<string, unknown>;
      const fields: Record<string, unknown> = {};
      for (const field of [...messageFields, ...Object.keys(made)]) {
        if (field in fields || field === derivedField) continue;
        const value = field in message ? message[field] : made[field];
        if (value !== undefined) fields[field] = value;
      }
      return fields;
    },
    // What is stored is what its constructor takes.
    make: (fields) => new Message(fields as never),
  };
}

const document: LangChainClass = {
  name: "Document",
  fieldsOf: (instance) => ({ ...instance }),
  // What is stored is what its constructor takes.
  make: (fields) => new Document(fields as unknown as Document),
};

function isDocumentField(name: string): boolean {
  return ["pageContent", "metadata", "id"].includes(name);
}

const deltaSnapshot: LangChainClass = {
  name: "DeltaSnapshot",
  fieldsOf: (instance) => ({ value: (instance as DeltaSnapshot).value }),
  make: ({ value }) => new DeltaSnapshot(value),
};

const byName = new Map<string, LangChainClass>([
  ...Object.entries(messages).map(([name, Message]) => [name, messageClass(name, Message)] as const),
  [document.name, document],
  [deltaSnapshot.name, deltaSnapshot],
]);

/** Finds the class of a name. */
export function findClass(name: string): LangChainClass | undefined {
  return byName.get(name);
}

/**
 * Finds the class of an instance; of this copy of the packages or another, but not what a caller derived from it,
 * which would come back as something else.
 */
export function classOf(instance: object): LangChainClass | undefined {
  const prototype = Object.getPrototypeOf(instance) as { constructor?: unknown } | null;
  const made = prototype?.constructor;
  if (typeof made !== "function") return undefined;
  if (made === Document) return Object.keys(instance).every(isDocumentField) ? document : undefined;
  if ("lg_name" in instance && instance.lg_name === "DeltaSnapshot") return deltaSnapshot;
  if (!("lc_id" in instance) || !Array.isArray(instance.lc_id)) return undefined;
  const id = instance.lc_id as readonly unknown[];
  const name = id.at(-1);
  if (id.length !== 3 || id[1] !== "messages" || typeof name !== "string") return undefined;
  return byName.get(name);
}
