import type { Metadata } from "next";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import { listAccessKeys } from "@/server/access/access-keys.ts";
import { AccessKeys } from "./_components/access-keys.tsx";
import { accessKeyWords } from "./_components/words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(accessKeyWords)).title };
}

export default async function AccessKeysPage() {
  const [words, scope] = await Promise.all([getWords(accessKeyWords), findPageScope("backtrail:ListAccessKeys")]);
  if (scope === null) {
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const keys = await listAccessKeys(scope);
  const now = new Date().toISOString();
  return (
    <>
      <AccessKeys keys={keys} now={now} />
      <ReadAgain now={now} />
    </>
  );
}
