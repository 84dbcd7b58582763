import { countOf, inGroups } from "@/components/language/counts.ts";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";

type Finding = { readonly name: string; readonly value: string; readonly isLoss: boolean };

type Verified = Pick<
  JobVerificationDto,
  "methods" | "inSink" | "missing" | "conflicts" | "checksumsEqual" | "slicesMissing" | "slicesTotal" | "arrivedLater"
>;

/** What a whole comparison found, each only where its method can tell: the facts, and sentences on what follows from them. */
export function findingsOf(verification: Verified): { facts: readonly Finding[]; notes: readonly string[] } {
  const { missing, conflicts } = verification;
  return {
    facts: [
      {
        // A log service that cannot be read was only heard saying "accepted".
        name: verification.methods.includes("acknowledged") ? "Acknowledged" : "In the logstore",
        value: inGroups(verification.inSink),
        isLoss: false,
      },
      { name: "Missing", value: countOrUnknown(missing), isLoss: missing !== null && missing > 0 },
      { name: "Conflicts", value: countOrUnknown(conflicts), isLoss: conflicts !== null && conflicts > 0 },
      checksums(verification),
    ],
    notes: notesOn(verification),
  };
}

function countOrUnknown(count: number | null): string {
  return count === null ? "Not known" : inGroups(count);
}

function checksums({ checksumsEqual, slicesTotal }: Verified): Finding {
  const name = "Checksums";
  if (slicesTotal === 0 || checksumsEqual === null) {
    return { name, value: "Not compared", isLoss: false };
  }
  return checksumsEqual
    ? { name, value: "Equal in every slice, for what was delivered", isLoss: false }
    : { name, value: "Different, for what was delivered", isLoss: true };
}

function notesOn({ methods, missing, conflicts, slicesMissing, arrivedLater }: Verified): readonly string[] {
  const notes: string[] = [];
  if (methods.includes("acknowledged")) {
    notes.push(
      "This log service cannot be read back. It has acknowledged what is counted here, each event at least once; whether some are there twice, or were removed since, is not known.",
    );
  }
  if (methods.includes("checksum")) {
    notes.push(
      "History no longer has all events of the slices that were compared by count and checksum, so single missing events cannot be named there.",
    );
  }
  if (missing !== null && missing > 0 && slicesMissing > 0) {
    notes.push(
      `${countOf(slicesMissing, "slice misses", "slices miss")} events that history still has: "Redeliver only what is missing" sends just those slices.`,
    );
  }
  if (conflicts !== null && conflicts > 0) {
    notes.push("A conflict is an event that the logstore has with another text. The one stored first stays.");
  }
  if (arrivedLater !== null && arrivedLater > 0) {
    notes.push(
      `${countOf(arrivedLater, "event of the window was", "events of the window were")} recorded after this job was created. They are not part of it, and not missing.`,
    );
  }
  return notes;
}
