-- Append-only: what a unit finds difficult. Where it stands is its last step; without one it was received.
CREATE TABLE difficulty (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id BIGINT NOT NULL REFERENCES plan (id),
  unit_id BIGINT NOT NULL REFERENCES unit (id),
  category TEXT COLLATE "C" NOT NULL,
  body TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id)
);
CREATE INDEX difficulty_unit ON difficulty (unit_id, id);
CREATE TABLE difficulty_step (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  difficulty_id BIGINT NOT NULL REFERENCES difficulty (id),
  state TEXT COLLATE "C" NOT NULL,
  note TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  -- Steps only go forward, so each is taken once.
  UNIQUE (difficulty_id, state)
);

-- Append-only: whether a unit has issued a document of its own to carry out the plan; the last record is in force.
CREATE TABLE own_document (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id BIGINT NOT NULL REFERENCES plan (id),
  unit_id BIGINT NOT NULL REFERENCES unit (id),
  is_issued BOOLEAN NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  issued_on DATE,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id)
);
CREATE INDEX own_document_unit ON own_document (unit_id, plan_id, id);

-- Append-only: letterhead, recipients and signers of the official report of a place; the last record is in force.
CREATE TABLE report_setting (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id BIGINT NOT NULL REFERENCES plan (id),
  unit_id BIGINT NOT NULL REFERENCES unit (id),
  letter TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id)
);
CREATE INDEX report_setting_unit ON report_setting (unit_id, plan_id, id);

-- Append-only: a report as somebody, or the schedule, prepared it. Nothing of it is sent.
CREATE TABLE report_draft (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id BIGINT NOT NULL REFERENCES plan (id),
  unit_id BIGINT NOT NULL REFERENCES unit (id),
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  choices TEXT NOT NULL,
  content TEXT NOT NULL,
  -- The hour it was due, of one made by schedule: made once, however many instances share the database.
  due_at TIMESTAMPTZ,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  UNIQUE (plan_id, unit_id, due_at)
);
CREATE INDEX report_draft_unit ON report_draft (unit_id, plan_id, id);

-- Immutable: a report as it was issued, with its files as they went out.
CREATE TABLE issued_report (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id BIGINT NOT NULL REFERENCES plan (id),
  unit_id BIGINT NOT NULL REFERENCES unit (id),
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  as_of TIMESTAMPTZ NOT NULL,
  content TEXT NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  docx BYTEA NOT NULL,
  xlsx BYTEA NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  UNIQUE (plan_id, unit_id, starts_on, ends_on, version)
);
