import Link from "next/link";
import { getWords } from "@/app/_request/preferences.ts";
import { Button } from "@/components/ui/button.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { logstoreWords } from "./_components/words.ts";

export default async function LogstoreNotFound() {
  const words = await getWords(logstoreWords);
  return (
    <StatePanel
      isPage
      title={words.gone}
      action={
        <Button asChild>
          <Link href="/destinations">{words.toDestinations}</Link>
        </Button>
      }
    >
      {words.goneWhy}
    </StatePanel>
  );
}
