import { methodsInWords } from "@/components/history-job/verification-words.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import type { SliceVerificationDto } from "@/domain/history-job/schema.ts";
import { jobPageWords } from "./words.ts";

/** What the last verification found of one slice, with both checksums for who compares them by hand. */
export function SliceProof({ finding }: { finding: SliceVerificationDto }) {
  const { method, inSink, missing, conflicts, checksumHere, checksumThere } = finding;
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { count } = useFormats();
  return (
    <div className="mt-3.5 border-t border-line pt-3.5">
      <Facts className="sm:grid-cols-[112px_1fr_112px_1fr]">
        <Fact name={method === "acknowledged" ? words.acknowledged : words.inLogstore}>{count(inSink)}</Fact>
        <Fact name={words.foundOut}>{methodsInWords([method], jobWords)}</Fact>
        <Fact name={words.missing}>{missing === null ? words.notKnown : count(missing)}</Fact>
        <Fact name={words.conflicts}>{conflicts === null ? words.notKnown : count(conflicts)}</Fact>
        <Fact name={words.checksumHere}>
          <Checksum hex={checksumHere} />
        </Fact>
        <Fact name={words.checksumThere}>
          {checksumThere === null ? words.cannotBeRead : <Checksum hex={checksumThere} />}
        </Fact>
      </Facts>
    </div>
  );
}

function Checksum({ hex }: { hex: string }) {
  return <code className="mono [overflow-wrap:anywhere]">{hex}</code>;
}
