import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useWords } from "@/components/language/language-provider.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { CodeBlock } from "@/components/ui/code-block.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { CALL_CODE_KINDS, callCode, isCommandNarrower, type WrittenCall } from "@/domain/rpc/call-code.ts";
import { explorerWords } from "./words.ts";

const parseAsKind = parseAsStringLiteral(CALL_CODE_KINDS).withDefault("request");

/** The call as the form has it at this moment, for a client of one's own. */
export function CallCode({ call }: { call: WrittenCall }) {
  const words = useWords(explorerWords);
  const [kind, setKind] = useQueryState("as", parseAsKind);
  const code = callCode(kind, call);
  return (
    <Card className="min-w-0 px-[18px] py-3.5" aria-labelledby="call-code">
      <CardTitle id="call-code">{words.code}</CardTitle>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Choice
          label={words.codeAs}
          value={kind}
          options={CALL_CODE_KINDS.map((value) => ({ value, label: words.codes[value] }))}
          onChoose={(chosen) => void setKind(chosen)}
        />
        {code !== null && <CopyButton text={code} label={words.copyCode} className="ml-auto text-ink-2" />}
      </div>
      {code === null ? (
        <p className="text-ink-2">{words.noCode}</p>
      ) : (
        <>
          <CodeBlock label={words.codes[kind]}>{code}</CodeBlock>
          {kind === "cli" && isCommandNarrower(call) && (
            <Notice look="warn" className="mt-2">
              {words.commandNarrower(call.region)}
            </Notice>
          )}
          <p className="mt-2 text-xs text-ink-3">{words.codeWhy[kind]}</p>
        </>
      )}
    </Card>
  );
}
