"use client";

import { type ReactNode, useEffect, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { useTold } from "@/components/ui/use-told.ts";
import type { LinkPage } from "@/domain/access/schema.ts";
import { type AuthRefusal, postToAuth } from "./auth-request.ts";
import { Entrance } from "./entrance.tsx";
import { entranceWords } from "./entrance-words.ts";
import { RefusalNotice } from "./refusal-notice.tsx";

type OpenedLinkProps = {
  page: LinkPage;
  title: string;
  /** Whether the server knows of a link already; otherwise only the page's address can say whether there is one. */
  isKnown: boolean;
  /** What the page shows for the link that the server knows of. */
  children: ReactNode;
};

/**
 * Hands in the secret of a link, which is in the fragment of the page's address and so for the page alone to read, and loads the page anew in its
 * place: the secret stays neither in the address nor in the browser's history.
 */
export function OpenedLink({ page, title, isKnown, children }: OpenedLinkProps) {
  const words = useWords(entranceWords);
  // Null until the page is alive and has looked at its address.
  const [isOpening, setIsOpening] = useState<boolean | null>(isKnown ? false : null);
  const [refusal, setRefusal] = useState<AuthRefusal | null>(null);
  useTold(isOpening && refusal === null ? words.openingLink : null);

  useEffect(() => {
    const open = async () => {
      const token = /^#token=(.*)$/.exec(window.location.hash)?.[1];
      setIsOpening(token !== undefined);
      setRefusal(null);
      if (token === undefined) {
        return;
      }
      const answer = await postToAuth("/people/open-link", { page, token });
      if (answer.ok) {
        window.location.replace(window.location.pathname);
      } else {
        // A link that was cut off on its way has no secret of the right length.
        setRefusal(answer.refusal === "field-wrong" ? "link-gone" : answer.refusal);
      }
    };
    void open();
    // A link that is followed in a tab with the same page loads nothing by itself.
    window.addEventListener("hashchange", open);
    return () => window.removeEventListener("hashchange", open);
  }, [page]);

  if (isOpening === false) {
    return children;
  }
  return (
    <Entrance title={title} why={refusal === null && <p>{words.openingLink}</p>}>
      <RefusalNotice refusal={refusal} />
    </Entrance>
  );
}
