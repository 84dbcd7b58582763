import { z } from "zod";
import { ROLES } from "./role.ts";

/** better-auth's own upper bound; scrypt reads all of it. */
const PASSWORD_LENGTH_MAX = 128;

/** Long enough that guessing is hopeless at the rate sign-in allows, whatever people choose. */
export const PASSWORD_LENGTH_MIN = 12;

export const createMemberInputSchema = z.strictObject({
  /** People are known by their address in lower case. */
  email: z.email().max(254).toLowerCase(),
  name: z.string().trim().min(1).max(100),
  password: z.string().min(PASSWORD_LENGTH_MIN).max(PASSWORD_LENGTH_MAX),
  role: z.enum(ROLES),
});
export type CreateMemberInput = z.infer<typeof createMemberInputSchema>;
