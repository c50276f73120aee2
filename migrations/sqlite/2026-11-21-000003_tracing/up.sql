-- Append-only: what health staff count of a commune or hamlet on a day. A correction supersedes; what nothing supersedes
-- is in force. Blank: not reported, never 0.
CREATE TABLE tracing_record (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  day DATE NOT NULL,
  f0_new INTEGER CHECK (f0_new >= 0),
  f0_community INTEGER CHECK (f0_community >= 0),
  f1_traced INTEGER CHECK (f1_traced >= 0),
  f2_traced INTEGER CHECK (f2_traced >= 0),
  quarantine_central INTEGER CHECK (quarantine_central >= 0),
  quarantine_home INTEGER CHECK (quarantine_home >= 0),
  f1_lists_complete_24h INTEGER CHECK (f1_lists_complete_24h >= 0),
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  channel TEXT NOT NULL,
  reason TEXT NOT NULL,
  supersedes_id INTEGER UNIQUE REFERENCES tracing_record (id),
  CHECK (f0_community <= f0_new),
  CHECK (f1_lists_complete_24h <= f0_new)
);
CREATE INDEX tracing_record_unit ON tracing_record (unit_id, day, id);
-- With the unique supersedes_id: one line of records for a unit and day, so one in force.
CREATE UNIQUE INDEX tracing_record_first ON tracing_record (unit_id, day) WHERE supersedes_id IS NULL;
