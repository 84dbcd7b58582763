import Link from "next/link";
import { getWords } from "@/app/_request/preferences.ts";
import { Brand } from "@/components/ui/brand.tsx";
import { Button } from "@/components/ui/button.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { uiWords } from "@/components/ui/words.ts";

export default async function NotFoundPage() {
  const words = await getWords(uiWords);
  return (
    <main className="mx-auto grid max-w-[460px] gap-4 px-4 py-16">
      <Brand />
      <StatePanel
        isPage
        title={words.noSuchPage}
        action={
          <Button asChild>
            <Link href="/trails">{words.goToTrails}</Link>
          </Button>
        }
      >
        {words.noSuchPageWhy}
      </StatePanel>
    </main>
  );
}
