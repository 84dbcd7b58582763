import Link from "next/link";
import { getWords } from "@/app/_request/preferences.ts";
import { Button } from "@/components/ui/button.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { jobPageWords } from "./_components/words.ts";

export default async function JobNotFound() {
  const words = await getWords(jobPageWords);
  return (
    <StatePanel
      isPage
      title={words.notFound}
      action={
        <Button asChild>
          <Link href="/jobs">{words.goToJobs}</Link>
        </Button>
      }
    >
      {words.notFoundWhy}
    </StatePanel>
  );
}
