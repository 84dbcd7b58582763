import type { Metadata } from "next";
import Link from "next/link";
import { getWords } from "@/app/_request/preferences.ts";
import { Entrance } from "@/components/access/entrance.tsx";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { Button } from "@/components/ui/button.tsx";
import { linkTokenSchema } from "@/domain/access/schema.ts";
import { isOpenReset } from "@/server/access/password-resets.ts";
import { ResetForm } from "./_components/reset-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(entranceWords)).resetTitle };
}

type ResetPageProps = { searchParams: Promise<{ token?: string | string[] }> };

/** Where a link for a new password leads. */
export default async function ResetPasswordPage({ searchParams }: ResetPageProps) {
  const token = linkTokenSchema.safeParse((await searchParams).token).data;
  const words = await getWords(entranceWords);
  if (token === undefined || !(await isOpenReset(token))) {
    return (
      <Entrance title={words.linkGoneTitle} why={words.resetGone}>
        <Button asChild>
          <Link href="/forgot-password">{words.forgot}</Link>
        </Button>
      </Entrance>
    );
  }
  return (
    <Entrance title={words.resetTitle} why={words.resetWhy}>
      <ResetForm token={token} />
    </Entrance>
  );
}
