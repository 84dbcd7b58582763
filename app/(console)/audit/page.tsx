import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { z } from "zod";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import { parseAuditPlace } from "@/domain/access/audit-schema.ts";
import { findAuditEntry, listAuditEntries } from "@/server/access/audit-queries.ts";
import { AuditList } from "./_components/audit-list.tsx";
import { auditFilterOf, loadAuditParameters } from "./_components/audit-parameters.ts";
import { auditWords } from "./_components/words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(auditWords)).title };
}

export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [words, parameters, scope] = await Promise.all([
    getWords(auditWords),
    loadAuditParameters(searchParams),
    findPageScope("backtrail:LookupAuditEntries"),
  ]);
  if (scope === null) {
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const before = parameters.before === null ? null : parseAuditPlace(parameters.before);
  const entryId = z.uuid().safeParse(parameters.entry).data;
  const [page, opened] = await Promise.all([
    listAuditEntries(scope, auditFilterOf(parameters), before),
    // An entry that somebody shared may be on no page that these filters have.
    entryId === undefined ? null : findAuditEntry(scope, entryId),
  ]);
  const now = new Date().toISOString();
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <AuditList page={page} opened={opened} now={now} />
      <ReadAgain now={now} />
    </>
  );
}
