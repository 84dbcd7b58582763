import type { Metadata } from "next";
import Link from "next/link";
import type { SearchParams } from "nuqs/server";
import { findPageScope, orNotFound } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import type { LogstoreName } from "@/domain/log-service/log-service.ts";
import { parseLogQuery } from "@/domain/log-service/query.ts";
import { parseLogKey } from "@/domain/log-service/schema.ts";
import { findLog, searchLogs } from "@/server/log-service/log-search.ts";
import { getLogstore } from "@/server/log-service/logstore-queries.ts";
import { loadLogParameters, logSearchOf } from "./_components/log-parameters.ts";
import { LogSearch } from "./_components/log-search.tsx";
import { logstoreWords } from "./_components/words.ts";

type LogstorePageProps = { params: Promise<LogstoreName>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: LogstorePageProps): Promise<Metadata> {
  return { title: (await params).logstore };
}

export default async function LogstorePage({ params, searchParams }: LogstorePageProps) {
  const [name, parameters, words] = await Promise.all([
    params,
    loadLogParameters(searchParams),
    getWords(logstoreWords),
  ]);
  const scope = await findPageScope("log:GetLogStoreLogs");
  if (scope === null) {
    return <NotAllowedPage title={name.logstore} />;
  }
  const parsed = parseLogQuery(parameters.q ?? "");
  const before = parameters.before === null ? null : parseLogKey(parameters.before);
  const key = parameters.log === null ? null : parseLogKey(parameters.log);
  const [logstore, page, log] = await orNotFound(() =>
    Promise.all([
      getLogstore(scope, name),
      "condition" in parsed ? searchLogs(scope, name, logSearchOf(parameters, parsed.condition), before) : null,
      key && findLog(scope, name, key),
    ]),
  );
  const { firstEventDay, lastEventDay } = logstore;
  const now = new Date().toISOString();
  return (
    <>
      <PageHead
        above={
          <>
            <Link href="/destinations" className="underline underline-offset-2">
              {words.destinations}
            </Link>{" "}
            · {logstore.region} · {logstore.project}
          </>
        }
        title={<span className="font-mono text-[18px] [overflow-wrap:anywhere]">{logstore.name}</span>}
        below={[
          words.summary(logstore.logs, logstore.bytes),
          firstEventDay !== null && lastEventDay !== null && words.eventDays(firstEventDay, lastEventDay),
          logstore.plainLogs > 0 && words.plain(logstore.plainLogs),
        ]
          .filter(Boolean)
          .join(" ")}
      />
      <LogSearch
        page={page}
        log={log}
        isEmpty={logstore.logs === 0}
        path={`/destinations/${logstore.region}/${logstore.project}/${logstore.name}`}
        now={now}
      />
      <ReadAgain now={now} />
    </>
  );
}
