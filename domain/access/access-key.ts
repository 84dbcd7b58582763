/** The last use of a key: of the requests that were signed with it while it was active. */
export type LastUse = {
  readonly at: Date;
  /** The client's address. */
  readonly from: string;
  /** The action of the vendor's API, or the RAM action of a request to the built-in log service. */
  readonly call: string;
};

/** The last use is known as exactly as this, so that the key of a busy client with one call is written a few times a minute. */
const USE_NOTED_MS = 10_000;

/** Whether the last use that is noted says as much as this one: the same call from the same address, a moment ago. */
export function isUseNoted(noted: LastUse | null, use: LastUse): boolean {
  return (
    noted !== null &&
    noted.call === use.call &&
    noted.from === use.from &&
    use.at.getTime() - noted.at.getTime() < USE_NOTED_MS
  );
}

/** How a key stands to the other one that its client has during a rotation. */
export type KeyPair = {
  /** The key whose place this one takes. */
  readonly predecessorId: string | null;
  /** The key that takes this one's place. */
  readonly successorId: string | null;
};

/**
 * A client has two keys at most, the old one and the new one: it is rotated again once the old one is deleted. Otherwise keys that nobody
 * uses any more would pile up, each of which opens as much.
 */
export function canRotate({ predecessorId, successorId }: KeyPair): boolean {
  return predecessorId === null && successorId === null;
}

/**
 * Whether the audit notes this one of many tries with a key that is switched off: the 1st, 2nd, 5th, 10th, 20th, 50th and so on. Of a flood it
 * then has how it began, and how large it was to within a factor of two and a half, in three entries for each digit of its count.
 */
export function isTryNoted(count: number): boolean {
  return /^[125]0*$/.test(String(count));
}
