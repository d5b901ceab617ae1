-- Titles, people, profiles, sessions, storage, outbox, idempotency keys. Times are microseconds since 1970, UTC.
-- The person belongs to the deployment; everything else belongs to a title, whose id leads its keys.
-- WITHOUT ROWID: SQLite keeps the rows in the primary key's tree, one look-up less; other engines are not told.

CREATE TABLE titles (
  title_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE persons (
  person_id TEXT PRIMARY KEY,
  custom_id TEXT,
  email TEXT,
  password_hash TEXT,
  created_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE UNIQUE INDEX persons_by_custom_id ON persons (custom_id) WHERE custom_id IS NOT NULL;
CREATE UNIQUE INDEX persons_by_email ON persons (email) WHERE email IS NOT NULL;

CREATE TABLE person_devices (
  device_id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES persons (person_id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX person_devices_by_person ON person_devices (person_id);

CREATE TABLE profiles (
  title_id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES persons (person_id),
  username TEXT NOT NULL,
  username_key TEXT NOT NULL,
  display_name TEXT NOT NULL DEFAULT '',
  avatar_url TEXT NOT NULL DEFAULT '',
  lang_tag TEXT NOT NULL DEFAULT 'en',
  location TEXT NOT NULL DEFAULT '',
  timezone TEXT NOT NULL DEFAULT '',
  metadata TEXT NOT NULL DEFAULT '{}',
  wallet TEXT NOT NULL DEFAULT '{}',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  disabled_at BIGINT,
  PRIMARY KEY (title_id, user_id),
  UNIQUE (title_id, username_key)
) WITHOUT ROWID;

CREATE INDEX profiles_by_user ON profiles (user_id);

-- A family is one sign-in and the refresh tokens that follow from it; the row appears with the first rotation.
CREATE TABLE session_families (
  title_id TEXT NOT NULL,
  token_id TEXT NOT NULL,
  generation BIGINT NOT NULL,
  rotated_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, token_id)
);

-- scope: 'sign_in' with a token id, 'user' with a user id (all that was issued until revoked_at).
CREATE TABLE session_revocations (
  title_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  subject TEXT NOT NULL,
  revoked_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, scope, subject)
);

CREATE TABLE storage_objects (
  title_id TEXT NOT NULL,
  collection TEXT NOT NULL,
  user_id TEXT NOT NULL,
  object_key TEXT NOT NULL,
  value TEXT NOT NULL,
  version TEXT NOT NULL,
  permission_read BIGINT NOT NULL,
  permission_write BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, collection, user_id, object_key)
);

CREATE INDEX storage_objects_by_reader ON storage_objects (title_id, collection, permission_read, object_key, user_id);
CREATE INDEX storage_objects_by_owner ON storage_objects (title_id, user_id);

-- Facts waiting for delivery; ids sort by time.
CREATE TABLE outbox (
  fact_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  due_at BIGINT NOT NULL
);

CREATE INDEX outbox_by_due ON outbox (due_at);

CREATE TABLE idempotency_keys (
  title_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_digest TEXT NOT NULL,
  reply TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, scope, idempotency_key)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
