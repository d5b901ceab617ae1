-- The ledger: who has how much, and every move. Belongs to the deployment, as owners and people do.
-- A transfer's row has both legs, so each adds up to zero by its form; rows of transactions and transfers are only ever added.

CREATE TABLE ledger_accounts (
  account_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('open', 'funded')),
  balance BIGINT NOT NULL,
  entries BIGINT NOT NULL,
  PRIMARY KEY (account_id, currency),
  CHECK (kind = 'open' OR balance >= 0)
) WITHOUT ROWID;

CREATE TABLE ledger_transactions (
  transaction_id TEXT PRIMARY KEY,
  posting_key TEXT NOT NULL UNIQUE,
  posting_digest TEXT NOT NULL,
  event TEXT NOT NULL,
  memo TEXT NOT NULL,
  reverses TEXT UNIQUE REFERENCES ledger_transactions (transaction_id),
  posted_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX ledger_transactions_by_event ON ledger_transactions (event);

-- One currency for both accounts. The numbers count an account's legs, whichever side they are on.
CREATE TABLE ledger_transfers (
  transaction_id TEXT NOT NULL REFERENCES ledger_transactions (transaction_id),
  number BIGINT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  debit_account TEXT NOT NULL,
  debit_number BIGINT NOT NULL,
  debit_balance BIGINT NOT NULL,
  credit_account TEXT NOT NULL,
  credit_number BIGINT NOT NULL,
  credit_balance BIGINT NOT NULL,
  PRIMARY KEY (transaction_id, number),
  FOREIGN KEY (debit_account, currency) REFERENCES ledger_accounts (account_id, currency),
  FOREIGN KEY (credit_account, currency) REFERENCES ledger_accounts (account_id, currency),
  CHECK (debit_account <> credit_account)
) WITHOUT ROWID;

CREATE UNIQUE INDEX ledger_transfers_by_debit ON ledger_transfers (debit_account, currency, debit_number);
CREATE UNIQUE INDEX ledger_transfers_by_credit ON ledger_transfers (credit_account, currency, credit_number);
