"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { DialogBody, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { AccessKeySecretDto } from "@/domain/access/access-key-schema.ts";
import { accessKeyWords } from "./words.ts";

type SecretShownProps = { made: AccessKeySecretDto; onKept: () => void };

/** A dialog's inside with a new key's id and secret, until they are said to be kept. Nobody can look up the secret again. */
export function SecretShown({ made: { id, secret }, onKept }: SecretShownProps) {
  const words = useWords(accessKeyWords);
  return (
    <>
      <DialogBody>
        <Notice look="warn">{words.shownOnce}</Notice>
        <ShownValue label="AccessKeyId" value={id} copyLabel={words.copyId} />
        <ShownValue label="AccessKeySecret" value={secret} copyLabel={words.copySecret} />
      </DialogBody>
      <DialogFoot>
        <Button look="primary" className="ml-auto" autoFocus onClick={onKept}>
          {words.kept}
        </Button>
      </DialogFoot>
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
