-- What an API call was answered with, so that the client's RequestId finds the entry. Those of before have none, as has what is no call.
ALTER TABLE "audit_entry" ADD COLUMN "request_id" TEXT;
