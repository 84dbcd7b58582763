"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { PageHead } from "./page-head.tsx";
import { StatePanel } from "./state-panel.tsx";
import { uiWords } from "./words.ts";

type NotAllowedPageProps = {
  /** As the page has them: one should know where one is, and what it would show. */
  title: string;
  below?: string;
};

/** Stands for a page that the person's role does not show. */
export function NotAllowedPage({ title, below }: NotAllowedPageProps) {
  const words = useWords(uiWords);
  return (
    <>
      <PageHead title={title} below={below} />
      <StatePanel title={words.notAllowed}>{words.notAllowedWhy}</StatePanel>
    </>
  );
}
