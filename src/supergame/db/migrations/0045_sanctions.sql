-- Bans and mutes with their history, and operators' notes. The title is empty for what holds in the whole deployment; an end of
-- 2^63 - 1 never comes.

CREATE TABLE sanctions (
  sanction_id TEXT PRIMARY KEY,
  title_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  imposed_by TEXT NOT NULL,
  imposed_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  lifted_at BIGINT,
  lifted_by TEXT NOT NULL,
  lift_reason TEXT NOT NULL
);

CREATE INDEX sanctions_by_user ON sanctions (user_id, title_id, imposed_at);
CREATE INDEX sanctions_in_force ON sanctions (kind, title_id, sanction_id) WHERE lifted_at IS NULL;

INSERT INTO sanctions
SELECT 'before-' || title_id || '-' || user_id, title_id, user_id, 'ban', '', 'the game', disabled_at, 9223372036854775807, NULL, '', ''
FROM profiles WHERE disabled_at IS NOT NULL;

ALTER TABLE profiles DROP COLUMN disabled_at;

CREATE TABLE player_notes (
  note_id TEXT PRIMARY KEY,
  title_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  note TEXT NOT NULL,
  written_by TEXT NOT NULL,
  written_at BIGINT NOT NULL
);

CREATE INDEX player_notes_by_user ON player_notes (user_id, title_id, note_id);
