DROP TABLE import_mapping;
DROP TABLE import_alias;
DROP TABLE import_upload;
