-- A line says the open proposals too, so nobody asks the decisions for them, and is kept in the three forms that views
-- read (see store/zone_lines.rs). Lines are derived: those that are not there are made at start.
DROP INDEX zone_decision_proposal;
DROP TABLE zone_line;
CREATE TABLE zone_line (
  unit_id INTEGER NOT NULL PRIMARY KEY REFERENCES unit (id),
  newest_id INTEGER NOT NULL REFERENCES zone_decision (id),
  recent_since INTEGER NOT NULL,
  recent BLOB NOT NULL,
  changes BLOB NOT NULL
);
CREATE TABLE zone_history (
  unit_id INTEGER NOT NULL PRIMARY KEY REFERENCES unit (id),
  steps BLOB NOT NULL
);
