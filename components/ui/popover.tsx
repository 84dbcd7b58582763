"use client";

import { Slot } from "radix-ui";
import { lazy, Suspense, useState } from "react";
import type { PopoverProps } from "./popover-panel.tsx";
import { usePreload } from "./use-preload.ts";

const loadPanel = () => import("./popover-panel.tsx");

// What places a panel on the screen is a tenth of a page's first load.
const PopoverPanel = lazy(async () => ({ default: (await loadPanel()).PopoverPanel }));

/** Something more to choose with, beside the button that opens it. What it needs is loaded while the page is idle. */
export function Popover(props: PopoverProps) {
  const { open, onOpenChange, trigger } = props;
  const [wasOpen, setWasOpen] = useState(false);
  usePreload(loadPanel);
  const button = (
    <Slot.Root aria-haspopup="dialog" aria-expanded={false} onClick={() => onOpenChange(true)}>
      {trigger}
    </Slot.Root>
  );
  if (!open && !wasOpen) {
    return button;
  }
  if (!wasOpen) {
    setWasOpen(true);
  }
  return (
    <Suspense fallback={button}>
      <PopoverPanel {...props} />
    </Suspense>
  );
}
