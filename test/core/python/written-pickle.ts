/** Instructions of a pickle, as bytes: what Python's own writer does not write is made of these. */
export type Piece = readonly number[];

export const none: Piece = [0x4e];
const mark: Piece = [0x28];
export const memoize: Piece = [0x94];
export const emptyDict: Piece = [0x7d];
export const emptyList: Piece = [0x5d];
export const emptyTuple: Piece = [0x29];

/** A text of UTF-8, or of whatever bytes. */
export function text(content: string | Piece): Piece {
  const bytes = typeof content === "string" ? [...Buffer.from(content)] : content;
  return [0x58, ...littleEndian(bytes.length, 4), ...bytes];
}

export function byte(value: number): Piece {
  return [0x4b, value];
}

export function float(value: number): Piece {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return [0x47, ...bytes];
}

export function bytes(...content: number[]): Piece {
  return [0x43, content.length, ...content];
}

export function list(...items: readonly Piece[]): Piece {
  return [...emptyList, ...mark, ...items.flat(), 0x65];
}

export function tuple(...items: readonly Piece[]): Piece {
  return [...mark, ...items.flat(), 0x74];
}

export function dict(...pairs: readonly Piece[]): Piece {
  return [...emptyDict, ...mark, ...pairs.flat(), 0x75];
}

export function set(...items: readonly Piece[]): Piece {
  return [0x8f, ...mark, ...items.flat(), 0x90];
}

export function name(module: string, name: string): Piece {
  return [...text(module), ...text(name), 0x93];
}

/** A call of a class. */
export function call(module: string, called: string, ...given: readonly Piece[]): Piece {
  return [...name(module, called), ...tuple(...given), 0x52];
}

export function littleEndian(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

/** A session whose only key, "v", has a value; the way in which it is framed and what follows may be chosen. */
export function sessionPickle(value: Piece, { protocol = 4, after = [] as Piece } = {}): Uint8Array {
  const members: readonly (readonly [string, Piece])[] = [
    ["session_id", text("s")],
    ["version", byte(1)],
    ["created_at", float(1)],
    ["updated_at", float(2)],
    ["persistent", dict(text("v"), value)],
    ["ephemeral", emptyDict],
    ["protected_keys", [0x8f]],
    ["snapshots", emptyList],
    ["change_log", emptyList],
  ];
  const whole = dict(...members.map(([key, piece]) => [...text(key), ...piece]));
  return Uint8Array.from([0x80, protocol, ...whole, 0x2e, ...after]);
}
