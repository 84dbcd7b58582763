import { resolveWindow } from "@/domain/history-job/rules.ts";
import type { TimeWindowRequest } from "@/domain/history-job/schema.ts";

/** The window as the form holds it: the own one's ends are kept while another kind is chosen. */
export type WindowChoice = {
  readonly kind: TimeWindowRequest["kind"];
  /** As datetime-local inputs write it, read as UTC: YYYY-MM-DDTHH:mm, with :ss when there are any. */
  readonly from: string;
  readonly to: string;
};

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

/** What the choice asks for, or what is missing in it. */
export function windowRequestOf(choice: WindowChoice): { window: TimeWindowRequest } | { missing: string } {
  if (choice.kind !== "own") {
    return { window: { kind: choice.kind } };
  }
  const from = fromInput(choice.from);
  const to = fromInput(choice.to);
  if (from === null || to === null) {
    return { missing: "Choose a date and a time for both ends of the window." };
  }
  return from < to
    ? { window: { kind: "own", from, to } }
    : { missing: "The window ends before it begins. Choose an end that is later than its start." };
}

/** Why there is no window until the trail took effect, or null when there is one. */
export function whyNoEffectWindow(startLoggingTime: string | null, now: number): string | null {
  const start = startLoggingTime === null ? null : new Date(startLoggingTime);
  const window = resolveWindow({ kind: "until-effect" }, start, new Date(now));
  if (window.kind === "window") {
    return null;
  }
  return start === null
    ? "This trail was never enabled, so there is no time until it took effect."
    : "This trail took effect before the 90 days that history keeps.";
}

function toInput(instant: string): string {
  return instant.slice(0, 19);
}

/** ISO 8601 in whole seconds, UTC; null while the input is incomplete. */
function fromInput(text: string): string | null {
  const instant = new Date(`${text}Z`);
  return Number.isNaN(instant.getTime()) ? null : `${instant.toISOString().slice(0, 19)}Z`;
}
