DROP INDEX received_sent;
CREATE INDEX received_unit ON received (unit_id, plan_id, period_from);
