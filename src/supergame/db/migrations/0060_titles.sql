-- What operators decided for a title in the console, as JSON; it lies over what the deployment's file says.

CREATE TABLE title_settings (
  title_id TEXT PRIMARY KEY,
  settings TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
