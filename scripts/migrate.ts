import { runCommand } from "./command.ts";
import { withDatabase } from "./database.ts";

// `npm run migrate`: brings the database to this version, without starting anything. Opening it does all of that.
await runCommand(() => withDatabase(async () => undefined));
