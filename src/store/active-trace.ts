import { createRequire } from "node:module";

/** The ids under which a trace and one of its spans are found again. */
export interface TraceTags {
  readonly trace_id: string;
  readonly span_id: string;
}

/** Where the copies of the package's first major version find each other, and what was registered with them. */
const registry = Symbol.for("opentelemetry.js.api.1");

/** Asks for the span that is active; undefined, once it is known that there is nobody to ask. */
let ask: (() => TraceTags | undefined) | undefined = () => {
  ask = findTracing();
  return ask?.();
};

/** The ids of OpenTelemetry's active span; undefined where none is active, or the package is not installed. */
export function activeTrace(): TraceTags | undefined {
  // Nobody traces before something is registered, and loading the package takes longer than opening a store.
  return registry in globalThis ? ask?.() : undefined;
}

/** Loads the package, which is an optional peer, from where this one is installed. */
function findTracing(): typeof ask {
  try {
    // Any release of the package's first major version has what is used of it here.
    const { context, trace } = createRequire(import.meta.url)(
      "@opentelemetry/api",
    ) as typeof import("@opentelemetry/api");
    return () => {
      const span = trace.getSpanContext(context.active());
      if (span === undefined || !trace.isSpanContextValid(span)) return undefined;
      return { trace_id: span.traceId, span_id: span.spanId };
    };
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
    if (!isAbsent) process.emitWarning(error instanceof Error ? error : String(error));
    return undefined;
  }
}
