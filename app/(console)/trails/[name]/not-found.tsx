import Link from "next/link";
import { Button } from "@/components/ui/button.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";

export default function TrailNotFound() {
  return (
    <StatePanel
      title="There is no such trail in this account"
      action={
        <Button asChild>
          <Link href="/trails">Go to trails</Link>
        </Button>
      }
    >
      It may have been deleted, or its name is mistyped.
    </StatePanel>
  );
}
