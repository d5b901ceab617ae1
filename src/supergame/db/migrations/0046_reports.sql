-- What players reported to moderators. One report per subject at a time; whoever reports the same again adds a complaint to it.

-- state: 'open' or 'decided'. undo: JSON, what is needed to take the decision back.
CREATE TABLE reports (
  title_id TEXT NOT NULL,
  report_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL,
  username TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  content TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  claimed_by TEXT NOT NULL,
  claim_ends_at BIGINT NOT NULL,
  decision TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  decision_reason TEXT NOT NULL,
  undo TEXT NOT NULL,
  PRIMARY KEY (title_id, report_id)
);

CREATE UNIQUE INDEX reports_by_open_subject ON reports (title_id, subject) WHERE state = 'open';
CREATE INDEX reports_by_state ON reports (title_id, state, report_id);
CREATE INDEX reports_by_user ON reports (title_id, user_id);
CREATE INDEX reports_by_age ON reports (decided_at) WHERE state = 'decided';

CREATE TABLE report_complaints (
  title_id TEXT NOT NULL,
  report_id TEXT NOT NULL,
  reporter_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  words TEXT NOT NULL,
  complained_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, report_id, reporter_id)
);

CREATE INDEX report_complaints_by_reporter ON report_complaints (title_id, reporter_id, complained_at);
