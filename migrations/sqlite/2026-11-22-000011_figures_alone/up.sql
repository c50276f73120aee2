-- The figures of a report stand together: written in one place, and found by the report's unit and time. They are written
-- with it in one step, and `verify` compares them with its audit event: to look their report and indicator up for each took
-- as long as writing it.
CREATE TABLE figure_without_keys (
  report_id INTEGER NOT NULL,
  unit_id INTEGER NOT NULL,
  indicator_id INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  count INTEGER NOT NULL CONSTRAINT figure_count_not_negative CHECK (count >= 0),
  base INTEGER CONSTRAINT figure_base_not_negative CHECK (base >= 0),
  PRIMARY KEY (unit_id, as_of, report_id, indicator_id)
) WITHOUT ROWID;
INSERT INTO figure_without_keys SELECT report_id, unit_id, indicator_id, as_of, count, base FROM figure;
DROP TABLE figure;
ALTER TABLE figure_without_keys RENAME TO figure;
