"use client";

import { useState } from "react";
import { useDeeds } from "@/app/(console)/_components/use-deeds.ts";
import {
  deleteAccessKeyAction,
  disableAccessKeyAction,
  enableAccessKeyAction,
  rotateAccessKeyAction,
  updateAccessKeyAction,
} from "@/app/(console)/access-keys/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Deed } from "@/components/ui/deed.tsx";
import { Dialog, DialogBody, DialogFoot } from "@/components/ui/dialog.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { tell } from "@/components/ui/toast.ts";
import { canRotate } from "@/domain/access/access-key.ts";
import type { AccessKeyDto, AccessKeySecretDto } from "@/domain/access/access-key-schema.ts";
import { KeyFields, useKeyForm } from "./key-fields.tsx";
import { KeyStateMark } from "./key-state-mark.tsx";
import { LastUse } from "./last-use.tsx";
import { SecretShown } from "./secret-shown.tsx";
import { accessKeyWords } from "./words.ts";

type KeyDialogProps = {
  accessKey: AccessKeyDto;
  now: string;
  /** Whether the question before its deletion is open. */
  isDeleting: boolean;
  onDelete: () => void;
  onKeep: () => void;
  onClose: () => void;
};

/** What an admin can do about one key. Each is done at once, and said; it stays open for the next. */
export function KeyDialog({ accessKey, now, isDeleting, onDelete, onKeep, onClose }: KeyDialogProps) {
  const words = useWords(accessKeyWords);
  const { send, isSending, refusal, question } = useDeeds();
  const { id } = accessKey;
  const form = useKeyForm({ name: accessKey.name ?? "", policy: accessKey.policyText });
  const { isDirty } = form.formState;
  const [made, setMade] = useState<AccessKeySecretDto | null>(null);

  const ref = { accessKeyId: id };
  const isRotatable = canRotate(accessKey) && accessKey.isPolicyReadable;
  const whyNotRotate = accessKey.isPolicyReadable ? words.rotateNot : words.rotateUnreadable;
  const save = form.handleSubmit(() => {
    const values = form.getValues();
    return send(
      () => updateAccessKeyAction({ ...ref, ...values }),
      () => {
        form.reset(values);
        tell(words.saved(id));
      },
    );
  });
  const rotate = () =>
    send(
      () => rotateAccessKeyAction(ref),
      (key) => {
        setMade(key);
        tell(words.madeNow);
      },
    );
  const remove = () =>
    send(
      () => deleteAccessKeyAction(ref),
      () => {
        tell(words.deletedNow(id));
        onClose();
      },
    );

  if (made !== null) {
    return (
      <Dialog open onOpenChange={() => undefined} title={words.rotatedTitle} description={words.rotatedWhy(id)}>
        <SecretShown made={made} onKept={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={accessKey.name ?? words.nameless}
      description={<span className="mono">{id}</span>}
    >
      <DialogBody>
        <Facts>
          <Fact name={words.state}>
            <KeyStateMark isActive={accessKey.isActive} />
          </Fact>
          <Fact name={words.lastUse}>
            <LastUse lastUse={accessKey.lastUse} now={now} />
          </Fact>
        </Facts>
        {!accessKey.isPolicyReadable && <Notice look="bad">{words.policyUnreadableWhy}</Notice>}
        <form method="post" noValidate onSubmit={save} className="grid gap-3.5">
          <KeyFields form={form} />
          <Button type="submit" className="justify-self-end" disabled={!isDirty} aria-disabled={isSending}>
            {words.save}
          </Button>
        </form>
        <Deed why={isRotatable ? words.rotateWhy : whyNotRotate}>
          <Button size="small" disabled={!isRotatable} aria-disabled={isSending} onClick={rotate}>
            {words.rotate}
          </Button>
        </Deed>
        {accessKey.isActive ? (
          <Deed why={words.disableWhy}>
            <Button
              size="small"
              aria-disabled={isSending}
              onClick={() =>
                send(
                  () => disableAccessKeyAction(ref),
                  () => tell(words.disabledNow(id)),
                )
              }
            >
              {words.disable}
            </Button>
          </Deed>
        ) : (
          <Deed why={words.enableWhy}>
            <Button
              size="small"
              aria-disabled={isSending}
              onClick={() =>
                send(
                  () => enableAccessKeyAction(ref),
                  () => tell(words.enabledNow(id)),
                )
              }
            >
              {words.enable}
            </Button>
          </Deed>
        )}
        <Deed why={isDeleting ? words.deleteSure(id) : words.deleteWhy}>
          {isDeleting ? (
            <div className="flex gap-2">
              <Button size="small" look="danger" aria-disabled={isSending} onClick={remove}>
                {words.deleteNow}
              </Button>
              {/* Where the first press was: a second one by a slip of the hand keeps the key. */}
              <Button size="small" autoFocus onClick={onKeep}>
                {words.keep}
              </Button>
            </div>
          ) : (
            <Button size="small" onClick={onDelete}>
              {words.delete}
            </Button>
          )}
        </Deed>
        {refusal !== null && (
          <Notice look="bad" role="alert">
            {refusal}
          </Notice>
        )}
      </DialogBody>
      <DialogFoot>
        <Button className="ml-auto" onClick={onClose}>
          {words.done}
        </Button>
      </DialogFoot>
      {question}
    </Dialog>
  );
}
