import { Budget, containerCost, mostValues } from "../budget.js";
import { canBeNamed, findMaker, makeUnbuilt } from "./classes.js";
import { OneOfEach } from "../one-of-each.js";
import { opcodes } from "./opcodes.js";
import type { PickleInput } from "./pickle-input.js";
import { Complete, Container, Name, type PythonValue } from "../python-value.js";
import { completeUuid } from "./uuid.js";

/** What the instructions of a pickle work on: a stack with marks, and what is remembered by number. */
export class PickleMachine {
  readonly #input: PickleInput;
  readonly #stack: PythonValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo: PythonValue[] = [];
  readonly #shared = new OneOfEach();
  /** Where the memo stood when a snapshot was begun. */
  readonly #snapshots = new Map<Container, number>();
  #begunSnapshots = 0;
  readonly #budget: Budget;
  #frameEnd: number | undefined;

  constructor(input: PickleInput) {
    this.#input = input;
    this.#budget = new Budget(() => input.faults.invalid(`it holds more than ${mostValues} values at once`));
  }

  /** Checks that a pickle begins here. */
  begin(): void {
    const { faults } = this.#input;
    if (this.#input.byte() !== opcodes.PROTO) throw faults.invalid("it begins as no pickle does", 0);
    const protocol = this.#input.byte();
    if (protocol !== 4 && protocol !== 5)
      throw faults.invalid(`a pickle of protocol ${protocol}; 4 and 5 are read`, 1);
  }

  /** Gives what was made, once all is as it has to be at the end. */
  end(): PythonValue {
    const { faults, isAtEnd, offset } = this.#input;
    const value = this.pop();
    if (this.#stack.length > 0 || this.#marks.length > 0) throw faults.invalid("it stops in the midst");
    if (this.#frameEnd !== undefined && this.#frameEnd !== offset)
      throw faults.invalid("its last frame is not as long as it says");
    if (!isAtEnd) throw faults.invalid("the file goes on after the end of its pickle");
    return value;
  }

  push(value: PythonValue): void {
    if (value instanceof Container) this.#budget.take(containerCost + value.items.length);
    this.#stack.push(value);
    if (this.#stack.length > mostValues) throw this.#budget.exceeded();
  }

  pop(): PythonValue {
    const value = this.#stack.length > (this.#marks.at(-1) ?? 0) ? this.#stack.pop() : undefined;
    if (value === undefined) throw this.#input.faults.invalid("an instruction lacks its operand");
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  popToMark(): PythonValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.#input.faults.invalid("an instruction lacks its mark");
    return this.#stack.splice(mark);
  }

  /** Takes the topmost value away, or the mark where there is none above it. */
  drop(): void {
    if (this.#stack.length > (this.#marks.at(-1) ?? 0)) this.#stack.pop();
    else this.popToMark();
  }

  memoize(): void {
    const top = this.pop();
    if (this.#memo.push(top) > mostValues) throw this.#budget.exceeded();
    this.#stack.push(top);
  }

  recall(index: number): void {
    const value = this.#memo[index];
    if (value === undefined) throw this.#input.faults.invalid(`nothing was remembered as number ${index}`);
    this.#stack.push(value);
  }

  frame(length: number): void {
    if (this.#frameEnd !== undefined) throw this.#input.faults.invalid("a frame begins inside another one");
    this.#frameEnd = this.#input.offset + length;
  }

  /** Checks that an instruction, which began at an offset, ended within its frame. */
  checkFrame(begin: number): void {
    const { faults, offset } = this.#input;
    if (this.#frameEnd === undefined || offset < this.#frameEnd) return;
    if (offset > this.#frameEnd) throw faults.invalid("an instruction goes beyond its frame", begin);
    this.#frameEnd = undefined;
  }

  /** Adds values to the container on top of the stack. */
  add(values: PythonValue[], fits: (container: Container) => boolean): void {
    const { faults } = this.#input;
    const target = this.pop();
    this.#stack.push(target);
    if (!(target instanceof Container) || !fits(target))
      throw faults.invalid("something is added to what takes nothing of the kind");
    if (target.hash !== 0) throw faults.invalid("something is added to what was complete before");
    const name = values.find((value) => value instanceof Name);
    if (name !== undefined) throw faults.refused(`${name.name} as a value`);
    if (target.items.length === 0) target.items = values;
    else for (const value of values) target.items.push(value);
    this.#budget.take(values.length);
    if (typeof target.rule === "number" && target.items.length > target.rule)
      throw faults.invalid("a deque holds more than it is limited to");
  }

  name(): void {
    const [name, module] = [this.pop(), this.pop()];
    if (typeof name !== "string" || typeof module !== "string")
      throw this.#input.faults.invalid("a class is not named by texts");
    if (!canBeNamed(module, name)) throw this.#input.faults.refused(`${module}.${name}`);
    this.push(new Name(`${module}.${name}`));
  }

  /** What Python would get by calling a class. */
  reduce(): void {
    const { faults } = this.#input;
    const [given, callee] = [this.pop(), this.pop()];
    if (!(callee instanceof Name)) throw faults.invalid("something is called that is no class");
    if (!(given instanceof Container) || given.kind !== "tuple")
      throw faults.invalid(`${callee.name} is called without a list of arguments`);
    const make = findMaker(callee.name);
    if (make === undefined) throw faults.refused(`a call of ${callee.name}`);
    const made = make(given.items);
    if (made === undefined) throw faults.invalid(`${callee.name} is called with what makes none`);
    this.push(made);
  }

  newObject(): void {
    const { faults } = this.#input;
    const [given, callee] = [this.pop(), this.pop()];
    const isBare = given instanceof Container && given.kind === "tuple" && given.items.length === 0;
    if (!(callee instanceof Name) || !isBare) throw faults.invalid("an object is begun that is none");
    const made = makeUnbuilt(callee.name);
    if (made === undefined) throw faults.refused(`${callee.name}, made without being called`);
    if (made instanceof Container) this.#beginSnapshot(made);
    this.push(made);
  }

  /** Completes an object that was begun. */
  build(): void {
    const { faults } = this.#input;
    const [state, target] = [this.pop(), this.pop()];
    this.#stack.push(target);
    if (!(state instanceof Container) || state.kind !== "dict")
      throw faults.invalid("an object gets a state that is no dictionary");
    if (target instanceof Complete && completeUuid(target, state.items)) return;
    const begun = target instanceof Container ? this.#snapshots.get(target) : undefined;
    if (!(target instanceof Container) || begun === undefined)
      throw faults.refused("a state for an object that has none");
    this.#snapshots.delete(target);
    target.items = state.items;
    this.#share(target, begun);
  }

  #beginSnapshot(snapshot: Container): void {
    const [whole, list] = this.#marks;
    // The data that was saved stands before the list of the snapshots, which is the last before its mark.
    if (this.#begunSnapshots++ === 0 && list !== undefined)
      for (const value of this.#stack.slice(whole, list - 1))
        if (value instanceof Container) this.#share(value, 0);
    this.#snapshots.set(snapshot, this.#memo.length);
  }

  /** A snapshot repeats most of the one before it: what is equal becomes the same, and the copies can go. */
  #share(whole: Container, begun: number): void {
    this.#shared.replaceParts(whole);
    for (let i = begun; i < this.#memo.length; i++) {
      const value = this.#memo[i];
      if (!(value instanceof Container) || value.hash !== 0 || value.link === undefined) continue;
      if (value.link !== value) this.#budget.giveBack(value);
      this.#memo[i] = value.link;
    }
  }
}
