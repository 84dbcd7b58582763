"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { useTold } from "@/components/ui/use-told.ts";
import type { LinkDto } from "@/domain/access/schema.ts";
import { peopleWords } from "./words.ts";

/** A link that nobody can look up again. */
export function LinkNotice({ link, label }: { link: LinkDto; label: string }) {
  const words = useWords(peopleWords);
  const href = new URL(link.path, window.location.origin).href;
  const said = link.isMailed ? words.linkMailed : words.linkShownOnce;
  useTold(said);
  return (
    <Notice className="grid gap-2">
      <p>{said}</p>
      <Field label={label}>
        {(control) => (
          <Input {...control} readOnly value={href} className="mono" onFocus={(event) => event.target.select()} />
        )}
      </Field>
      <div className="flex flex-wrap justify-between gap-2">
        <span>{words.linkHolds(link.expiresAt)}</span>
        <CopyButton text={href} label={words.copyLink} />
      </div>
    </Notice>
  );
}
