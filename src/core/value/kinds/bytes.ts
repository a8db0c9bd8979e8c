import { findOwnProperty, type Objection } from "../objection.js";
import type { Kind } from "./kind.js";

type Bytes = ArrayBuffer | ArrayBufferView;
interface TypedArrayClass {
  readonly name: string;
  readonly prototype: object;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): ArrayBufferView;
}

interface Form {
  readonly name: string;
  readonly prototype: object;
  /** The bytes' number is a multiple of this. */
  readonly unit: number;
  readonly make: (buffer: ArrayBuffer) => Bytes;
}

const forms = listForms();
const byName = new Map(forms.map((form) => [form.name, form]));
const byPrototype = new Map(forms.map((form) => [form.prototype, form]));

/** Naming the indexes of a typed array costs 140 ms a megabyte, so only small ones are searched for more. */
const largestSearched = 4096;

/** Typed arrays, Buffer, ArrayBuffer and DataView, each as the bytes it shows. */
export const bytes: Kind<Bytes> = {
  tag: "bytes",
  fields: ["kind", "value"],
  prototypes: forms.map(({ prototype }) => prototype),
  findObjection: (value) => findSharedMemory(value) ?? findExtraProperty(value),
  levels: () => 1,
  copy: (value) => {
    const copy = new Uint8Array(value.byteLength);
    copy.set(look(value));
    return getForm(value).make(copy.buffer);
  },
  encode: (value) => {
    const { buffer, byteOffset, byteLength } = look(value);
    return {
      kind: getForm(value).name,
      value: Buffer.from(buffer, byteOffset, byteLength).toString("base64"),
    };
  },
  decode: ({ kind, value }) => {
    const form = typeof kind === "string" ? byName.get(kind) : undefined;
    if (form === undefined || typeof value !== "string") return undefined;
    const decoded = Buffer.from(value, "base64");
    if (decoded.toString("base64") !== value) return undefined;
    // Not the decoded buffer itself: it may lie in a pool that all small buffers of the process share.
    return decoded.length % form.unit === 0 ? form.make(Uint8Array.from(decoded).buffer) : undefined;
  },
  isEqual: (a, b) => Buffer.compare(look(a), look(b)) === 0,
};

function getForm(value: Bytes): Form {
  const form = byPrototype.get(Object.getPrototypeOf(value) as object);
  if (form === undefined) throw new TypeError("The bytes are of no known form.");
  return form;
}

function look(value: Bytes): Uint8Array<ArrayBuffer> {
  if (!ArrayBuffer.isView(value)) return new Uint8Array(value);
  // Shared memory was refused when the value came in.
  return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
}

function findSharedMemory(value: Bytes): Objection | undefined {
  const isShared = ArrayBuffer.isView(value) && !(value.buffer instanceof ArrayBuffer);
  return isShared ? { what: "a view of shared memory" } : undefined;
}

function findExtraProperty(value: Bytes): Objection | undefined {
  const length = "length" in value && typeof value.length === "number" ? value.length : 0;
  if (length === 0) return findOwnProperty(value);
  const symbol = Object.getOwnPropertySymbols(value)[0];
  const extra = symbol ?? (length <= largestSearched ? Object.getOwnPropertyNames(value)[length] : undefined);
  return extra === undefined ? undefined : { what: "an extra property, which would be lost", at: extra };
}

function listForms(): Form[] {
  const forms: Form[] = [
    { name: "ArrayBuffer", prototype: ArrayBuffer.prototype, unit: 1, make: (buffer) => buffer },
    { name: "DataView", prototype: DataView.prototype, unit: 1, make: (buffer) => new DataView(buffer) },
    { name: "Buffer", prototype: Buffer.prototype as object, unit: 1, make: (buffer) => Buffer.from(buffer) },
  ];
  for (const TypedArray of listTypedArrays()) {
    const { name, prototype, BYTES_PER_ELEMENT: unit } = TypedArray;
    forms.push({ name, prototype, unit, make: (buffer) => new TypedArray(buffer) });
  }
  return forms;
}

function listTypedArrays(): readonly TypedArrayClass[] {
  const integers = [
    Uint8Array,
    Uint8ClampedArray,
    Int8Array,
    Uint16Array,
    Int16Array,
    Uint32Array,
    Int32Array,
  ];
  const others = [Float32Array, Float64Array, BigInt64Array, BigUint64Array];
  const later = (globalThis as { Float16Array?: TypedArrayClass }).Float16Array;
  return [...integers, ...others, ...(later === undefined ? [] : [later])];
}
