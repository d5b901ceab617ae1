-- Who owns what, and who may use it. Belongs to the deployment. Rows of owners, properties, assets and steps are only ever added.
-- `body` holds the whole thing as JSON; columns beside it are for finding it.

CREATE TABLE licence_owners (
  owner_id TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE licence_properties (
  property_id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES licence_owners (owner_id),
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX licence_properties_by_age ON licence_properties (created_at);

CREATE TABLE licence_assets (
  asset_id TEXT PRIMARY KEY,
  property_id TEXT NOT NULL REFERENCES licence_properties (property_id),
  remix_of TEXT REFERENCES licence_assets (asset_id),
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX licence_assets_by_age ON licence_assets (created_at);

CREATE TABLE licences (
  licence_id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  property_id TEXT NOT NULL REFERENCES licence_properties (property_id),
  state TEXT NOT NULL,
  revision BIGINT NOT NULL UNIQUE,
  body TEXT NOT NULL
);

CREATE TABLE licence_steps (
  licence_id TEXT NOT NULL REFERENCES licences (licence_id),
  number BIGINT NOT NULL,
  action TEXT NOT NULL,
  state_before TEXT,
  state_after TEXT NOT NULL,
  signed_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  terms_sha256 TEXT NOT NULL,
  terms TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (licence_id, number)
);
