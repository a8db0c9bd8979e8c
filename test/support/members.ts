/** A member of an object that its users can reach. */
export interface Member {
  readonly name: string;
  /** Gets it, and calls it if it is a method. */
  readonly use: (given: readonly unknown[]) => unknown;
}

/** All members that an object has from its classes, those included that will be written later. */
export function membersOf(object: object): readonly Member[] {
  const keys = new Set<string | symbol>();
  let prototype = Object.getPrototypeOf(object) as object;
  while (prototype !== Object.prototype) {
    for (const key of Reflect.ownKeys(prototype)) keys.add(key);
    prototype = Object.getPrototypeOf(prototype) as object;
  }
  keys.delete("constructor");
  return [...keys].map((key) => ({
    name: String(key),
    use: (given) => {
      const member = Reflect.get(object, key) as unknown;
      return typeof member === "function" ? (Reflect.apply(member, object, given) as unknown) : member;
    },
  }));
}
