-- What people are to each other, in the whole deployment: each row is what one of two sees of the other.
-- state: 0 friends, 1 invited them, 2 invited by them, 3 blocked them.

CREATE TABLE friend_edges (
  person_id TEXT NOT NULL,
  other_id TEXT NOT NULL,
  state BIGINT NOT NULL,
  metadata TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, other_id)
) WITHOUT ROWID;

CREATE INDEX friend_edges_by_state ON friend_edges (person_id, state, updated_at, other_id);
CREATE INDEX friend_edges_by_other ON friend_edges (other_id);

ALTER TABLE persons ADD COLUMN edge_count BIGINT NOT NULL DEFAULT 0;
