"use client";

import type { ReactNode } from "react";
import { switchAccountAction } from "@/app/(console)/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Menu, MenuChoice } from "@/components/ui/menu.tsx";
import { tell } from "@/components/ui/toast.ts";
import type { AccountChoice } from "./account-switcher.tsx";
import { announceAccount } from "./account-tab.tsx";
import { frameWords } from "./words.ts";

type AccountMenuProps = { account: AccountChoice; accounts: readonly AccountChoice[]; trigger: ReactNode };

/** The choices behind the account's name, open from the first: whoever loads them has pressed it. */
export function AccountMenu({ account, accounts, trigger }: AccountMenuProps) {
  const words = useWords(frameWords);
  const choose = async (accountId: string) => {
    const result = await switchAccountAction({ accountId }).catch(() => null);
    if (result?.ok) {
      announceAccount(accountId);
      // A full load, so that nothing of the other account stays in memory.
      window.location.assign("/trails");
    } else {
      tell(result?.error.message ?? words.noAnswer);
    }
  };
  return (
    <Menu trigger={trigger} defaultOpen>
      <MenuChoice
        label={words.account}
        value={account.id}
        options={accounts.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
        onChoose={(accountId) => void choose(accountId)}
      />
    </Menu>
  );
}
