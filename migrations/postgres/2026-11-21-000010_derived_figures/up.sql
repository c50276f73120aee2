-- What is derived from the reports needs no keys checked row by row: `verify` recomputes all of it.
ALTER TABLE latest
  DROP CONSTRAINT latest_unit_id_fkey,
  DROP CONSTRAINT latest_indicator_id_fkey,
  DROP CONSTRAINT latest_report_id_fkey;
ALTER TABLE tally
  DROP CONSTRAINT tally_unit_id_fkey,
  DROP CONSTRAINT tally_indicator_id_fkey;
