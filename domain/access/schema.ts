import { z } from "zod";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "./password.ts";
import { ROLES, type Role } from "./role.ts";

/** People are known by their address in lower case. */
const email = z.email().max(254).toLowerCase();
const name = z.string().trim().min(1).max(100);
const newPassword = z.string().min(PASSWORD_LENGTH_MIN).max(PASSWORD_LENGTH_MAX);

/** What a person types who has a password already: the rules of the day it was made may have been others. */
const presentPassword = z.string().min(1).max(PASSWORD_LENGTH_MAX);

/** The secret part of a link that was made by server/access/links.ts. */
const linkToken = z.string().regex(/^[\w-]{43}$/);

export const createMemberInputSchema = z.strictObject({
  email,
  name,
  password: newPassword,
  role: z.enum(ROLES),
});
export type CreateMemberInput = z.infer<typeof createMemberInputSchema>;

export const memberRefSchema = z.strictObject({ userId: z.uuid() });
export type MemberRef = z.infer<typeof memberRefSchema>;

export const updateMemberInputSchema = memberRefSchema.extend({ role: z.enum(ROLES) });
export type UpdateMemberInput = z.infer<typeof updateMemberInputSchema>;

export const createInvitationInputSchema = z.strictObject({ email, role: z.enum(ROLES) });
export type CreateInvitationInput = z.infer<typeof createInvitationInputSchema>;

export const invitationRefSchema = z.strictObject({ email });
export type InvitationRef = z.infer<typeof invitationRefSchema>;

/** Name and password are for who is new; a person who is here already shows with the password that it is they. */
export const acceptInvitationInputSchema = z.strictObject({ token: linkToken, name, password: newPassword });
export type AcceptInvitationInput = z.infer<typeof acceptInvitationInputSchema>;

export const linkTokenSchema = linkToken;

/** The pages that a link with a secret leads to. */
const LINK_PAGES = ["invitation", "reset-password"] as const;
export type LinkPage = (typeof LINK_PAGES)[number];

export const openLinkInputSchema = z.strictObject({ page: z.enum(LINK_PAGES), token: linkToken });

export const resetPasswordInputSchema = z.strictObject({ token: linkToken, password: newPassword });
export type ResetPasswordInput = z.infer<typeof resetPasswordInputSchema>;

export const requestPasswordResetInputSchema = z.strictObject({ email });

export const changePasswordInputSchema = z.strictObject({ present: presentPassword, password: newPassword });

/** The password, or a code of the authenticator: digits of six. */
export const confirmIdentityInputSchema = z.strictObject({ proof: presentPassword });

export const sessionRefSchema = z.strictObject({ sessionId: z.uuid() });

/** A session of a member, for an admin of the account. */
export const memberSessionRefSchema = memberRefSchema.extend({ sessionId: z.uuid() });
export type MemberSessionRef = z.infer<typeof memberSessionRefSchema>;

export const accountRefSchema = z.strictObject({ accountId: z.string().regex(/^[0-9]{16}$/) });

/** A member of an account, as its admins see them. Instants are ISO 8601. */
export type MemberDto = {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** False for who comes by single sign-on alone. */
  readonly hasPassword: boolean;
  readonly hasTwoFactor: boolean;
  /** Whether the installation demands a second factor of them. */
  readonly isTwoFactorRequired: boolean;
  readonly isDisabled: boolean;
  /** Of all the person's sessions that hold now; null without one. */
  readonly lastUsedAt: string | null;
  /** Those that hold now, over all accounts: a session belongs to the person. */
  readonly sessions: readonly SessionDto[];
};

export type InvitationDto = {
  readonly email: string;
  readonly role: Role;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly isExpired: boolean;
};

/** A link that is shown once: it is stored nowhere. */
export type LinkDto = {
  /** Path and query; whoever shows it puts the console's address in front. */
  readonly path: string;
  readonly expiresAt: string;
  /** Whether it was also sent to the person by mail. */
  readonly isMailed: boolean;
};

/** A session that holds now, by an id that opens nothing: its token is in the person's cookie alone. */
export type SessionDto = {
  readonly id: string;
  /** Whether it is the one that asks. */
  readonly isThis: boolean;
  /** What the browser said of itself. */
  readonly userAgent: string;
  readonly from: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string;
};
