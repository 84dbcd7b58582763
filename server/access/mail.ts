import "server-only";
import { createTransport } from "nodemailer";
import { env } from "@/server/env.ts";
import { log } from "@/server/log.ts";

/** A mail that hands a link to one person, in the languages of the console: nobody has chosen one yet. */
type LinkMail = {
  readonly to: string;
  readonly subject: string;
  /** Sentences before the link, one per language. */
  readonly sentences: readonly string[];
  /** Path and query of the link. */
  readonly path: string;
};

/** A mail server that does not answer must not hold up whoever waits for the page. */
const SMTP_TIMEOUT_MS = 10_000;

/** Whether links can be sent by mail here. */
export function canMail(): boolean {
  return env().SMTP_URL !== undefined;
}

/**
 * Sends a link. False when there is no mail server, or it does not take the mail, which the log says: the link is then handed over
 * in another way.
 */
export async function mailLink({ to, subject, sentences, path }: LinkMail): Promise<boolean> {
  const { SMTP_URL, MAIL_FROM, PUBLIC_URL } = env();
  if (SMTP_URL === undefined || PUBLIC_URL === undefined) {
    return false;
  }
  const transport = createTransport({
    url: SMTP_URL,
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
  });
  try {
    await transport.sendMail({
      from: MAIL_FROM,
      to,
      subject,
      text: [...sentences, `${PUBLIC_URL}${path}`].join("\n\n"),
    });
    return true;
  } catch (error) {
    log.error({ err: error, to }, "mail could not be sent");
    return false;
  } finally {
    transport.close();
  }
}
