import { getWords } from "@/app/_request/preferences.ts";
import { LogstoreTableSkeleton } from "@/app/(console)/destinations/_components/logstore-table.tsx";
import { ProjectCardSkeleton } from "@/app/(console)/destinations/_components/project-card.tsx";
import { destinationWords } from "@/app/(console)/destinations/_components/words.ts";
import { PageHead } from "@/components/ui/page-head.tsx";

/** In a folder with its page: beside it, the page of each logstore would load it, too, and never show it. */
export default async function DestinationsLoading() {
  const words = await getWords(destinationWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <h2 className="mb-2 text-[14px] font-[640]">{words.projects}</h2>
      <ProjectCardSkeleton />
      <h2 className="mt-6 mb-2 text-[14px] font-[640]">{words.logstores}</h2>
      <LogstoreTableSkeleton />
    </>
  );
}
