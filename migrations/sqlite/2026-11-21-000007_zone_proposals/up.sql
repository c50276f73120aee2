-- The line of a place says its open proposals too, so nobody asks the decisions for them.
DROP INDEX zone_decision_proposal;
-- Lines are derived: without them they are made anew at start.
DELETE FROM zone_line;
