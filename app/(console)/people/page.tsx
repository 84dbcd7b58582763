import type { Metadata } from "next";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { requirePerson } from "@/app/_request/session.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import { listInvitations } from "@/server/access/invitations.ts";
import { listMembers } from "@/server/access/members.ts";
import { People } from "./_components/people.tsx";
import { peopleWords } from "./_components/words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(peopleWords)).title };
}

export default async function PeoplePage() {
  const [words, scope] = await Promise.all([getWords(peopleWords), findPageScope("backtrail:ListMembers")]);
  if (scope === null) {
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const { userId, sessionId } = await requirePerson();
  const [members, invitations] = await Promise.all([listMembers(scope, sessionId), listInvitations(scope)]);
  const now = new Date().toISOString();
  return (
    <>
      <People members={members} invitations={invitations} ownId={userId} now={now} />
      <ReadAgain now={now} />
    </>
  );
}
