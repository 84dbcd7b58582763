import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { getTheme, getWords } from "@/app/_request/preferences.ts";
import { isOffered, noteNoPlace, requirePerson, requireScope } from "@/app/_request/session.ts";
import { listOwnAccounts } from "@/server/access/queries.ts";
import { findSlotJob } from "@/server/history-job/queries.ts";
import { AccountTab } from "./_components/account-tab.tsx";
import { NoAccount } from "./_components/no-account.tsx";
import { QueryProvider } from "./_components/query-provider.tsx";
import { Rail } from "./_components/rail.tsx";
import { Slot } from "./_components/slot.tsx";
import { frameWords } from "./_components/words.ts";

/** The frame of every page of the console: the rail, and on top the account's slot. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const person = await requirePerson();
  if (person.membership === null) {
    await noteNoPlace(person);
    return <NoAccount email={person.email} />;
  }
  const { accountId, accountName, role } = person.membership;
  const [slot, accounts, theme, words] = await Promise.all([
    requireScope("actiontrail:ListDeliveryHistoryJobs").then(findSlotJob),
    listOwnAccounts(person.userId),
    getTheme(),
    getWords(frameWords),
  ]);
  return (
    <NuqsAdapter>
      <AccountTab accountId={accountId} />
      <QueryProvider slot={slot}>
        <a
          href="#page"
          className="sr-only rounded-control bg-card focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-40 focus:px-3 focus:py-2"
        >
          {words.skip}
        </a>
        <div className="min-h-dvh sm:grid sm:grid-cols-[208px_minmax(0,1fr)] print:block">
          <Rail
            account={{ id: accountId, name: accountName }}
            email={person.email}
            role={role}
            theme={theme}
            accounts={accounts}
            hasAudit={await isOffered("backtrail:LookupAuditEntries")}
            hasPeople={await isOffered("backtrail:ListMembers")}
            hasAccessKeys={await isOffered("backtrail:ListAccessKeys")}
          />
          <div className="min-w-0 border-line sm:border-l print:border-0">
            <Slot />
            <main
              id="page"
              tabIndex={-1}
              className="max-w-[1240px] px-7 pt-6 pb-12 outline-none max-sm:px-4 max-sm:pt-4 print:max-w-none print:p-0"
            >
              {children}
            </main>
          </div>
        </div>
      </QueryProvider>
    </NuqsAdapter>
  );
}
