"use client";

import { lazy, type ReactNode, Suspense, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { frameWords } from "./words.ts";

/** Loaded when it is opened for the first time, as the preferences are. */
const AccountMenu = lazy(async () => ({ default: (await import("./account-menu.tsx")).AccountMenu }));

export type AccountChoice = { readonly id: string; readonly name: string };

type AccountSwitcherProps = { account: AccountChoice; accounts: readonly AccountChoice[] };

/** Which account this is; for who has several, the way to the others. */
export function AccountSwitcher({ account, accounts }: AccountSwitcherProps) {
  const words = useWords(frameWords);
  const [isWanted, setIsWanted] = useState(false);
  const frame =
    "mb-3 block w-full rounded-control border border-line bg-card px-2.5 py-1.5 text-left max-sm:order-2 max-sm:mb-0 max-sm:ml-auto max-sm:w-auto max-sm:px-2 max-sm:py-0.5";
  const content: ReactNode = (
    <>
      <b className="block text-sm font-semibold break-words max-sm:hidden">{account.name}</b>
      <span className="mono text-ink-3">{account.id}</span>
    </>
  );
  if (accounts.length < 2) {
    return <div className={frame}>{content}</div>;
  }
  const button = (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={words.switchFrom(account.name, account.id)}
      onClick={() => setIsWanted(true)}
      className={`${frame} hover:border-line-strong`}
    >
      {content}
      <span aria-hidden className="float-right text-ink-3">
        ⇅
      </span>
    </button>
  );
  return isWanted ? (
    <Suspense fallback={button}>
      <AccountMenu account={account} accounts={accounts} trigger={button} />
    </Suspense>
  ) : (
    button
  );
}
