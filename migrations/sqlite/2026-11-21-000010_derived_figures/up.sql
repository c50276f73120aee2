-- What is derived from the reports needs no keys checked row by row: `verify` recomputes all of it.
CREATE TABLE latest_without_keys (
  unit_id INTEGER NOT NULL,
  indicator_id INTEGER NOT NULL,
  report_id INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  count INTEGER NOT NULL,
  base INTEGER,
  PRIMARY KEY (unit_id, indicator_id)
) WITHOUT ROWID;
INSERT INTO latest_without_keys SELECT unit_id, indicator_id, report_id, as_of, count, base FROM latest;
DROP TABLE latest;
ALTER TABLE latest_without_keys RENAME TO latest;

CREATE TABLE tally_without_keys (
  unit_id INTEGER NOT NULL,
  indicator_id INTEGER NOT NULL,
  day DATE NOT NULL,
  slot INTEGER NOT NULL,
  count INTEGER NOT NULL,
  counted INTEGER NOT NULL,
  base INTEGER NOT NULL,
  units INTEGER NOT NULL,
  PRIMARY KEY (unit_id, indicator_id, day, slot)
) WITHOUT ROWID;
INSERT INTO tally_without_keys SELECT unit_id, indicator_id, day, slot, count, counted, base, units FROM tally;
DROP TABLE tally;
ALTER TABLE tally_without_keys RENAME TO tally;
