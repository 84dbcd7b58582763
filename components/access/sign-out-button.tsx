"use client";

import { useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { signOutWords } from "./sign-out-words.ts";

/** Ends the session, and with it all that this tab has read. */
export function SignOutButton() {
  const words = useWords(signOutWords);
  const [failed, setFailed] = useState(false);

  const signOut = async () => {
    const response = await fetch("/api/auth/sign-out", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    }).catch(() => null);
    if (response?.ok) {
      // A full load, so that nothing of the session stays in memory.
      window.location.assign("/sign-in");
    } else {
      setFailed(true);
    }
  };

  return (
    <button type="button" onClick={signOut} className="rounded-cell underline-offset-2 hover:text-ink hover:underline">
      {failed ? words.signOutAgain : words.signOut}
    </button>
  );
}
