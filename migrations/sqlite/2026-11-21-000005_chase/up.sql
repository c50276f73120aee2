-- When reports are asked for: versions of a plan's timetable, append-only, each in force from a day on.
CREATE TABLE schedule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  valid_from DATE NOT NULL,
  rules TEXT NOT NULL,
  is_assumed BOOLEAN NOT NULL,
  reason TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id)
);
CREATE INDEX schedule_plan ON schedule (plan_id, id);

-- More time for one unit and period; append-only, the last one counts.
CREATE TABLE extension (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  period_from DATE NOT NULL,
  until INTEGER NOT NULL,
  reason TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id)
);
CREATE INDEX extension_unit ON extension (plan_id, unit_id, period_from, id);

-- Units that need not report for a while: from the first day to the last, or without end. Append-only; the last row
-- about a first day counts, and one that ends before it begins takes it back.
CREATE TABLE exemption (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  first_day DATE NOT NULL,
  last_day DATE,
  reason TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id)
);
CREATE INDEX exemption_unit ON exemption (plan_id, unit_id, id);

-- What the office says of a report; append-only. A returned report stays in history and leaves every total for good.
CREATE TABLE review (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  report_id INTEGER NOT NULL REFERENCES report (id),
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'returned')),
  reason TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id)
);
CREATE INDEX review_report ON review (report_id, id);
CREATE UNIQUE INDEX review_returned ON review (report_id) WHERE outcome = 'returned';

-- Derived: what a unit has sent of a period. `given`: its cohorts, a bit each in the plan's order; `counted`: those of
-- them that were not all 0. 0 given: everything was returned. `first_at`: when the first report that stands was recorded.
CREATE TABLE received (
  plan_id INTEGER NOT NULL,
  period_from DATE NOT NULL,
  unit_id INTEGER NOT NULL,
  first_at INTEGER,
  last_report_id INTEGER NOT NULL,
  given INTEGER NOT NULL,
  counted INTEGER NOT NULL,
  PRIMARY KEY (plan_id, period_from, unit_id)
) WITHOUT ROWID;
CREATE INDEX received_unit ON received (unit_id, plan_id, period_from);

-- The office contact of a unit: who is written to and called. Append-only, the last row counts.
CREATE TABLE unit_contact (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id)
);
CREATE INDEX unit_contact_unit ON unit_contact (unit_id, id);

-- The queue and the log of reminders. The unique key is claimed before anything is sent: the same unit is never
-- reminded twice of the same thing on a day, whichever process asks.
CREATE TABLE reminder (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  period_from DATE NOT NULL,
  kind TEXT NOT NULL,
  day DATE NOT NULL,
  -- Counts what was asked for again on purpose: 0 the first, and the only one that is automatic.
  round INTEGER NOT NULL,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'logged')),
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  answer TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  sent_at INTEGER,
  account_id INTEGER REFERENCES account (id),
  UNIQUE (unit_id, plan_id, period_from, kind, day, round)
);
-- One digest for a unit and day, whatever it is about.
CREATE UNIQUE INDEX reminder_digest ON reminder (unit_id, day, round) WHERE channel = 'email';
CREATE INDEX reminder_waiting ON reminder (next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX reminder_period ON reminder (plan_id, period_from, unit_id, id);

-- Runs of scheduled jobs: the row is claimed before the run, so that one instance runs it.
CREATE TABLE job_run (
  job TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  claimed_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT NOT NULL,
  PRIMARY KEY (job, due_at)
);
