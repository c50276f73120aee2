CREATE TABLE latest_with_keys (
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  indicator_id INTEGER NOT NULL REFERENCES indicator (id),
  report_id INTEGER NOT NULL REFERENCES report (id),
  as_of INTEGER NOT NULL,
  count INTEGER NOT NULL,
  base INTEGER,
  PRIMARY KEY (unit_id, indicator_id)
) WITHOUT ROWID;
INSERT INTO latest_with_keys SELECT unit_id, indicator_id, report_id, as_of, count, base FROM latest;
DROP TABLE latest;
ALTER TABLE latest_with_keys RENAME TO latest;

CREATE TABLE tally_with_keys (
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
INSERT INTO tally_with_keys SELECT unit_id, indicator_id, day, slot, count, counted, base, units FROM tally;
DROP TABLE tally;
ALTER TABLE tally_with_keys RENAME TO tally;
