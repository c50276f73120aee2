-- Proposals, and what corrects a record, are few among the decisions; a board asks for those below a place.
CREATE INDEX zone_decision_proposal ON zone_decision (unit_id) WHERE NOT is_official OR corrects_id IS NOT NULL;
