"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { AccessKeySecretDto } from "@/domain/access/access-key-schema.ts";
import { accessKeyWords } from "./words.ts";

/** A new key's id and secret. Nobody can look up the secret again. */
export function SecretNotice({ made: { id, secret } }: { made: AccessKeySecretDto }) {
  const words = useWords(accessKeyWords);
  return (
    <>
      <Notice look="warn">{words.shownOnce}</Notice>
      <ShownValue label="AccessKeyId" value={id} copyLabel={words.copyId} />
      <ShownValue label="AccessKeySecret" value={secret} copyLabel={words.copySecret} />
    </>
  );
}

function ShownValue({ label, value, copyLabel }: { label: string; value: string; copyLabel: string }) {
  return (
    <div>
      <Field label={label}>
        {(control) => (
          <Input
            {...control}
            readOnly
            value={value}
            autoComplete="off"
            className="mono"
            onFocus={(event) => event.target.select()}
          />
        )}
      </Field>
      <CopyButton text={value} label={copyLabel} className="mt-1.5 py-1" />
    </div>
  );
}
