import { getWords } from "@/app/_request/preferences.ts";
import { SignOutButton } from "@/components/access/sign-out-button.tsx";
import { Brand } from "@/components/ui/brand.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { frameWords } from "./words.ts";

/** A person without a place in any account can see nothing, so the frame has nothing to stand around. */
export async function NoAccount({ email }: { email: string }) {
  const words = await getWords(frameWords);
  return (
    <main className="mx-auto grid max-w-[460px] gap-4 px-4 py-16">
      <Brand />
      <StatePanel isPage title={words.noAccount} action={<SignOutButton />}>
        {words.noAccountWhy(email)}
      </StatePanel>
    </main>
  );
}
