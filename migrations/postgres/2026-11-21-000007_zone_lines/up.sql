-- A line says the open proposals too, so nobody asks the decisions for them, and is kept in the three forms that views
-- read (see store/zone_lines.rs). Lines are derived: those that are not there are made at start.
DROP INDEX zone_decision_proposal;
DROP TABLE zone_line;
CREATE TABLE zone_line (
  unit_id BIGINT NOT NULL PRIMARY KEY REFERENCES unit (id),
  newest_id BIGINT NOT NULL REFERENCES zone_decision (id),
  recent_since BIGINT NOT NULL,
  recent BYTEA NOT NULL,
  changes BYTEA NOT NULL
);
CREATE TABLE zone_history (
  unit_id BIGINT NOT NULL PRIMARY KEY REFERENCES unit (id),
  steps BYTEA NOT NULL
);
