ALTER TABLE audit_chain DROP COLUMN past_changes;
