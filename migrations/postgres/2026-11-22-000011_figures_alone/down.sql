CREATE INDEX figure_report ON figure (report_id);
ALTER TABLE figure
  DROP CONSTRAINT figure_pkey,
  ADD PRIMARY KEY (unit_id, indicator_id, as_of, report_id),
  ADD CONSTRAINT figure_report_id_fkey FOREIGN KEY (report_id) REFERENCES report (id),
  ADD CONSTRAINT figure_indicator_id_fkey FOREIGN KEY (indicator_id) REFERENCES indicator (id);
