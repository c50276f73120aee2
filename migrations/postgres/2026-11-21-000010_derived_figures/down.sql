ALTER TABLE latest
  ADD CONSTRAINT latest_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit (id),
  ADD CONSTRAINT latest_indicator_id_fkey FOREIGN KEY (indicator_id) REFERENCES indicator (id),
  ADD CONSTRAINT latest_report_id_fkey FOREIGN KEY (report_id) REFERENCES report (id);
ALTER TABLE tally
  ADD CONSTRAINT tally_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit (id),
  ADD CONSTRAINT tally_indicator_id_fkey FOREIGN KEY (indicator_id) REFERENCES indicator (id);
