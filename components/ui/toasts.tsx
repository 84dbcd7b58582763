"use client";

import dynamic from "next/dynamic";

const Toaster = dynamic(() => import("./toaster.tsx").then((part) => part.Toaster), { ssr: false });

/**
 * What has just happened, in the corner. It is the page's one live region: whatever is to be spoken comes through here, politely and
 * once (docs/decisions, one live region).
 */
export function Toasts() {
  return <Toaster />;
}
