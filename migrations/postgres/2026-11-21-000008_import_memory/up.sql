-- A file between preview and confirmation. It waits in the database, not in a folder: instances that share a database
-- share nothing else. It goes after a day.
CREATE TABLE import_upload (
  token TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id),
  name TEXT NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  content BYTEA NOT NULL,
  uploaded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX import_upload_account ON import_upload (account_id, uploaded_at);

-- What an account has said once of the files it sends: which unit a name means inside a place, what columns hold.
CREATE TABLE import_alias (
  account_id BIGINT NOT NULL REFERENCES account (id),
  scope TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  unit_code TEXT COLLATE "C" NOT NULL,
  confirmed_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (account_id, scope, name_key)
);
CREATE TABLE import_mapping (
  account_id BIGINT NOT NULL REFERENCES account (id),
  fingerprint TEXT COLLATE "C" NOT NULL,
  said TEXT NOT NULL,
  confirmed_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (account_id, fingerprint)
);
