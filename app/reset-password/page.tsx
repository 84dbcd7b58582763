import type { Metadata } from "next";
import Link from "next/link";
import { getWords } from "@/app/_request/preferences.ts";
import { findLinkToken } from "@/app/_request/session.ts";
import { Entrance } from "@/components/access/entrance.tsx";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { OpenedLink } from "@/components/access/opened-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import { isOpenReset } from "@/server/access/password-resets.ts";
import { ResetForm } from "./_components/reset-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(entranceWords)).resetTitle };
}

type ResetPageProps = { searchParams: Promise<{ token?: string | string[] }> };

/** Where a link for a new password leads. */
export default async function ResetPasswordPage({ searchParams }: ResetPageProps) {
  const token = await findLinkToken("reset-password", (await searchParams).token);
  const words = await getWords(entranceWords);
  const isOpen = token !== undefined && (await isOpenReset(token));
  return (
    <OpenedLink page="reset-password" title={words.resetTitle} isKnown={token !== undefined}>
      {isOpen ? (
        <Entrance title={words.resetTitle} why={words.resetWhy}>
          <ResetForm token={token} />
        </Entrance>
      ) : (
        <Entrance
          title={token === undefined ? words.linkMissingTitle : words.linkGoneTitle}
          why={token === undefined ? words.linkMissing : words.resetGone}
        >
          <Button asChild>
            <Link href="/forgot-password">{words.forgot}</Link>
          </Button>
        </Entrance>
      )}
    </OpenedLink>
  );
}
