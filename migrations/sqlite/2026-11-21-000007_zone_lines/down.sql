DROP TABLE zone_history;
DROP TABLE zone_line;
CREATE TABLE zone_line (
  unit_id INTEGER NOT NULL PRIMARY KEY REFERENCES unit (id),
  newest_id INTEGER NOT NULL REFERENCES zone_decision (id),
  steps BLOB NOT NULL
);
CREATE INDEX zone_decision_proposal ON zone_decision (unit_id) WHERE NOT is_official OR corrects_id IS NOT NULL;
