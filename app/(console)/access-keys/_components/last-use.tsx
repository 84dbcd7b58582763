import { useWords } from "@/components/language/language-provider.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import type { AccessKeyDto } from "@/domain/access/access-key-schema.ts";
import { accessKeyWords } from "./words.ts";

/** When a key was used last, for which call and from where. */
export function LastUse({ lastUse, now }: Pick<AccessKeyDto, "lastUse"> & { now: string }) {
  const words = useWords(accessKeyWords);
  if (lastUse === null) {
    return <span className="text-ink-2">{words.notUsed}</span>;
  }
  return (
    <div className="[overflow-wrap:anywhere]">
      <Instant at={lastUse.at} now={now} shown="relative" />
      <div className="text-sm text-ink-2">{words.callFrom(lastUse.call, lastUse.from)}</div>
    </div>
  );
}
