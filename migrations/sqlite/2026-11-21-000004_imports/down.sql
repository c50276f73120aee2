DROP INDEX zone_decision_import;
DROP INDEX report_import;
ALTER TABLE zone_decision DROP COLUMN import_row;
ALTER TABLE zone_decision DROP COLUMN import_id;
ALTER TABLE report DROP COLUMN import_row;
ALTER TABLE report DROP COLUMN import_id;
DROP TABLE import;
