import { getWords } from "@/app/_request/preferences.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { explorerWords } from "./_components/words.ts";

export default async function ApiExplorerLoading() {
  const words = await getWords(explorerWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <div className="grid items-start gap-4 lg:grid-cols-[380px_minmax(0,1fr)]">
        <Skeleton className="h-[340px]" />
        <Skeleton className="h-[340px]" />
      </div>
    </>
  );
}
