import type { Metadata } from "next";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { isOffered } from "@/app/_request/session.ts";
import { Destinations } from "@/app/(console)/destinations/_components/destinations.tsx";
import { destinationWords } from "@/app/(console)/destinations/_components/words.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import { listLogstores } from "@/server/log-service/logstore-queries.ts";
import { listLogProjects } from "@/server/log-service/project-queries.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(destinationWords)).title };
}

export default async function DestinationsPage() {
  const scope = await findPageScope("backtrail:ListLogProjects");
  const logstoresScope = await findPageScope("log:ListLogStores");
  if (scope === null || logstoresScope === null) {
    const words = await getWords(destinationWords);
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const [projects, logstores, mayManage] = await Promise.all([
    listLogProjects(scope),
    listLogstores(logstoresScope),
    isOffered("backtrail:UpdateLogProject"),
  ]);
  const now = new Date().toISOString();
  return (
    <>
      <Destinations projects={projects} logstores={logstores} mayManage={mayManage} now={now} />
      <ReadAgain now={now} />
    </>
  );
}
