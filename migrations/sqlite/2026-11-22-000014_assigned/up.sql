-- How many obligations a plan has: asked at nearly every question, and long to count.
ALTER TABLE plan ADD COLUMN assigned INTEGER NOT NULL DEFAULT 0;
UPDATE plan SET assigned = (SELECT count(*) FROM assignment a WHERE a.plan_id = plan.id);
