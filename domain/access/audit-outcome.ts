export const AUDIT_OUTCOMES = ["allowed", "refused"] as const;

/** How long a text to look for in the audit may be: names, addresses and ids are shorter. */
export const AUDIT_WHO_LENGTH_MAX = 256;
