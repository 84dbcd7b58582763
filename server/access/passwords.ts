import "server-only";
import { dictionary } from "@zxcvbn-ts/language-common";
import { hashPassword } from "better-auth/crypto";
import { whyPasswordRefused } from "@/domain/access/password.ts";
import { DomainError } from "@/domain/errors.ts";

/** Passwords that were found in breaches, in lower case, most frequent first. */
let breached: ReadonlySet<string> | undefined;

/**
 * The hash of a new password, slow on purpose.
 * @throws DomainError PasswordRefused, with the reason
 */
export async function hashNewPassword(password: string, person: { readonly email: string }): Promise<string> {
  breached ??= new Set(dictionary["passwords-common"]);
  const words = breached;
  const why = whyPasswordRefused(password, (word) => words.has(word), person.email.split(/[^\p{L}]+/u).filter(Boolean));
  if (why !== null) {
    throw new DomainError("PasswordRefused", { why, field: "password" });
  }
  return await hashPassword(password);
}
