/** A value as the store hands it out: plain objects and arrays are read-only all the way down. */
export type Frozen<Value> = Value extends (...args: never) => unknown
  ? Value
  : Value extends readonly unknown[]
    ? { readonly [Index in keyof Value]: Frozen<Value[Index]> }
    : Value extends Date | RegExp | Error | URL | ArrayBuffer | ArrayBufferView
      ? Value
      : Value extends ReadonlyMap<infer Key, infer Member>
        ? ReadonlyMap<Key, Member>
        : Value extends ReadonlySet<infer Member>
          ? ReadonlySet<Member>
          : Value extends object
            ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
            : Value;
