import { z } from "zod";

const oneOrMany = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === "string" ? [value] : value));

/** A RAM policy document, as far as Backtrail evaluates it today: Effect, Action and Resource with wildcards. */
export const policyDocumentSchema = z.strictObject({
  Version: z.literal("1"),
  Statement: z.array(z.strictObject({ Effect: z.enum(["Allow", "Deny"]), Action: oneOrMany, Resource: oneOrMany })),
});

export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

/**
 * The one permission function: roles and access keys alike are decided here. Nothing is allowed that no statement allows,
 * and an explicit Deny wins over any Allow. Actions match without regard to case, resources with it.
 * Source: RAM policy structure (actiontrail.md, 7).
 */
export function isAllowed(policies: readonly PolicyDocument[], action: string, resource: string): boolean {
  const effects = policies
    .flatMap((policy) => policy.Statement)
    .filter(
      (statement) =>
        statement.Action.some((pattern) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase())) &&
        statement.Resource.some((pattern) => matchesWildcard(pattern, resource)),
    )
    .map((statement) => statement.Effect);
  return effects.includes("Allow") && !effects.includes("Deny");
}

/** `*` stands for any run of characters, `?` for exactly one; linear in the text, so that no policy can be made slow. */
function matchesWildcard(pattern: string, text: string): boolean {
  let patternAt = 0;
  let textAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (textAt < text.length) {
    const wanted = pattern[patternAt];
    if (wanted === "*") {
      starAt = patternAt++;
      resumeAt = textAt;
    } else if (wanted === "?" || wanted === text[textAt]) {
      patternAt++;
      textAt++;
    } else if (starAt >= 0) {
      patternAt = starAt + 1;
      textAt = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[patternAt] === "*") {
    patternAt++;
  }
  return patternAt === pattern.length;
}
