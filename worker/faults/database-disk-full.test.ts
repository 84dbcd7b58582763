import { setTimeout as delay } from "node:timers/promises";
import { describe, it } from "vitest";
import { inForm } from "@/testing/fault-run.ts";
import { canMountDisk, type PostgresServer } from "@/testing/postgres-server.ts";
import { deliverThrough, ENTRY_REST_S } from "./database-delivery.ts";
import { provideDatabaseProduct } from "./database-product.ts";

/** Room for the tables and for WAL up to its bound; with more, filling it would take long. */
const DISK_BYTES = 700_000_000;
const FULL_MS = inForm({ short: 3_000, full: 10_000 });

// `npm test` leaves out what cannot be done here. Whoever asks for the full form is told by a failure, which says that nothing can be
// mounted: a test that was left out would be taken for one that passed.
const isSkipped = inForm({ short: !canMountDisk(), full: false });
if (isSkipped) {
  process.stdout.write("No file system can be mounted here: the database's disk is not filled.\n");
}

describe.skipIf(isSkipped)("a database whose disk is full", () => {
  const product = provideDatabaseProduct({ diskBytes: DISK_BYTES });

  it("goes on with every delivery once there is room again", async () => {
    await deliverThrough(product(), {
      name: "disk full",
      // While only some writes fail, a batch may be sent, and its progress refused, with each try of the entry; filling the disk is given
      // as long again.
      lossesMax: 1 + 2 * Math.ceil(FULL_MS / 1_000 / ENTRY_REST_S),
      isSeen: true,
      disturb: async () => {
        const makeRoom = product().server.fillDisk();
        await useUpLog(product().server);
        await delay(FULL_MS);
        makeRoom();
        // PostgreSQL ends itself when it cannot write its log; whoever keeps it running starts it again.
        await product().server.start();
      },
    });
  });
});

/** More than the files that PostgreSQL's log has in reserve. */
const LOG_FILES_MAX = 100;

/** Makes the server end each file of its log before it is full, until it finds no room for another one. */
async function useUpLog(server: PostgresServer): Promise<void> {
  for (let file = 0; file < LOG_FILES_MAX; file++) {
    const isTaken = await server
      .asSuperuser("SELECT pg_logical_emit_message(true, 'backtrail', 'fills the log'); SELECT pg_switch_wal()")
      .then(
        () => true,
        () => false,
      );
    if (!isTaken) {
      return;
    }
  }
  throw new Error("the disk is full, and the database still takes writes");
}
