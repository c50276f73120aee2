DROP TABLE issued_report;
DROP TABLE report_draft;
DROP TABLE report_setting;
DROP TABLE own_document;
DROP TABLE difficulty_step;
DROP TABLE difficulty;
