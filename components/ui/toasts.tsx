"use client";

import dynamic from "next/dynamic";

const Toaster = dynamic(() => import("./toaster.tsx").then((part) => part.Toaster), { ssr: false });

/**
 * What has just happened, in the corner of every page. It is the page's one polite live region: whatever is to be spoken comes through
 * here, once; but for what answers a press with a refusal, which is an alert where it was pressed (docs/decisions, alerts answer a press).
 */
export function Toasts() {
  return <Toaster />;
}
