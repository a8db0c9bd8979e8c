import { byteArray } from "./classes.js";
import type { FileBytes } from "../file-bytes.js";
import { nameOfOther, opcodes } from "./opcodes.js";
import { PickleInput } from "./pickle-input.js";
import { PickleMachine } from "./pickle-machine.js";
import { Container, isDictionary, type PythonValue } from "../python-value.js";
import { Texts } from "../texts.js";

/**
 * Reads a pickle of protocol 4 or 5. The instructions are followed on values of our own: classes are names from a
 * list, and what they are called with is written down.
 * @throws {ContextError} PYTHON_INVALID, PYTHON_REFUSED
 */
export function readPickle(bytes: FileBytes, source: string): PythonValue {
  const input = new PickleInput(bytes, source, new Texts());
  const machine = new PickleMachine(input);
  machine.begin();
  for (;;) {
    const begin = input.offset;
    const opcode = input.byte();
    if (opcode === opcodes.STOP) {
      machine.checkFrame(begin);
      return machine.end();
    }
    const step = steps.get(opcode);
    if (step === undefined) throw unknown(input, opcode, begin);
    step(machine, input);
    if (opcode !== opcodes.FRAME) machine.checkFrame(begin);
  }
}

function unknown({ faults }: PickleInput, opcode: number, offset: number): Error {
  const name = nameOfOther(opcode);
  if (name !== undefined) return faults.refused(`the instruction ${name}`, offset);
  return faults.invalid(`0x${opcode.toString(16)} is no instruction that may stand here`, offset);
}

type Step = (machine: PickleMachine, input: PickleInput) => void;

const isList = ({ kind }: Container) => kind === "list" || kind === "deque";
const isSet = ({ kind }: Container) => kind === "set";

function pushing(make: (input: PickleInput) => PythonValue): Step {
  return (machine, input) => {
    machine.push(make(input));
  };
}

function tupleOf(count: number): Step {
  return (machine) => {
    const items = Array.from({ length: count }, () => machine.pop());
    machine.push(new Container("tuple", items.reverse()));
  };
}

function addPairs(machine: PickleMachine, input: PickleInput, pairs: PythonValue[]): void {
  if (pairs.length % 2 === 1) throw input.faults.invalid("a key lacks its value");
  machine.add(pairs, isDictionary);
}

const steps: ReadonlyMap<number, Step> = new Map<number, Step>([
  [opcodes.FRAME, (machine, input) => machine.frame(input.unsigned(8))],
  [opcodes.MARK, (machine) => machine.mark()],
  [opcodes.POP, (machine) => machine.drop()],
  [opcodes.POP_MARK, (machine) => void machine.popToMark()],
  [opcodes.MEMOIZE, (machine) => machine.memoize()],
  [opcodes.BINGET, (machine, input) => machine.recall(input.byte())],
  [opcodes.LONG_BINGET, (machine, input) => machine.recall(input.unsigned(4))],
  [opcodes.NONE, pushing(() => null)],
  [opcodes.NEWTRUE, pushing(() => true)],
  [opcodes.NEWFALSE, pushing(() => false)],
  [opcodes.BININT, pushing((input) => input.signed32())],
  [opcodes.BININT1, pushing((input) => input.byte())],
  [opcodes.BININT2, pushing((input) => input.unsigned(2))],
  [opcodes.LONG1, pushing((input) => input.integer(input.byte()))],
  [opcodes.LONG4, pushing((input) => input.integer(input.unsigned(4)))],
  [opcodes.BINFLOAT, pushing((input) => input.float())],
  [opcodes.SHORT_BINUNICODE, pushing((input) => input.text(input.byte()))],
  [opcodes.BINUNICODE, pushing((input) => input.text(input.unsigned(4)))],
  [opcodes.BINUNICODE8, pushing((input) => input.text(input.unsigned(8)))],
  [opcodes.SHORT_BINBYTES, pushing((input) => input.bytes(input.byte()))],
  [opcodes.BINBYTES, pushing((input) => input.bytes(input.unsigned(4)))],
  [opcodes.BINBYTES8, pushing((input) => input.bytes(input.unsigned(8)))],
  [opcodes.BYTEARRAY8, pushing((input) => byteArray(input.bytes(input.unsigned(8))))],
  [opcodes.EMPTY_LIST, pushing(() => new Container("list", []))],
  [opcodes.EMPTY_DICT, pushing(() => new Container("dict", []))],
  [opcodes.EMPTY_SET, pushing(() => new Container("set", []))],
  [opcodes.EMPTY_TUPLE, pushing(() => new Container("tuple", []))],
  [opcodes.TUPLE1, tupleOf(1)],
  [opcodes.TUPLE2, tupleOf(2)],
  [opcodes.TUPLE3, tupleOf(3)],
  [opcodes.TUPLE, (machine) => machine.push(new Container("tuple", machine.popToMark()))],
  [opcodes.FROZENSET, (machine) => machine.push(new Container("frozenset", machine.popToMark()))],
  [opcodes.APPEND, (machine) => machine.add([machine.pop()], isList)],
  [opcodes.APPENDS, (machine) => machine.add(machine.popToMark(), isList)],
  [opcodes.ADDITEMS, (machine) => machine.add(machine.popToMark(), isSet)],
  [
    opcodes.SETITEM,
    (machine, input) => {
      const value = machine.pop();
      addPairs(machine, input, [machine.pop(), value]);
    },
  ],
  [opcodes.SETITEMS, (machine, input) => addPairs(machine, input, machine.popToMark())],
  [opcodes.STACK_GLOBAL, (machine) => machine.name()],
  [opcodes.REDUCE, (machine) => machine.reduce()],
  [opcodes.NEWOBJ, (machine) => machine.newObject()],
  [opcodes.BUILD, (machine) => machine.build()],
]);
