import { methodsInWords } from "@/components/history-job/verification-words.ts";
import { inGroups } from "@/components/language/counts.ts";
import { Fact, Facts } from "@/components/ui/facts.tsx";
import type { SliceVerificationDto } from "@/domain/history-job/schema.ts";

/** What the last verification found of one slice, with both checksums for who compares them by hand. */
export function SliceProof({ finding }: { finding: SliceVerificationDto }) {
  const { method, inSink, missing, conflicts, checksumHere, checksumThere } = finding;
  return (
    <div className="mt-3.5 border-t border-line pt-3.5">
      <Facts className="sm:grid-cols-[112px_1fr_112px_1fr]">
        <Fact name={method === "acknowledged" ? "Acknowledged" : "In the logstore"}>{inGroups(inSink)}</Fact>
        <Fact name="Found out">{methodsInWords([method])}</Fact>
        <Fact name="Missing">{missing === null ? "Not known" : inGroups(missing)}</Fact>
        <Fact name="Conflicts">{conflicts === null ? "Not known" : inGroups(conflicts)}</Fact>
        <Fact name="Checksum here">
          <Checksum hex={checksumHere} />
        </Fact>
        <Fact name="There">{checksumThere === null ? "Cannot be read" : <Checksum hex={checksumThere} />}</Fact>
      </Facts>
    </div>
  );
}

function Checksum({ hex }: { hex: string }) {
  return <code className="mono [overflow-wrap:anywhere]">{hex}</code>;
}
