/** A class of a caller's own, for tests of registered classes. */
export class Money {
  readonly cents: number;

  constructor(cents: number) {
    this.cents = cents;
  }
}

/** How a store is told of {@link Money}. */
export const moneyClass = {
  name: "Money",
  is: (value: unknown) => value instanceof Money,
  encode: (value: unknown) => (value as Money).cents,
  decode: (cents: unknown) => new Money(cents as number),
};
