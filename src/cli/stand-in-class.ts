import type { ValueClass } from "../index.js";

/** An instance of a class that only the owner's program knows: its encoding, kept as it is. */
class Opaque {
  readonly className: string;
  readonly encoded: unknown;

  constructor(className: string, encoded: unknown) {
    this.className = className;
    this.encoded = encoded;
  }
}

/** Stands in for a class that was registered elsewhere, so that its instances pass through unchanged. */
export function opaqueClass(name: string): ValueClass<Opaque> {
  return {
    name,
    is: (value) => value instanceof Opaque && value.className === name,
    encode: ({ encoded }) => encoded,
    decode: (encoded) => new Opaque(name, encoded),
  };
}
