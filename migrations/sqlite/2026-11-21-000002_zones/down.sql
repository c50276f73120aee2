DROP INDEX zone_decision_proposal;
DROP TABLE award_mark;
DROP TABLE published_zone_total;
DROP TABLE zone_line;
ALTER TABLE zone_decision DROP COLUMN reason;
ALTER TABLE zone_decision DROP COLUMN is_withdrawal;
ALTER TABLE zone_decision DROP COLUMN corrects_id;
