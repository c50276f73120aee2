-- A correction names the record it replaces or takes back.
ALTER TABLE zone_decision ADD COLUMN corrects_id INTEGER REFERENCES zone_decision (id);
ALTER TABLE zone_decision ADD COLUMN is_withdrawal BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE zone_decision ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- Derived: what counts of each place's decisions, packed (see store/zone_lines.rs).
CREATE TABLE zone_line (
  unit_id INTEGER NOT NULL PRIMARY KEY REFERENCES unit (id),
  newest_id INTEGER NOT NULL REFERENCES zone_decision (id),
  steps BLOB NOT NULL
);

-- Totals as an issuer published them, kept beside what is computed from the decisions that are known.
CREATE TABLE published_zone_total (
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  kind TEXT NOT NULL,
  effective_from INTEGER NOT NULL,
  scheme TEXT NOT NULL,
  level INTEGER NOT NULL,
  places INTEGER NOT NULL CHECK (places >= 0),
  source TEXT NOT NULL,
  source_url TEXT NOT NULL,
  PRIMARY KEY (unit_id, kind, effective_from, level)
) WITHOUT ROWID;

-- Append-only: the last mark on a place for a window is the one in force.
CREATE TABLE award_mark (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id)
);
CREATE INDEX award_mark_window ON award_mark (starts_on, ends_on, unit_id, id);

-- Proposals are few among the decisions; a board asks for those below a place.
CREATE INDEX zone_decision_proposal ON zone_decision (unit_id) WHERE NOT is_official OR corrects_id IS NOT NULL;
