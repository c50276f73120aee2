-- Times are microseconds since 1970 in UTC.
-- One tree of places and agencies. Codes are text: official ones have leading zeros.
CREATE TABLE unit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  full_name TEXT NOT NULL,
  search_key TEXT NOT NULL,
  is_class BOOLEAN NOT NULL,
  parent_id INTEGER REFERENCES unit (id),
  valid_from DATE,
  valid_to DATE
);
CREATE INDEX unit_parent ON unit (parent_id);
CREATE INDEX unit_search ON unit (search_key);

-- Every unit with each of its ancestors; itself at depth 0.
CREATE TABLE unit_closure (
  ancestor_id INTEGER NOT NULL REFERENCES unit (id),
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  depth INTEGER NOT NULL,
  PRIMARY KEY (ancestor_id, unit_id)
);
CREATE INDEX unit_closure_unit ON unit_closure (unit_id, depth);

CREATE TABLE population (
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  as_of DATE NOT NULL,
  persons INTEGER NOT NULL CHECK (persons >= 0),
  households INTEGER NOT NULL CHECK (households >= 0),
  source TEXT NOT NULL,
  PRIMARY KEY (unit_id, as_of)
);

-- The definition is the plan file as JSON; indicators and assignments are drawn from it for joins.
CREATE TABLE plan (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  code TEXT NOT NULL UNIQUE,
  area_id INTEGER NOT NULL REFERENCES unit (id),
  definition TEXT NOT NULL,
  is_illustrative BOOLEAN NOT NULL
);
CREATE TABLE indicator (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  cohort TEXT NOT NULL,
  measure TEXT NOT NULL,
  UNIQUE (plan_id, cohort, measure)
);
CREATE TABLE assignment (
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  cohort TEXT NOT NULL,
  section TEXT NOT NULL,
  PRIMARY KEY (plan_id, unit_id, cohort)
);
CREATE INDEX assignment_unit ON assignment (unit_id, plan_id);

CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  username TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  is_disabled BOOLEAN NOT NULL,
  token_epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE role_grant (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id),
  role TEXT NOT NULL,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  UNIQUE (account_id, role, unit_id)
);
-- One row per refresh token; a family is one sign-in. Only a hash of the token is kept.
CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id),
  family TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  ended_at INTEGER
);
CREATE INDEX session_family ON session (family);
CREATE INDEX session_expires ON session (expires_at);

-- Append-only: a correction is a new report that supersedes.
CREATE TABLE report (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  as_of INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  channel TEXT NOT NULL,
  reason TEXT NOT NULL,
  supersedes_id INTEGER REFERENCES report (id)
);
CREATE INDEX report_unit ON report (unit_id, plan_id, as_of, id);
CREATE TABLE figure (
  report_id INTEGER NOT NULL REFERENCES report (id),
  unit_id INTEGER NOT NULL,
  indicator_id INTEGER NOT NULL REFERENCES indicator (id),
  as_of INTEGER NOT NULL,
  count INTEGER NOT NULL CONSTRAINT figure_count_not_negative CHECK (count >= 0),
  base INTEGER CONSTRAINT figure_base_not_negative CHECK (base >= 0),
  PRIMARY KEY (unit_id, indicator_id, as_of, report_id)
) WITHOUT ROWID;
CREATE INDEX figure_report ON figure (report_id);

-- Derived: the figure in force now of every series.
CREATE TABLE latest (
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  indicator_id INTEGER NOT NULL REFERENCES indicator (id),
  report_id INTEGER NOT NULL REFERENCES report (id),
  as_of INTEGER NOT NULL,
  count INTEGER NOT NULL,
  base INTEGER,
  PRIMARY KEY (unit_id, indicator_id)
) WITHOUT ROWID;

-- Derived: the roll-up ledger. Slots split rows that everybody writes; they are summed away on reading.
CREATE TABLE tally (
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  indicator_id INTEGER NOT NULL REFERENCES indicator (id),
  day DATE NOT NULL,
  slot INTEGER NOT NULL,
  count INTEGER NOT NULL,
  counted INTEGER NOT NULL,
  base INTEGER NOT NULL,
  units INTEGER NOT NULL,
  PRIMARY KEY (unit_id, indicator_id, day, slot)
) WITHOUT ROWID;

-- Append-only: the zone at a time is the last official decision effective by then.
CREATE TABLE zone_decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  scheme TEXT NOT NULL,
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 9),
  effective_from INTEGER NOT NULL,
  decision_number TEXT,
  decision_issuer TEXT,
  decision_date DATE,
  is_official BOOLEAN NOT NULL,
  note TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id)
);
CREATE INDEX zone_decision_unit ON zone_decision (unit_id, effective_from, id);

-- Re-sending is safe for seven days: the same operation has the same answer.
CREATE TABLE operation (
  account_id INTEGER NOT NULL REFERENCES account (id),
  op_id TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  answer TEXT NOT NULL,
  PRIMARY KEY (account_id, op_id)
);
CREATE INDEX operation_recorded ON operation (recorded_at);

-- Several chains, so that writers on several connections do not queue for one head.
CREATE TABLE audit_chain (
  chain INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
);
CREATE TABLE audit_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chain INTEGER NOT NULL REFERENCES audit_chain (chain),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  account_id INTEGER REFERENCES account (id),
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  unit_id INTEGER REFERENCES unit (id),
  detail TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (chain, seq)
);
CREATE INDEX audit_event_unit ON audit_event (unit_id, id);
INSERT INTO audit_chain (chain, seq, hash) VALUES (0, 0, '');
