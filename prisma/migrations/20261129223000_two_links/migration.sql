-- Anybody may ask for a mail. It has a place of its own, so that it takes nobody the link that an admin has made. Which of them made a link of
-- before, nothing says, and it holds for an hour at most.
ALTER TABLE "password_reset" ADD COLUMN "is_requested" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "password_reset" ALTER COLUMN "is_requested" DROP DEFAULT;
ALTER TABLE "password_reset" DROP CONSTRAINT "password_reset_pkey";
ALTER TABLE "password_reset" ADD CONSTRAINT "password_reset_pkey" PRIMARY KEY ("user_id", "is_requested");
