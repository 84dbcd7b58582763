import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { pathOfOurs } from "@/app/_request/next-path.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { findPerson, wayBy } from "@/app/_request/session.ts";
import { authenticatorWords } from "@/components/access/authenticator-words.ts";
import { Entrance } from "@/components/access/entrance.tsx";
import { SignOutButton } from "@/components/access/sign-out-button.tsx";
import { findProofs } from "@/server/access/identity.ts";
import { SetUp } from "./_components/set-up.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(authenticatorWords)).deeds.enable.title };
}

type AuthenticatorPageProps = { searchParams: Promise<{ next?: string | string[] }> };

/**
 * Where somebody is led who has yet to set up a second factor, and the one page that is theirs until they have. Outside the console's frame,
 * which is drawn from an account that they may not see yet.
 */
export default async function AuthenticatorPage({ searchParams }: AuthenticatorPageProps) {
  const next = pathOfOurs((await searchParams).next);
  const person = await findPerson();
  if (person === null) {
    redirect(wayBy("/sign-in", next));
  }
  if (!person.owesSecondFactor) {
    redirect(next);
  }
  const [words, { hasPassword }] = await Promise.all([getWords(authenticatorWords), findProofs(person)]);
  return (
    <Entrance
      title={words.deeds.enable.title}
      why={words.requiredWhy}
      below={
        <>
          <p className="mb-2">{words.signedInAs(person.email)}</p>
          <SignOutButton />
        </>
      }
    >
      <SetUp hasPassword={hasPassword} next={next} />
    </Entrance>
  );
}
