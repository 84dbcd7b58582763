"use client";

import type { UseFormRegisterReturn } from "react-hook-form";
import { useWords } from "@/components/language/language-provider.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Disclosure } from "@/components/ui/disclosure.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { redeliverWords } from "./words.ts";

type ClientTokenFieldProps = {
  clientToken: string;
  /** The person has typed it. */
  isOwn: boolean;
  error: string | undefined;
  /** Of the own token. */
  field: UseFormRegisterReturn;
  onNewToken: () => void;
};

/** The token that goes with every try. Most never touch it; automation that retries by hand brings its own. */
export function ClientTokenField({ clientToken, isOwn, error, field, onNewToken }: ClientTokenFieldProps) {
  const words = useWords(redeliverWords);
  return (
    <div>
      <div className="mb-1 flex flex-wrap gap-x-1.5 text-sm">
        <span className="font-[550]">{words.clientToken}</span>
        <span className="text-ink-3">{words.clientTokenFor}</span>
      </div>
      <div className="flex min-h-9 items-center gap-3 rounded-control border border-line bg-sunk px-2.5 py-1.5">
        <code className="mono min-w-0 [overflow-wrap:anywhere]" data-testid="client-token">
          {clientToken}
        </code>
        <CopyButton text={clientToken} label={words.copyClientToken} className="ml-auto shrink-0" />
      </div>
      <Disclosure name="advanced" summary={words.advanced} className="mt-2">
        <div className="mt-2 grid gap-2">
          <Field label={words.ownClientToken} hint={words.ownClientTokenHint} error={error}>
            {(control) => <Input {...control} {...field} autoComplete="off" spellCheck={false} className="mono" />}
          </Field>
          {!isOwn && (
            <button
              type="button"
              onClick={onNewToken}
              className="w-fit text-ink-2 underline underline-offset-2 hover:text-ink"
            >
              {words.newToken}
            </button>
          )}
        </div>
      </Disclosure>
    </div>
  );
}
