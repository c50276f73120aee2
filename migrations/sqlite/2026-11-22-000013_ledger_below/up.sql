-- The ledger holds what stands below a unit; the unit's own figures are its reports. Made anew from those that stand.
DELETE FROM tally;
WITH step AS (
  SELECT f.unit_id, f.indicator_id, f.count, f.base, date(f.as_of / 1000000 + 25200, 'unixepoch') AS day,
    row_number() OVER (
      PARTITION BY f.unit_id, f.indicator_id, date(f.as_of / 1000000 + 25200, 'unixepoch')
      ORDER BY f.as_of DESC, f.report_id DESC
    ) AS place
  FROM figure f
  WHERE NOT EXISTS (SELECT 1 FROM review v WHERE v.report_id = f.report_id AND v.outcome = 'returned')
), value AS (
  SELECT unit_id, indicator_id, day, count, min(count, coalesce(base, count)) AS counted, coalesce(base, 0) AS base
  FROM step WHERE place = 1
), change AS (
  SELECT unit_id, indicator_id, day,
    count - coalesce(lag(count) OVER series, 0) AS count,
    counted - coalesce(lag(counted) OVER series, 0) AS counted,
    base - coalesce(lag(base) OVER series, 0) AS base,
    CASE WHEN lag(day) OVER series IS NULL THEN 1 ELSE 0 END AS units
  FROM value
  WINDOW series AS (PARTITION BY unit_id, indicator_id ORDER BY day)
)
INSERT INTO tally (unit_id, indicator_id, day, slot, count, counted, base, units)
SELECT c.ancestor_id, t.indicator_id, t.day, 0, sum(t.count), sum(t.counted), sum(t.base), sum(t.units)
FROM change t JOIN unit_closure c ON c.unit_id = t.unit_id AND c.depth > 0
GROUP BY 1, 2, 3;
