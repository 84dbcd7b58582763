import { mintAccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { closeDatabase } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { closeQueue } from "@/server/queue.ts";

// A process of its own that starts many creations at once and prints their answers as JSON, for the race tests.

const [accountId = "", mode = "", processIndex = "", count = ""] = process.argv.slice(2);
const scope = mintAccountScope(
  accountId,
  { type: "command-line", id: "race", name: "race", from: null },
  "actiontrail:CreateDeliveryHistoryJob",
);

const answers = await Promise.all(
  Array.from({ length: Number(count) }, async (_, index) => {
    const clientToken = mode === "one-token" ? "one-token" : `${mode}-${processIndex}-${index}`;
    try {
      return await createHistoryJob(
        scope,
        createHistoryJobInputSchema.parse({ trailName: "all-regions", clientToken }),
      );
    } catch (error) {
      if (error instanceof DomainError) {
        return { code: error.code };
      }
      throw error;
    }
  }),
);
process.stdout.write(JSON.stringify(answers));
await closeQueue();
await closeDatabase();
