-- Wallets: a profile has its balances, as Nakama's accounts show them, and the pseudonym under which the ledger keeps them.
-- `wallet_id` is empty until the first update; with the profile it goes, and what the ledger has is nobody's any more.

ALTER TABLE profiles ADD COLUMN wallet_id TEXT NOT NULL DEFAULT '';

-- What a title calls its currencies, and what the ledger calls each: a code of its own for every name of every title.
CREATE TABLE wallet_currencies (
  title_id TEXT NOT NULL,
  name TEXT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  PRIMARY KEY (title_id, name)
) WITHOUT ROWID;

-- Each player's changes. `part` is the place of this one among those of its update; `previous` is the wallet before it.
CREATE TABLE wallet_entries (
  title_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  update_id TEXT NOT NULL,
  update_key TEXT NOT NULL,
  digest TEXT NOT NULL,
  part BIGINT NOT NULL,
  changeset TEXT NOT NULL,
  metadata TEXT NOT NULL,
  previous TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (title_id, user_id, wallet_id, number)
) WITHOUT ROWID;

CREATE UNIQUE INDEX wallet_entries_by_key ON wallet_entries (title_id, update_key, part);
