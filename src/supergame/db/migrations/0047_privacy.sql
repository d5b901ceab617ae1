-- To find what somebody sent to others, when it is to be erased.

CREATE INDEX notifications_by_sender ON notifications (title_id, sender_id) WHERE sender_id <> '';
