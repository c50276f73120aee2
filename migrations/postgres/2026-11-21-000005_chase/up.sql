-- When reports are asked for: versions of a plan's timetable, append-only, each in force from a day on.
CREATE TABLE schedule (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id BIGINT NOT NULL REFERENCES plan (id),
  valid_from DATE NOT NULL,
  rules TEXT NOT NULL,
  is_assumed BOOLEAN NOT NULL,
  reason TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id)
);
CREATE INDEX schedule_plan ON schedule (plan_id, id);

-- More time for one unit and period; append-only, the last one counts.
CREATE TABLE extension (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id BIGINT NOT NULL REFERENCES plan (id),
  unit_id BIGINT NOT NULL REFERENCES unit (id),
  period_from DATE NOT NULL,
  until TIMESTAMPTZ NOT NULL,
  reason TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id)
);
CREATE INDEX extension_unit ON extension (plan_id, unit_id, period_from, id);

-- Units that need not report for a while: from the first day to the last, or without end. Append-only; the last row
-- about a first day counts, and one that ends before it begins takes it back.
CREATE TABLE exemption (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id BIGINT NOT NULL REFERENCES plan (id),
  unit_id BIGINT NOT NULL REFERENCES unit (id),
  first_day DATE NOT NULL,
  last_day DATE,
  reason TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id)
);
CREATE INDEX exemption_unit ON exemption (plan_id, unit_id, id);

-- What the office says of a report; append-only. A returned report stays in history and leaves every total for good.
CREATE TABLE review (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  report_id BIGINT NOT NULL REFERENCES report (id),
  outcome TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('accepted', 'returned')),
  reason TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id)
);
CREATE INDEX review_report ON review (report_id, id);
CREATE UNIQUE INDEX review_returned ON review (report_id) WHERE outcome = 'returned';

-- Derived: what a unit has sent of a period. `given`: its cohorts, a bit each in the plan's order; `counted`: those of
-- them that were not all 0. 0 given: everything was returned. `first_at`: when the first report that stands was recorded.
CREATE TABLE received (
  plan_id BIGINT NOT NULL,
  period_from DATE NOT NULL,
  unit_id BIGINT NOT NULL,
  first_at TIMESTAMPTZ,
  last_report_id BIGINT NOT NULL,
  given BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  PRIMARY KEY (plan_id, period_from, unit_id)
);
CREATE INDEX received_unit ON received (unit_id, plan_id, period_from);

-- The office contact of a unit: who is written to and called. Append-only, the last row counts.
CREATE TABLE unit_contact (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit_id BIGINT NOT NULL REFERENCES unit (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id)
);
CREATE INDEX unit_contact_unit ON unit_contact (unit_id, id);

-- The queue and the log of reminders. The unique key is claimed before anything is sent: the same unit is never
-- reminded twice of the same thing on a day, whichever process asks.
CREATE TABLE reminder (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id BIGINT NOT NULL REFERENCES plan (id),
  unit_id BIGINT NOT NULL REFERENCES unit (id),
  period_from DATE NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  day DATE NOT NULL,
  -- Counts what was asked for again on purpose: 0 the first, and the only one that is automatic.
  round INTEGER NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'logged')),
  attempts INTEGER NOT NULL,
  next_at TIMESTAMPTZ NOT NULL,
  answer TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  sent_at TIMESTAMPTZ,
  account_id BIGINT REFERENCES account (id),
  UNIQUE (unit_id, plan_id, period_from, kind, day, round)
);
-- One digest for a unit and day, whatever it is about.
CREATE UNIQUE INDEX reminder_digest ON reminder (unit_id, day, round) WHERE channel = 'email';
CREATE INDEX reminder_waiting ON reminder (next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX reminder_period ON reminder (plan_id, period_from, unit_id, id);

-- Runs of scheduled jobs: the row is claimed before the run, so that one instance runs it.
CREATE TABLE job_run (
  job TEXT COLLATE "C" NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  claimed_at TIMESTAMPTZ NOT NULL,
  finished_at TIMESTAMPTZ,
  outcome TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (job, due_at)
);
