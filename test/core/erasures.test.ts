import { describe, expect, it } from "vitest";
import { Erasures } from "../../src/core/erasures.js";
import type { EventType, Scope } from "../../src/core/event.js";
import type { StoredEffect, StoredPayload } from "../../src/core/payload.js";
import { ErasedValue, writeErased } from "../../src/core/value/erased.js";

const erased = (scope: Scope, key: string): StoredEffect => {
  const value = writeErased(new ErasedValue("0".repeat(64)));
  return { op: "set", scope, key, value };
};
const gone = (key: string): StoredEffect => ({ op: "delete", scope: "ephemeral", key });

describe("the account of erasures", () => {
  it("has ephemeral values covered by the event that clears or deletes their key", () => {
    const account = accountOf(
      ["ephemeral_set", erased("ephemeral", "a")],
      ["ephemeral_set", erased("ephemeral", "b")],
      ["ephemeral_cleared", gone("a"), gone("b")],
      ["ephemeral_set", erased("ephemeral", "c")],
      ["value_deleted", gone("c")],
    );

    expect([account.open, account.faults]).toEqual([{}, []]);
  });

  it("finds an ephemeral value that was erased before, or without, the end of its key", () => {
    const account = accountOf(
      ["ephemeral_set", erased("ephemeral", "a")],
      ["ephemeral_set", erased("ephemeral", "b")],
      ["ephemeral_cleared", gone("a")],
      ["ephemeral_set", erased("ephemeral", "a")],
    );

    expect(account.open).toEqual({ 2: [0], 4: [0] });
    expect(account.faults.map(({ sequence }) => sequence)).toEqual([2, 4]);
  });

  it("has no persistent value covered by the end of an ephemeral key", () => {
    const account = accountOf(
      ["values_updated", erased("persistent", "a")],
      ["value_deleted", { op: "delete", scope: "persistent", key: "a" }, gone("a")],
    );

    expect(account.open).toEqual({ 1: [0] });
  });

  it("leaves ephemeral values behind with a fork, where later erasures may still name them", () => {
    const left = accountOf(["ephemeral_set", erased("ephemeral", "a")], ["context_forked", gone("a")]);
    expect(left.faults).toEqual([]);

    left.note({ sequence: 3, type: "values_erased" }, payloadOf([], { erased: { 1: [0] } }));
    expect(left.faults).toEqual([]);

    left.note({ sequence: 4, type: "values_erased" }, payloadOf([], { erased: { 1: [0] } }));
    expect(left.faults).toMatchObject([{ sequence: 4 }]);
  });

  it("takes an erasure by name of an ephemeral value, and finds one of what is there", () => {
    const account = accountOf(["ephemeral_set", erased("ephemeral", "a")]);
    account.note({ sequence: 2, type: "values_erased" }, payloadOf([], { erased: { 1: [0, 1] } }));

    expect(account.open).toEqual({});
    expect(account.faults).toMatchObject([{ sequence: 2 }]);
  });
});

function accountOf(...events: readonly (readonly [EventType, ...StoredEffect[]])[]): Erasures {
  const account = new Erasures(0);
  events.forEach(([type, ...effects], index) => {
    account.note({ sequence: index + 1, type }, payloadOf(effects));
  });
  return account;
}

function payloadOf(effects: readonly StoredEffect[], details: StoredPayload["details"] = {}): StoredPayload {
  return { format: 1, effects, details };
}
