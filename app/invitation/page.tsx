import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getWords } from "@/app/_request/preferences.ts";
import { findLinkToken, findPerson, wayBy } from "@/app/_request/session.ts";
import { Entrance } from "@/components/access/entrance.tsx";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { OpenedLink } from "@/components/access/opened-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import { findOpenInvitation } from "@/server/access/invitations.ts";
import { findSingleSignOn } from "@/server/access/single-sign-on.ts";
import { AcceptForm } from "./_components/accept-form.tsx";
import { JoinButton } from "./_components/join-button.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(entranceWords)).invitationTitle };
}

type InvitationPageProps = { searchParams: Promise<{ token?: string | string[] }> };

/** Where the link of an invitation leads: somebody new sets name and password, somebody known joins as who they are. */
export default async function InvitationPage({ searchParams }: InvitationPageProps) {
  const inQuery = (await searchParams).token;
  const token = await findLinkToken("invitation", inQuery);
  const words = await getWords(entranceWords);
  const invitation = token === undefined ? null : await findOpenInvitation(token);
  if (token === undefined || invitation === null) {
    return (
      <OpenedLink page="invitation" title={words.invitationTitle} isKnown={token !== undefined}>
        <Entrance
          title={token === undefined ? words.linkMissingTitle : words.linkGoneTitle}
          why={token === undefined ? words.linkMissing : words.invitationGone}
        >
          <Button asChild>
            <Link href="/sign-in">{words.toSignIn}</Link>
          </Button>
        </Entrance>
      </OpenedLink>
    );
  }
  const { email, accountId, accountName, role, isKnownPerson } = invitation;
  const person = await findPerson();
  const path = inQuery === undefined ? "/invitation" : `/invitation?token=${token}`;
  if (person?.owesSecondFactor && person.email === email) {
    redirect(wayBy("/authenticator", path));
  }
  return (
    <OpenedLink page="invitation" title={words.invitationTitle} isKnown>
      <Entrance
        title={words.invitationTitle}
        why={
          <>
            <p>
              {words.invitationTo(accountName, accountId)} {words.invitationAs[role]}
            </p>
            <p>{words.invitationFor(email)}</p>
          </>
        }
      >
        {person !== null && person.email !== email && <p>{words.otherPerson(person.email)}</p>}
        {person !== null && person.email === email && <JoinButton token={token} email={email} />}
        {person === null && isKnownPerson && (
          <>
            <p className="mb-3.5">{words.signInToJoin}</p>
            <Button look="primary" asChild>
              <Link href={wayBy("/sign-in", path)}>{words.toSignIn}</Link>
            </Button>
          </>
        )}
        {person === null && !isKnownPerson && (
          <AcceptForm token={token} email={email} singleSignOn={findSingleSignOn()?.name ?? null} />
        )}
      </Entrance>
    </OpenedLink>
  );
}
