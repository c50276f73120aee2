DROP TABLE tracing_record;
