"use client";

import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";

type Panel = {
  /** The dialog that is open; null when none is. */
  readonly panel: string | null;
  readonly open: (name: string) => void;
  readonly close: () => void;
};

/** Which dialog of a page is open: the address says it. Who closes one sees the page as it is now. */
export function usePanel(): Panel {
  const router = useRouter();
  const [panel, setPanel] = useQueryState("panel", parseAsString);
  return {
    panel,
    open: (name) => void setPanel(name),
    // Next drops a reading of the page that is on its way when the address changes: what the dialog has done would not be seen.
    close: () => void setPanel(null).then(() => router.refresh()),
  };
}
