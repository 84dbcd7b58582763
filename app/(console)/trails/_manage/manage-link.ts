import { parseAsBoolean, parseAsStringLiteral } from "nuqs";

/** What can be asked about a trail that is there. */
const TRAIL_QUESTIONS = ["edit", "start", "stop", "delete"] as const;

/** The open dialog, in the address of the trail's page. */
export const trailLink = { ask: parseAsStringLiteral(TRAIL_QUESTIONS) };

/** The open form, in the address of the list. */
export const createLink = { create: parseAsBoolean.withDefault(false) };
