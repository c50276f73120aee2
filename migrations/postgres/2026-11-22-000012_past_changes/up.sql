-- How often figures were changed that had stood for days: what was read of such a time still holds while it is the same.
ALTER TABLE audit_chain ADD COLUMN past_changes BIGINT NOT NULL DEFAULT 0;
