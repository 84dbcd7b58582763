import { PageHead } from "@/components/ui/page-head.tsx";
import { TrailTableSkeleton } from "./_components/trail-table.tsx";
import { TRAILS_PURPOSE } from "./_components/words.ts";

export default function TrailsLoading() {
  return (
    <>
      <PageHead title="Trails" below={TRAILS_PURPOSE} />
      <TrailTableSkeleton />
    </>
  );
}
