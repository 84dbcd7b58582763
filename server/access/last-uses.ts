import "server-only";
import { isUseNoted, type LastUse } from "@/domain/access/access-key.ts";
import { pool } from "@/server/db.ts";
import { log } from "@/server/log.ts";

/**
 * For so long after a use of a key is written its later ones wait, so that a client that alternates between calls or addresses does not make its
 * key's row a hot one. Much longer, and who looks whether a key is still used would be told what was; much shorter, and it would bound nothing.
 */
const WRITE_EVERY_MS = 1_000;

/** What a process knows of a key's uses from one writing of them to the next. */
type Turn = {
  /** What the row says, as far as this process knows: others write it, too. */
  noted: LastUse;
  latest: LastUse;
};

/** One for each key that was used within the last second: few, and only of keys that have signed a request. */
const turns = new Map<string, Turn>();

/**
 * Notes a use of a key in its row, unless what is noted there says the same. A process writes a key's row once a second at most: the first
 * use is there when this resolves; of those that come meanwhile the last is there a second later, unless the process is killed or the database
 * fails before. An earlier use that another process notes later changes nothing, and neither does one of a key that is deleted.
 * @param noted what the row said when the key was read
 */
export async function noteUse(id: string, noted: LastUse | null, use: LastUse): Promise<void> {
  const turn = turns.get(id);
  if (turn !== undefined) {
    // Requests overtake each other between the reading of their key and here.
    turn.latest = laterOf(use, turn.latest);
    turn.noted = noted === null ? turn.noted : laterOf(noted, turn.noted);
  } else if (!isUseNoted(noted, use)) {
    await beginTurn(id, use);
  }
}

/** Writes the uses that wait, for a process that ends. Call it when no request is under way any more. */
export async function writeWaitingUses(): Promise<void> {
  await Promise.all([...turns.keys()].map(endTurn));
}

async function beginTurn(id: string, use: LastUse): Promise<void> {
  turns.set(id, { noted: use, latest: use });
  try {
    await writeUse(id, use);
  } catch (error) {
    // The next use is written again, and not taken for one that has just been.
    turns.delete(id);
    throw error;
  }
  setTimeout(() => {
    endTurn(id).catch((error) =>
      log.error({ err: error, accessKeyId: id }, "the last use of a key could not be noted"),
    );
  }, WRITE_EVERY_MS);
}

/** Begins the next with what has come meanwhile, if the row does not say the same. */
async function endTurn(id: string): Promise<void> {
  const turn = turns.get(id);
  turns.delete(id);
  if (turn !== undefined && !isUseNoted(turn.noted, turn.latest)) {
    await beginTurn(id, turn.latest);
  }
}

/** Of two of the same moment the first that is given, which is news. */
function laterOf(use: LastUse, other: LastUse): LastUse {
  return use.at < other.at ? other : use;
}

async function writeUse(id: string, { at, from, call }: LastUse): Promise<void> {
  await pool().query({
    name: "note-last-use",
    text: `UPDATE "access_key" SET "last_used_at" = $2, "last_used_from" = $3, "last_used_call" = $4
      WHERE "id" = $1 AND ("last_used_at" IS NULL OR "last_used_at" <= $2)`,
    values: [id, at.toISOString(), from, call],
  });
}
