DROP INDEX zone_decision_proposal;
