DROP TABLE job_run;
DROP TABLE reminder;
DROP TABLE unit_contact;
DROP TABLE received;
DROP TABLE review;
DROP TABLE exemption;
DROP TABLE extension;
DROP TABLE schedule;
