-- Append-only also where one role is owner and application, whom no right that is withheld keeps from anything. The semicolon in the body
-- is written \x3b because Prisma's adapter ends a statement at each.
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS E'BEGIN
  RAISE EXCEPTION ''audit entries can only be added'' USING ERRCODE = ''insufficient_privilege''\x3b
END';
CREATE TRIGGER "audit_entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
