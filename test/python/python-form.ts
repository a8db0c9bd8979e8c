/**
 * Imported values in the form in which the `expected.json` of a session's folder tells of Python's: what JSON lacks
 * is an object with a `$py` key. What README says of the homes of Python's values is all that this knows.
 */

/** A value of Python in the tagged form; `base` is the JSON pointer of the data that it is a key of. */
export function pythonForm(value: unknown, base: string): unknown {
  const form = (part: unknown) => pythonForm(part, base);
  if (typeof value === "number") return numberForm(value);
  if (typeof value === "bigint") return { $py: "int", value: String(value) };
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(form);
  if (value instanceof Date) return { $py: "datetime", iso: isoformat(value) };
  if (value instanceof Uint8Array) return { $py: "bytes", base64: Buffer.from(value).toString("base64") };
  if (value instanceof Set) return { $py: "set", items: [...value].map(form) };
  if (value instanceof Map) return { $py: "dict", entries: [...value].map((entry) => entry.map(form)) };
  if (Object.hasOwn(value, "$python")) return markedForm(value as Marked, base);
  const entries = Object.entries(value).map(([key, part]) => [key, form(part)] as const);
  return Object.hasOwn(value, "$py") ? { $py: "dict", entries } : Object.fromEntries(entries);
}

type Marked = Readonly<Record<string, unknown>> & { readonly $python: string };

function markedForm({ $python: type, ...fields }: Marked, base: string): unknown {
  const form = (part: unknown) => pythonForm(part, base);
  switch (type) {
    case "ref":
      return { $py: type, to: base + String(fields.to) };
    case "bytearray":
      return { $py: type, base64: Buffer.from(fields.bytes as Uint8Array).toString("base64") };
    case "timezone":
      return { $py: type, offset_seconds: fields.offsetSeconds };
    case "complex":
      return { $py: type, real: form(fields.real), imag: form(fields.imaginary) };
    case "range":
      return { $py: type, args: [fields.start, fields.stop, fields.step].map(form) };
    default: {
      // The name of a zone is kept, but not told of.
      const told = Object.entries(fields).filter(([name]) => name !== "zone");
      return { $py: type, ...Object.fromEntries(told.map(([name, part]) => [name, form(part)])) };
    }
  }
}

function numberForm(value: number): unknown {
  if (Object.is(value, -0)) return { $py: "float", value: "-0.0" };
  if (Number.isFinite(value)) return value;
  return { $py: "float", value: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
}

/** As Python's `isoformat` writes it: without a fraction where there is none, else with microseconds. */
function isoformat(date: Date): string {
  const [time = "", fraction = ""] = date.toISOString().slice(0, -1).split(".");
  return `${time}${fraction === "000" ? "" : `.${fraction}000`}+00:00`;
}
