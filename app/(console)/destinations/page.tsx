import type { Metadata } from "next";
import { getWords } from "@/app/_request/preferences.ts";
import { isOffered, requirePageScope, requireScope } from "@/app/_request/session.ts";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import { listLogstores } from "@/server/log-service/logstore-queries.ts";
import { listLogProjects } from "@/server/log-service/project-queries.ts";
import { Destinations } from "./_components/destinations.tsx";
import { destinationWords } from "./_components/words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(destinationWords)).title };
}

export default async function DestinationsPage() {
  const scope = await requirePageScope("backtrail:ListLogProjects");
  const [projects, logstores, mayManage] = await Promise.all([
    listLogProjects(scope),
    listLogstores(await requireScope("log:ListLogStores")),
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
