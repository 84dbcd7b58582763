"use client";

import dynamic from "next/dynamic";
import { NotOpened } from "@/app/(console)/_components/not-opened.tsx";
import { usePanel } from "@/app/(console)/_components/use-panel.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { usePreload } from "@/components/ui/use-preload.ts";
import type { AccessKeyDto } from "@/domain/access/access-key-schema.ts";
import { AccessKeyTable } from "./access-key-table.tsx";
import { accessKeyWords } from "./words.ts";

const loadMakeDialog = () => import("./make-dialog.tsx");
const loadKeyDialog = () => import("./key-dialog.tsx");
const loadDialogs = () => Promise.all([loadMakeDialog(), loadKeyDialog()]);

const MakeDialog = dynamic(() => loadMakeDialog().then((part) => part.MakeDialog), { ssr: false });
const KeyDialog = dynamic(() => loadKeyDialog().then((part) => part.KeyDialog), { ssr: false });

/** The keys of the account's API clients; which dialog is open is in the address. */
export function AccessKeys({ keys, now }: { keys: readonly AccessKeyDto[]; now: string }) {
  const words = useWords(accessKeyWords);
  usePreload(loadDialogs);
  const { panel, open, close } = usePanel();
  const opened = keys.find(({ id }) => id === panel || deletionOf(id) === panel);
  return (
    <>
      <PageHead
        title={words.title}
        below={words.purpose}
        action={
          <Button look="primary" onClick={() => open("make")}>
            {words.make}
          </Button>
        }
      />
      {panel !== null && panel !== "make" && opened === undefined && <NotOpened why={words.gone} className="mb-4" />}
      {keys.length === 0 ? (
        <StatePanel title={words.none}>{words.noneWhy}</StatePanel>
      ) : (
        <AccessKeyTable keys={keys} now={now} onOpen={open} />
      )}
      {panel === "make" && <MakeDialog onClose={close} />}
      {opened !== undefined && (
        <KeyDialog
          key={opened.id}
          accessKey={opened}
          now={now}
          isDeleting={panel === deletionOf(opened.id)}
          onDelete={() => open(deletionOf(opened.id))}
          onKeep={() => open(opened.id)}
          onClose={close}
        />
      )}
    </>
  );
}

/** What the address calls the question before a key's deletion. */
function deletionOf(id: string): string {
  return `delete:${id}`;
}
