-- What players tell the makers of a build. Screenshots lie apart, so that lists do not read them.

CREATE TABLE feedback (
  title_id TEXT NOT NULL,
  feedback_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  username TEXT NOT NULL,
  build TEXT NOT NULL,
  text TEXT NOT NULL,
  position TEXT NOT NULL,
  log TEXT NOT NULL,
  has_screenshot BIGINT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, feedback_id)
);

CREATE INDEX feedback_by_state ON feedback (title_id, state, feedback_id);
CREATE INDEX feedback_by_user ON feedback (title_id, user_id, created_at);

CREATE TABLE feedback_screenshots (
  title_id TEXT NOT NULL,
  feedback_id TEXT NOT NULL,
  png BYTEA NOT NULL,
  PRIMARY KEY (title_id, feedback_id)
);
