import { getWords } from "@/app/_request/preferences.ts";
import { EventTableSkeleton } from "@/components/event/event-table.tsx";
import { eventWords } from "@/components/event/words.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";

export default async function EventsLoading() {
  const words = await getWords(eventWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <Skeleton className="mt-0 mb-3 h-[140px] rounded-card" />
      <Skeleton className="mt-0 mb-3 h-[227px] rounded-card" />
      <Skeleton className="mt-0 mb-2 h-[50px]" />
      <EventTableSkeleton />
    </>
  );
}
