CREATE TABLE figure_with_keys (
  report_id INTEGER NOT NULL REFERENCES report (id),
  unit_id INTEGER NOT NULL,
  indicator_id INTEGER NOT NULL REFERENCES indicator (id),
  as_of INTEGER NOT NULL,
  count INTEGER NOT NULL CONSTRAINT figure_count_not_negative CHECK (count >= 0),
  base INTEGER CONSTRAINT figure_base_not_negative CHECK (base >= 0),
  PRIMARY KEY (unit_id, indicator_id, as_of, report_id)
) WITHOUT ROWID;
INSERT INTO figure_with_keys SELECT report_id, unit_id, indicator_id, as_of, count, base FROM figure;
DROP TABLE figure;
ALTER TABLE figure_with_keys RENAME TO figure;
CREATE INDEX figure_report ON figure (report_id);
