import { getWords } from "@/app/_request/preferences.ts";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { AuditTableSkeleton } from "./_components/audit-table.tsx";
import { auditWords } from "./_components/words.ts";

export default async function AuditLoading() {
  const words = await getWords(auditWords);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <Skeleton className="mt-0 mb-3 h-[152px] rounded-card max-sm:h-[424px]" />
      <Skeleton className="mt-0 mb-2 h-7" />
      <AuditTableSkeleton />
    </>
  );
}
