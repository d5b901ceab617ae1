-- Overrides of a title's config values: each change is a version of its own, and none is ever changed or deleted.
-- number counts all changes of the deployment, so that other processes find what is new; the head holds the last one.

CREATE TABLE config_versions (
  title_id TEXT NOT NULL,
  config_key TEXT NOT NULL,
  version BIGINT NOT NULL,
  number BIGINT NOT NULL,
  overrides TEXT NOT NULL,
  operator TEXT NOT NULL,
  reason TEXT NOT NULL,
  reverts_to BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, config_key, version)
);

CREATE UNIQUE INDEX config_versions_by_number ON config_versions (number);

CREATE TABLE config_head (
  head_id BIGINT PRIMARY KEY,
  number BIGINT NOT NULL
);
