import type { TrailNotValidReason } from "@/domain/errors.ts";
import { resolveWindow } from "@/domain/history-job/rules.ts";
import type { TimeWindowRequest } from "@/domain/history-job/schema.ts";

/** The window as the form holds it: the own one's ends are kept while another kind is chosen. */
export type WindowChoice = {
  readonly kind: TimeWindowRequest["kind"];
  /** As datetime-local inputs write it, read as UTC: YYYY-MM-DDTHH:mm, with :ss when there are any. */
  readonly from: string;
  readonly to: string;
};

/** What is wrong with an own window before anybody is asked. */
export type WindowFault = "unfinished" | "reversed";

export type NoEffectWindowReason = Extract<TrailNotValidReason, "never-took-effect" | "took-effect-before-history">;

const DAY_MS = 86_400_000;
const OWN_WINDOW_DAYS = 7;

/** The form's beginning: what was asked for before, and as own window the last whole days. */
export function windowChoiceOf(window: TimeWindowRequest, now: number): WindowChoice {
  const today = now - (now % DAY_MS);
  return {
    kind: window.kind,
    from:
      window.kind === "own" ? toInput(window.from) : toInput(new Date(today - OWN_WINDOW_DAYS * DAY_MS).toISOString()),
    to: window.kind === "own" ? toInput(window.to) : toInput(new Date(today).toISOString()),
  };
}

/** What the choice asks for, or what is wrong with it. */
export function windowRequestOf(choice: WindowChoice): { window: TimeWindowRequest } | { fault: WindowFault } {
  if (choice.kind !== "own") {
    return { window: { kind: choice.kind } };
  }
  const from = fromInput(choice.from);
  const to = fromInput(choice.to);
  if (from === null || to === null) {
    return { fault: "unfinished" };
  }
  return from < to ? { window: { kind: "own", from, to } } : { fault: "reversed" };
}

/** A window as the address has it: its kind, or both ends of an own one with a slash between them. */
export function writeWindow(window: TimeWindowRequest): string {
  return window.kind === "own" ? `${window.from}/${window.to}` : window.kind;
}

/**
 * The window that writeWindow wrote; null for anything else. It is read before the first drawing, when the schemas, which decide at the
 * start, are not there yet.
 */
export function readWindow(text: string): TimeWindowRequest | null {
  const [from = "", to] = text.split("/");
  if (to === undefined) {
    return from === "default" || from === "until-effect" ? { kind: from } : null;
  }
  return isWholeSecond(from) && isWholeSecond(to) ? { kind: "own", from, to } : null;
}

function isWholeSecond(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** The whole days that an own window touches, both included; null while it is none. */
export function daysOfChoice({ from, to }: WindowChoice): { from: string; to: string } | null {
  const [begin, end] = [fromInput(from), fromInput(to)];
  return begin === null || end === null || begin >= end
    ? null
    : { from: begin.slice(0, 10), to: new Date(Date.parse(end) - 1).toISOString().slice(0, 10) };
}

/** The ends of an own window of whole days, both included. */
export function choiceOfDays({ from, to }: { from: string; to: string }): Pick<WindowChoice, "from" | "to"> {
  return {
    from: `${from}T00:00`,
    to: toInput(new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS).toISOString()).slice(0, 16),
  };
}

/** Why there is no window until the trail took effect, or null when there is one. */
export function whyNoEffectWindow(startLoggingTime: string | null, now: number): NoEffectWindowReason | null {
  const start = startLoggingTime === null ? null : new Date(startLoggingTime);
  const window = resolveWindow({ kind: "until-effect" }, start, new Date(now));
  if (window.kind === "window") {
    return null;
  }
  return start === null ? "never-took-effect" : "took-effect-before-history";
}

function toInput(instant: string): string {
  return instant.slice(0, 19);
}

/** ISO 8601 in whole seconds, UTC; null while the input is incomplete. */
function fromInput(text: string): string | null {
  const instant = new Date(`${text}Z`);
  return Number.isNaN(instant.getTime()) ? null : `${instant.toISOString().slice(0, 19)}Z`;
}
