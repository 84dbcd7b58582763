import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { pathOfOurs } from "@/app/_request/next-path.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { findPerson } from "@/app/_request/session.ts";
import { Entrance } from "@/components/access/entrance.tsx";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { Notice } from "@/components/ui/notice.tsx";
import { findSingleSignOn } from "@/server/access/single-sign-on.ts";
import { SignIn } from "./_components/sign-in.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(entranceWords)).signInTitle };
}

type SignInPageProps = {
  searchParams: Promise<{ next?: string | string[]; error?: string | string[]; reset?: string | string[] }>;
};

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next: asked, error, reset } = await searchParams;
  const next = pathOfOurs(asked);
  if ((await findPerson()) !== null) {
    redirect(next);
  }
  const words = await getWords(entranceWords);
  const refusals: Readonly<Record<string, string>> = words.ssoRefusals;
  return (
    <Entrance
      title={words.signInTitle}
      why={words.signInWhy}
      below={
        <>
          <p>
            <Link href="/forgot-password" className="underline underline-offset-2 hover:text-ink">
              {words.forgot}
            </Link>
          </p>
          <p className="mt-2">{words.noAccess}</p>
        </>
      }
    >
      {error !== undefined && (
        <Notice look="bad" role="alert" className="mb-3.5">
          {refusals[String(error)] ?? words.ssoRefusals.other}
        </Notice>
      )}
      {reset !== undefined && <Notice className="mb-3.5">{words.passwordSet}</Notice>}
      <SignIn next={next} singleSignOn={findSingleSignOn()?.name ?? null} />
    </Entrance>
  );
}
