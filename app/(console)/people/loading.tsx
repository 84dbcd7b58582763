import { getWords } from "@/app/_request/preferences.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { MemberTableSkeleton } from "./_components/member-table.tsx";
import { peopleWords } from "./_components/words.ts";

export default async function PeopleLoading() {
  const words = await getWords(peopleWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <Skeleton className="mt-0 mb-2 h-5 w-24" />
      <MemberTableSkeleton />
    </>
  );
}
