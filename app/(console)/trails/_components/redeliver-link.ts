import { createParser, parseAsString } from "nuqs";
import { readWindow, writeWindow } from "./window-choice.ts";

/** The open dialog and its window, in the address: whoever is sent the link sees the same. */
export const redeliverLink = {
  /** The trail's name. */
  redeliver: parseAsString,
  window: createParser({
    parse: readWindow,
    serialize: writeWindow,
    eq: (one, other) => writeWindow(one) === writeWindow(other),
  }),
};
