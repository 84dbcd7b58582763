import Link from "next/link";
import { Brand } from "@/components/ui/brand.tsx";
import { Button } from "@/components/ui/button.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";

export default function NotFoundPage() {
  return (
    <main className="mx-auto grid max-w-[460px] gap-4 px-4 py-16">
      <Brand />
      <StatePanel
        title="There is no such page"
        action={
          <Button asChild>
            <Link href="/trails">Go to trails</Link>
          </Button>
        }
      >
        The address may be mistyped, or the page has moved.
      </StatePanel>
    </main>
  );
}
