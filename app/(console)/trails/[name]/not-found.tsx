import Link from "next/link";
import { getWords } from "@/app/_request/preferences.ts";
import { Button } from "@/components/ui/button.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { trailWords } from "./_components/words.ts";

export default async function TrailNotFound() {
  const words = await getWords(trailWords);
  return (
    <StatePanel
      isPage
      title={words.notFound}
      action={
        <Button asChild>
          <Link href="/trails">{words.goToTrails}</Link>
        </Button>
      }
    >
      {words.notFoundWhy}
    </StatePanel>
  );
}
