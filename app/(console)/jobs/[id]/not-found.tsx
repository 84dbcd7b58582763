import Link from "next/link";
import { Button } from "@/components/ui/button.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";

export default function JobNotFound() {
  return (
    <StatePanel
      title="There is no such job in this account"
      action={
        <Button asChild>
          <Link href="/jobs">Go to jobs</Link>
        </Button>
      }
    >
      Its number may be mistyped, or the job belongs to another account.
    </StatePanel>
  );
}
