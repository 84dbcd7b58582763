import type { Metadata } from "next";
import { getWords } from "@/app/_request/preferences.ts";
import { requirePerson } from "@/app/_request/session.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import { findProofs } from "@/server/access/identity.ts";
import { listOwnSessions } from "@/server/access/sessions.ts";
import { AuthenticatorCard } from "./_components/authenticator-card.tsx";
import { PasswordCard } from "./_components/password-card.tsx";
import { SessionCard } from "./_components/session-card.tsx";
import { securityWords } from "./_components/words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(securityWords)).title };
}

/** What a person does about their own way in, whatever their role. */
export default async function SecurityPage() {
  const [words, person] = await Promise.all([getWords(securityWords), requirePerson()]);
  const [proofs, sessions] = await Promise.all([findProofs(person), listOwnSessions(person)]);
  const now = new Date().toISOString();
  return (
    <>
      <PageHead title={words.title} below={words.purpose(person.email)} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <PasswordCard email={person.email} hasPassword={proofs.hasPassword} />
        <AuthenticatorCard {...proofs} />
      </div>
      <SessionCard sessions={sessions} now={now} />
      <ReadAgain now={now} />
    </>
  );
}
