"use client";

import { useLayoutEffect } from "react";
import { ACCOUNT_HEADER } from "@/domain/access/account-choice.ts";

const CHANNEL = "account";

/** This page has made the choice itself and is on its way to the new account; its own channel hears of it, too. */
let isLeaving = false;

/**
 * Ties this tab to the account that its page was drawn for. The choice of an account is the browser's, so that one made in another tab holds
 * here, too: each request of this page says which account it is about, and is refused when that is not the chosen one any more; and
 * the page is loaded anew as soon as it hears of the choice. The header is put on here, once, because server actions are
 * sent by Next, which has no place for it.
 */
export function AccountTab({ accountId }: { accountId: string }) {
  useLayoutEffect(() => {
    const plainFetch = window.fetch;
    window.fetch = (input, init) => {
      const request = new Request(input, init);
      if (new URL(request.url).origin === window.location.origin) {
        request.headers.set(ACCOUNT_HEADER, accountId);
      }
      return plainFetch(request);
    };
    return () => {
      window.fetch = plainFetch;
    };
  }, [accountId]);

  useLayoutEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }) => {
      if (!isLeaving && data !== accountId) {
        window.location.reload();
      }
    };
    return () => channel.close();
  }, [accountId]);

  return null;
}

/** Tells the other tabs which account was chosen. The page that does so loads itself anew. */
export function announceAccount(accountId: string): void {
  isLeaving = true;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(accountId);
  channel.close();
}
