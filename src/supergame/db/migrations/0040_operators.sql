-- Operators of the console, their sessions, and the audit trail. They belong to the deployment, not to a title.

-- password_ends_at is set while the password is a one-time password. titles: those the operator is limited to, separated by blanks.
CREATE TABLE operators (
  operator_id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  titles TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  password_ends_at BIGINT,
  totp_secret TEXT NOT NULL DEFAULT '',
  totp_pending TEXT NOT NULL DEFAULT '',
  totp_step BIGINT NOT NULL DEFAULT 0,
  disabled_at BIGINT,
  created_at BIGINT NOT NULL,
  signed_in_at BIGINT
);

-- Only the digest of a session's secret is kept: who reads the database cannot sign in with it.
CREATE TABLE operator_sessions (
  session_digest TEXT PRIMARY KEY,
  operator_id TEXT NOT NULL REFERENCES operators (operator_id),
  client_ip TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);

CREATE INDEX operator_sessions_by_operator ON operator_sessions (operator_id, created_at);

-- Rows are added and never changed or removed. kind: 'intent', then any number of 'change', then 'outcome' of one action.
CREATE TABLE audit_entries (
  entry BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  action_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  operator_id TEXT NOT NULL,
  operator TEXT NOT NULL,
  action TEXT NOT NULL,
  title_id TEXT NOT NULL,
  target TEXT NOT NULL,
  body TEXT NOT NULL,
  previous_digest TEXT NOT NULL,
  digest TEXT NOT NULL
);

CREATE INDEX audit_entries_by_action ON audit_entries (action_id, entry);
CREATE INDEX audit_entries_by_target ON audit_entries (target, entry);
CREATE INDEX audit_entries_by_operator ON audit_entries (operator, entry);
