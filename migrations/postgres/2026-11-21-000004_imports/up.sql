-- A plan without an area speaks of the whole country.
ALTER TABLE plan ALTER COLUMN area_id DROP NOT NULL;

-- Append-only: a file that was taken in. Its figures and decisions name it and the row they come from.
CREATE TABLE import (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  plan_id BIGINT REFERENCES plan (id),
  scheme TEXT COLLATE "C",
  file_name TEXT NOT NULL,
  file_hash TEXT COLLATE "C" NOT NULL,
  sheet TEXT NOT NULL,
  scope_id BIGINT REFERENCES unit (id),
  reason TEXT NOT NULL,
  rows_read INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  CHECK (rows_read = accepted + unchanged + refused + skipped)
);
CREATE INDEX import_file ON import (file_hash, account_id);
ALTER TABLE report ADD COLUMN import_id BIGINT REFERENCES import (id), ADD COLUMN import_row INTEGER;
ALTER TABLE zone_decision ADD COLUMN import_id BIGINT REFERENCES import (id), ADD COLUMN import_row INTEGER;
CREATE INDEX report_import ON report (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX zone_decision_import ON zone_decision (import_id) WHERE import_id IS NOT NULL;
