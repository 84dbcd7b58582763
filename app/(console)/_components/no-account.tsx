import { Brand } from "@/components/ui/brand.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { SignOutButton } from "./sign-out-button.tsx";

/** A person without a place in any account can see nothing, so the frame has nothing to stand around. */
export function NoAccount({ email }: { email: string }) {
  return (
    <main className="mx-auto grid max-w-[460px] gap-4 px-4 py-16">
      <Brand />
      <StatePanel title="You are in no account yet" action={<SignOutButton />}>
        {email} is signed in, but belongs to no account. Ask an admin of the account to add you.
      </StatePanel>
    </main>
  );
}
