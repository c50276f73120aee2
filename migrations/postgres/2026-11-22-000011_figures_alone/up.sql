-- The figures of a report stand together: written in one place, and found by the report's unit and time. They are written
-- with it in one step, and `verify` compares them with its audit event: to look their report and indicator up for each took
-- as long as writing it.
DROP INDEX figure_report;
ALTER TABLE figure
  DROP CONSTRAINT figure_report_id_fkey,
  DROP CONSTRAINT figure_indicator_id_fkey,
  DROP CONSTRAINT figure_pkey,
  ADD PRIMARY KEY (unit_id, as_of, report_id, indicator_id);
