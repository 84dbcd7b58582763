/** The cookie that says which of a person's accounts their browser works in. It opens nothing: roles are looked up for each request. */
export const ACCOUNT_COOKIE = "account";

/** The same where the console's public address has TLS: its name keeps neighbours under the same domain from setting it. */
export const ACCOUNT_COOKIE_TLS = "__Host-account";

/** What a page's requests say: the account that the page was drawn for (app/(console)/_components/account-tab.tsx). */
export const ACCOUNT_HEADER = "x-account";
