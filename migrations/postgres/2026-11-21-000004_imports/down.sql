ALTER TABLE zone_decision DROP COLUMN import_row, DROP COLUMN import_id;
ALTER TABLE report DROP COLUMN import_row, DROP COLUMN import_id;
DROP TABLE import;
