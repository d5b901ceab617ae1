-- Messages of channels, and notifications. Their order is that of created_at, which the service makes different for each.

CREATE TABLE channel_messages (
  title_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  code BIGINT NOT NULL,
  sender_id TEXT NOT NULL,
  username TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, message_id)
);

CREATE INDEX channel_messages_by_channel ON channel_messages (title_id, channel_id, created_at, message_id);
CREATE INDEX channel_messages_by_sender ON channel_messages (title_id, sender_id);

CREATE TABLE notifications (
  title_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  notification_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  content TEXT NOT NULL,
  code BIGINT NOT NULL,
  sender_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, user_id, notification_id)
);

CREATE INDEX notifications_by_age ON notifications (title_id, user_id, created_at, notification_id);
