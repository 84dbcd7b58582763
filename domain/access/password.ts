import type { PasswordReason } from "@/domain/errors.ts";

/** Long enough that guessing is hopeless at the rate sign-in allows, whatever people choose. */
export const PASSWORD_LENGTH_MIN = 12;

/** better-auth's own upper bound; scrypt reads all of it. */
export const PASSWORD_LENGTH_MAX = 128;

/** The name of the product is the first word that is tried with its passwords. */
const PRODUCT_WORDS = ["backtrail", "actiontrail"];

/** What people put around a word to make it longer; guessers do the same. */
const DECORATION = /^[^\p{L}]+|[^\p{L}]+$/gu;

/**
 * Why a password is not taken, or null when it is. Beside its length it may not be made of words of breached passwords alone: one
 * word, one twice, or one after another, in any case, with any digits and signs around them. What a guesser finds only by joining
 * three words or more is taken. There is no rule about kinds of characters, which makes passwords worse and not better.
 * @param isBreached whether a word in lower case is in the list of breached passwords
 * @param personWords words that belong to the person, such as the name in their address
 * Source: OWASP ASVS 5, 6.2.1 to 6.2.12.
 */
export function whyPasswordRefused(
  password: string,
  isBreached: (word: string) => boolean,
  personWords: readonly string[],
): PasswordReason | null {
  if (password.length < PASSWORD_LENGTH_MIN || password.length > PASSWORD_LENGTH_MAX) {
    return "password-length";
  }
  const known = [...PRODUCT_WORDS, ...personWords.map((word) => word.toLowerCase())];
  const isKnown = (word: string) => isBreached(word) || known.includes(word);
  const whole = password.toLowerCase();
  const bare = whole.replace(DECORATION, "");
  return isOneOrTwo(whole, isKnown) || isOneOrTwo(bare, isKnown) ? "password-breached" : null;
}

function isOneOrTwo(text: string, isKnown: (word: string) => boolean): boolean {
  if (text === "" || isKnown(text)) {
    return true;
  }
  for (let end = 1; end < text.length; end++) {
    if (isKnown(text.slice(0, end)) && isKnown(text.slice(end))) {
      return true;
    }
  }
  return false;
}
