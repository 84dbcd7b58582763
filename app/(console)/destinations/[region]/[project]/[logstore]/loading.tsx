import { getWords } from "@/app/_request/preferences.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { LogTableSkeleton } from "./_components/log-table.tsx";
import { logstoreWords } from "./_components/words.ts";

export default async function LogstoreLoading() {
  const words = await getWords(logstoreWords);
  return (
    <>
      <PageHead
        above={words.destinations}
        title={
          <>
            <span className="sr-only">{words.loading}</span>
            <Skeleton className="h-[25px] w-72 max-w-full" />
          </>
        }
      />
      <Skeleton className="mt-0 mb-3 h-[180px] rounded-card" />
      <Skeleton className="mt-0 mb-2 h-7" />
      <LogTableSkeleton />
    </>
  );
}
