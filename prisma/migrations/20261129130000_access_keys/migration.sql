-- What a key is for, the key whose place it takes, and its last use. The columns of the last use are in no index, so that writing them
-- moves no entry of one.
ALTER TABLE "access_key"
  ADD COLUMN "name" TEXT CHECK (length("name") > 0),
  ADD COLUMN "predecessor_id" TEXT,
  ADD COLUMN "last_used_at" TIMESTAMPTZ(3),
  ADD COLUMN "last_used_from" TEXT,
  ADD COLUMN "last_used_call" TEXT,
  ADD CONSTRAINT "access_key_predecessor_id_fkey" FOREIGN KEY ("predecessor_id") REFERENCES "access_key" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT "access_key_last_use" CHECK (num_nulls("last_used_at", "last_used_from", "last_used_call") IN (0, 3));
-- A key is rotated into one other: two rotations at once make one new key.
CREATE UNIQUE INDEX "access_key_predecessor_id_key" ON "access_key" ("predecessor_id");
