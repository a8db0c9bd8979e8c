import type { KeyPress } from "./key-press.js";
import { goOn, goToFirst, goToLast, type Prompt, say, type Stepper, submit, type Turn } from "./stepper.js";

type Action = (stepper: Stepper) => Turn;

const next: Action = (stepper) => goOn(stepper, 1);
const previous: Action = (stepper) => goOn(stepper, -1);
const up: Action = (stepper) => ({ stepper: { ...stepper, scroll: Math.max(0, stepper.scroll - 1) } });
const down: Action = (stepper) => ({ stepper: { ...stepper, scroll: stepper.scroll + 1 } });
const quit: Action = (stepper) => ({ stepper, request: { kind: "quit", ending: "ok" } });

/** What keys do while nothing is asked. Printable ones go by what they type. */
const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ...["right", "l", "space", "return", "enter"].map((key) => [key, next] as const),
  ...["left", "h"].map((key) => [key, previous] as const),
  ["pagedown", (stepper) => goOn(stepper, 10)],
  ["pageup", (stepper) => goOn(stepper, -10)],
  ["home", goToFirst],
  ["g", goToFirst],
  ["end", goToLast],
  ["G", goToLast],
  ["n", (stepper) => amongMatches(stepper, 1)],
  ["N", (stepper) => amongMatches(stepper, -1)],
  [":", (stepper) => ask(stepper, "jump")],
  ["/", (stepper) => ask(stepper, "filter")],
  ["d", togglePane],
  ...["up", "k"].map((key) => [key, up] as const),
  ...["down", "j"].map((key) => [key, down] as const),
  ["?", toggleHelp],
  ["q", quit],
  ["escape", quit],
]);

/** Says what a key does; what was said before is no longer said. */
export function press(stepper: Stepper, key: KeyPress): Turn {
  const quiet = { ...stepper, message: undefined };
  if (key.name === "ctrl-c") return { stepper: quiet, request: { kind: "quit", ending: "interrupted" } };
  if (quiet.prompt !== undefined) return type(quiet, quiet.prompt, key);
  const action = actions.get(key.text.trim() === "" ? key.name : key.text);
  if (!quiet.isHelpShown) return action?.(quiet) ?? { stepper: quiet };
  // The help can be scrolled; any other key closes it, and does nothing else.
  return action === up || action === down ? action(quiet) : toggleHelp(quiet);
}

function type(stepper: Stepper, prompt: Prompt, { name, text }: KeyPress): Turn {
  const write = (written: string): Turn => ({
    stepper: { ...stepper, prompt: { ...prompt, text: written } },
  });
  const close = { stepper: { ...stepper, prompt: undefined } };
  switch (name) {
    case "return":
    case "enter":
      return submit(stepper, prompt);
    case "escape":
      return close;
    case "backspace":
      return prompt.text === "" ? close : write(prompt.text.replace(/.$/su, ""));
    case "ctrl-u":
      return write("");
    case "ctrl-w":
      return write(prompt.text.replace(/\S*\s*$/u, ""));
    default:
      return write(prompt.text + text);
  }
}

function ask(stepper: Stepper, asks: Prompt["asks"]): Turn {
  return { stepper: { ...stepper, prompt: { asks, text: "" } } };
}

function togglePane(stepper: Stepper): Turn {
  return { stepper: { ...stepper, pane: stepper.pane === "changes" ? "state" : "changes", scroll: 0 } };
}

function toggleHelp(stepper: Stepper): Turn {
  return { stepper: { ...stepper, isHelpShown: !stepper.isHelpShown, scroll: 0 } };
}

function amongMatches(stepper: Stepper, steps: number): Turn {
  if (stepper.match !== undefined) return goOn(stepper, steps);
  return { stepper: say(stepper, "There is no filter to go by; / sets one.") };
}
