DELETE FROM zone_line;
CREATE INDEX zone_decision_proposal ON zone_decision (unit_id) WHERE NOT is_official OR corrects_id IS NOT NULL;
