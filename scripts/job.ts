import { recordAuditEvents } from "@/server/access/audit.ts";
import { closeDatabase } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { runCommand } from "./command.ts";
import { withDatabase } from "./database.ts";
import { readJobRequest } from "./job-arguments.ts";
import { carryOut } from "./job-command.ts";

// `npm run job`: looks at the history jobs of an account and changes their course, as the console does.
await runCommand(async () => {
  const request = readJobRequest(process.argv.slice(2));
  await withDatabase(async () => {
    try {
      await carryOut(request);
      await recordAuditEvents();
    } finally {
      await closeQueue();
      await closeDatabase();
    }
  });
});
