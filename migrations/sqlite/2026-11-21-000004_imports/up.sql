-- A plan without an area speaks of the whole country.
ALTER TABLE plan ADD COLUMN area INTEGER REFERENCES unit (id);
UPDATE plan SET area = area_id;
ALTER TABLE plan DROP COLUMN area_id;
ALTER TABLE plan RENAME COLUMN area TO area_id;

-- Append-only: a file that was taken in. Its figures and decisions name it and the row they come from.
CREATE TABLE import (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  plan_id INTEGER REFERENCES plan (id),
  scheme TEXT,
  file_name TEXT NOT NULL,
  file_hash TEXT NOT NULL,
  sheet TEXT NOT NULL,
  scope_id INTEGER REFERENCES unit (id),
  reason TEXT NOT NULL,
  rows_read INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  CHECK (rows_read = accepted + unchanged + refused + skipped)
);
CREATE INDEX import_file ON import (file_hash, account_id);
ALTER TABLE report ADD COLUMN import_id INTEGER REFERENCES import (id);
ALTER TABLE report ADD COLUMN import_row INTEGER;
ALTER TABLE zone_decision ADD COLUMN import_id INTEGER REFERENCES import (id);
ALTER TABLE zone_decision ADD COLUMN import_row INTEGER;
CREATE INDEX report_import ON report (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX zone_decision_import ON zone_decision (import_id) WHERE import_id IS NOT NULL;
