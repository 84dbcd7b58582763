-- Sessions that hold now go on: all epochs begin at 0. What a release before this one begins, while it still runs, has 0 as well, and holds no
-- longer once its person's sessions have ended.
ALTER TABLE "user" ADD COLUMN "session_epoch" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "session" ADD COLUMN "epoch" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "verification" ADD COLUMN "session_epoch" INTEGER NOT NULL DEFAULT 0;
