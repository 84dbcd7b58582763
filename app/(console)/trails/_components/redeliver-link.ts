import { createParser, parseAsBoolean, parseAsString } from "nuqs";
import { readWindow, writeWindow } from "./window-choice.ts";

/** The open dialog, its window and what is open in it, in the address: whoever is sent the link sees the same. */
export const redeliverLink = {
  /** The trail's name. */
  redeliver: parseAsString,
  window: createParser({
    parse: readWindow,
    serialize: writeWindow,
    eq: (one, other) => writeWindow(one) === writeWindow(other),
  }),
  /** The counts by region and day. */
  days: parseAsBoolean,
  /** The own client token. */
  advanced: parseAsBoolean,
};
