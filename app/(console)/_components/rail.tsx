import Link from "next/link";
import { getWords } from "@/app/_request/preferences.ts";
import { SignOutButton } from "@/components/access/sign-out-button.tsx";
import { Brand } from "@/components/ui/brand.tsx";
import type { Theme } from "@/components/ui/theme.ts";
import type { Role } from "@/domain/access/role.ts";
import { type AccountChoice, AccountSwitcher } from "./account-switcher.tsx";
import { Preferences } from "./preferences.tsx";
import { RailLink } from "./rail-link.tsx";
import { frameWords } from "./words.ts";

type RailProps = {
  account: AccountChoice;
  /** All that the person has a place in. */
  accounts: readonly AccountChoice[];
  email: string;
  role: Role;
  theme: Theme;
  /** Whether the person may read the audit. */
  hasAudit: boolean;
  /** Whether the person may see who else has a place in the account. */
  hasPeople: boolean;
  /** Whether the person may see the keys of the account's API clients. */
  hasAccessKeys: boolean;
};

/** Where one is, where one can go, and who one is here. On a narrow screen it is a bar on top. */
export async function Rail({ account, accounts, email, role, theme, hasAudit, hasPeople, hasAccessKeys }: RailProps) {
  const words = await getWords(frameWords);
  return (
    <header className="print:hidden flex flex-col gap-0.5 border-line px-3 py-4 max-sm:flex-row max-sm:flex-wrap max-sm:items-center max-sm:gap-x-3 max-sm:gap-y-2 max-sm:border-b max-sm:px-4 max-sm:py-2.5 sm:sticky sm:top-0 sm:z-10 sm:h-dvh sm:overflow-y-auto">
      <Brand className="px-2 pt-0.5 pb-3.5 max-sm:p-0" />
      <AccountSwitcher account={account} accounts={accounts} />
      <nav
        aria-label={words.console}
        className="flex flex-col gap-0.5 max-sm:order-4 max-sm:w-full max-sm:flex-row max-sm:overflow-x-auto"
      >
        <RailLink href="/trails">{words.trails}</RailLink>
        <RailLink href="/jobs">{words.jobs}</RailLink>
        <RailLink href="/events">{words.events}</RailLink>
        <RailLink href="/destinations">{words.destinations}</RailLink>
        {hasPeople && <RailLink href="/people">{words.people}</RailLink>}
        {hasAccessKeys && <RailLink href="/access-keys">{words.accessKeys}</RailLink>}
        {hasAudit && <RailLink href="/audit">{words.audit}</RailLink>}
        <RailLink href="/api-explorer">{words.apiExplorer}</RailLink>
      </nav>
      <div className="mt-auto px-2.5 py-2 text-xs text-ink-3 max-sm:order-5 max-sm:mt-0 max-sm:flex max-sm:items-center max-sm:gap-2 max-sm:p-0">
        <div className="break-words max-sm:hidden">{email}</div>
        <div className="flex flex-wrap items-center gap-x-1">
          <Link href="/security" className="rounded-cell underline-offset-2 hover:text-ink hover:underline">
            {words.security}
          </Link>
          <span>·</span>
          <span>{words.roles[role]} · UTC ·</span>
          <Preferences theme={theme} />
          <span>·</span>
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}
