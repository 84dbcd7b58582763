import { getWords } from "@/app/_request/preferences.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { MemberTableSkeleton } from "./_components/member-table.tsx";
import { peopleWords } from "./_components/words.ts";

export default async function PeopleLoading() {
  const words = await getWords(peopleWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <MemberTableSkeleton />
    </>
  );
}
