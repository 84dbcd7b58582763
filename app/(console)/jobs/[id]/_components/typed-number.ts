/** Groups of three digits with one sign between them, as people type them: a comma, its wide form, a space or an apostrophe. */
const GROUPED = /^[0-9]{1,3}([,，\u00a0\u202f ’'])[0-9]{3}(?:\1[0-9]{3})*$/;

/**
 * A whole number as a person types it: "1000", "1,000", "１，０００". NaN for anything else; a point is no group sign, because
 * half of its readers would mean a fraction.
 */
export function numberOf(text: string): number {
  const typed = text.trim().normalize("NFKC");
  if (GROUPED.test(typed)) {
    return Number(typed.replace(/[^0-9]/g, ""));
  }
  return /^[0-9]+$/.test(typed) ? Number(typed) : Number.NaN;
}
