"use client";

import { useState } from "react";
import { useDeeds } from "@/app/(console)/_components/use-deeds.ts";
import { createAccessKeyAction } from "@/app/(console)/access-keys/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFoot } from "@/components/ui/dialog.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { tell } from "@/components/ui/toast.ts";
import type { AccessKeySecretDto } from "@/domain/access/access-key-schema.ts";
import { policyTextOf, SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import { KeyFields, useKeyForm } from "./key-fields.tsx";
import { SecretShown } from "./secret-shown.tsx";
import { accessKeyWords } from "./words.ts";

/** A client that may only read does the least harm. */
const FIRST_VALUES = { name: "", policy: policyTextOf(SYSTEM_POLICIES.AliyunActionTrailReadOnlyAccess) };

/** Asks what the key is for and what it may do, then shows its secret, once. What was typed stays through every refusal. */
export function MakeDialog({ onClose }: { onClose: () => void }) {
  const words = useWords(accessKeyWords);
  const { send, refusal, question } = useDeeds();
  const form = useKeyForm(FIRST_VALUES);
  const { isSubmitting } = form.formState;
  const [made, setMade] = useState<AccessKeySecretDto | null>(null);

  const submit = form.handleSubmit(() =>
    send(
      () => createAccessKeyAction(form.getValues()),
      (key) => {
        setMade(key);
        tell(words.madeNow);
      },
    ),
  );

  return (
    <Dialog
      open
      // A secret that is shown only now goes by its button alone, never by a slip of the hand.
      onOpenChange={(isOpen) => !isOpen && made === null && onClose()}
      title={words.makeTitle}
      description={made === null ? words.makeWhy : form.getValues("name").trim()}
    >
      {made === null ? (
        // A second press while the first is on its way would make a second key.
        <form method="post" noValidate onSubmit={isSubmitting ? (event) => event.preventDefault() : submit}>
          <DialogBody>
            <KeyFields form={form} />
            {refusal !== null && (
              <Notice look="bad" role="alert">
                {refusal}
              </Notice>
            )}
          </DialogBody>
          <DialogFoot>
            <Button className="ml-auto" onClick={onClose}>
              {words.cancel}
            </Button>
            <Button look="primary" type="submit" aria-disabled={isSubmitting}>
              {isSubmitting ? words.making : words.makeNow}
            </Button>
          </DialogFoot>
        </form>
      ) : (
        <SecretShown made={made} onKept={onClose} />
      )}
      {question}
    </Dialog>
  );
}
