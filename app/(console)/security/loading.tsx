import { getWords } from "@/app/_request/preferences.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { securityWords } from "./_components/words.ts";

export default async function SecurityLoading() {
  const words = await getWords(securityWords);
  return (
    <>
      <PageHead title={words.title} below={<Skeleton className="w-72 max-w-full" />} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Skeleton className="h-64 w-full" />
        <Skeleton className="h-40 w-full" />
      </div>
      <Skeleton className="mt-6 h-40 w-full" />
    </>
  );
}
