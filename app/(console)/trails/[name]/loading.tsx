import { Card } from "@/components/ui/card.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";

const GROUPS = ["selects", "recording", "delivers"];

export default function TrailLoading() {
  return (
    <>
      <PageHead
        above="Trails"
        title={
          <>
            <span className="sr-only">Loading the trail</span>
            <Skeleton className="h-[25px] w-56" />
          </>
        }
      />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {GROUPS.map((group) => (
          <Card key={group} className="h-44 px-[18px] py-4">
            <Skeleton className="w-24" />
            <Skeleton className="w-full" />
            <Skeleton className="w-2/3" />
          </Card>
        ))}
      </div>
    </>
  );
}
