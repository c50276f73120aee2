-- The newest period a unit sent anything of is looked up in the index alone.
DROP INDEX received_unit;
CREATE INDEX received_sent ON received (unit_id, plan_id, period_from) WHERE given <> 0;
