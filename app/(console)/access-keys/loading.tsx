import { getWords } from "@/app/_request/preferences.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { AccessKeyTableSkeleton } from "./_components/access-key-table.tsx";
import { accessKeyWords } from "./_components/words.ts";

export default async function AccessKeysLoading() {
  const words = await getWords(accessKeyWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <AccessKeyTableSkeleton />
    </>
  );
}
