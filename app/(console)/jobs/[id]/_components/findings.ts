import type { Formats } from "@/components/language/formats.ts";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";
import type { JobPageWords } from "./words.ts";

type Finding = { readonly name: string; readonly value: string; readonly isLoss: boolean };

type Verified = Pick<
  JobVerificationDto,
  "methods" | "inSink" | "missing" | "conflicts" | "checksumsEqual" | "slicesMissing" | "slicesTotal" | "arrivedLater"
>;

/** What a whole comparison found, each only where its method can tell: the facts, and sentences on what follows from them. */
export function findingsOf(
  verification: Verified,
  words: JobPageWords,
  { count }: Formats,
): { facts: readonly Finding[]; notes: readonly string[] } {
  const { missing, conflicts } = verification;
  const countOrUnknown = (known: number | null) => (known === null ? words.notKnown : count(known));
  return {
    facts: [
      {
        // A log service that cannot be read was only heard saying "accepted".
        name: verification.methods.includes("acknowledged") ? words.acknowledged : words.inLogstore,
        value: count(verification.inSink),
        isLoss: false,
      },
      { name: words.missing, value: countOrUnknown(missing), isLoss: missing !== null && missing > 0 },
      { name: words.conflicts, value: countOrUnknown(conflicts), isLoss: conflicts !== null && conflicts > 0 },
      checksums(verification, words),
    ],
    notes: notesOn(verification, words),
  };
}

function checksums({ checksumsEqual, slicesTotal }: Verified, words: JobPageWords): Finding {
  const name = words.checksums;
  if (slicesTotal === 0 || checksumsEqual === null) {
    return { name, value: words.notCompared, isLoss: false };
  }
  return checksumsEqual
    ? { name, value: words.checksumsEqual, isLoss: false }
    : { name, value: words.checksumsDiffer, isLoss: true };
}

function notesOn(
  { methods, missing, conflicts, slicesMissing, arrivedLater }: Verified,
  words: JobPageWords,
): readonly string[] {
  return [
    methods.includes("acknowledged") ? words.noteAcknowledged : null,
    methods.includes("checksum") ? words.noteChecksum : null,
    missing !== null && missing > 0 && slicesMissing > 0 ? words.noteMissing(slicesMissing) : null,
    conflicts !== null && conflicts > 0 ? words.noteConflicts : null,
    arrivedLater !== null && arrivedLater > 0 ? words.noteArrivedLater(arrivedLater) : null,
  ].filter((note) => note !== null);
}
