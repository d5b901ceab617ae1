-- What licences have brought in. A month is written YYYY-MM, in UTC. Amounts are whole smallest units of the licence's currency.

-- Every booked batch, for ever: from here each sum is reckoned anew. Rows are only ever added.
CREATE TABLE royalty_usage (
  batch_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  licence_id TEXT NOT NULL REFERENCES licences (licence_id),
  asset_id TEXT NOT NULL,
  month TEXT NOT NULL,
  uses BIGINT NOT NULL,
  sessions BIGINT NOT NULL,
  sales BIGINT NOT NULL,
  sold BIGINT NOT NULL,
  royalty BIGINT NOT NULL,
  booked_at BIGINT NOT NULL,
  PRIMARY KEY (batch_id, number)
);

CREATE INDEX royalty_usage_by_month ON royalty_usage (licence_id, month, batch_id);

-- The sums of it; asset_id '' is the licence as a whole.
CREATE TABLE royalty_meters (
  licence_id TEXT NOT NULL REFERENCES licences (licence_id),
  month TEXT NOT NULL,
  asset_id TEXT NOT NULL,
  uses BIGINT NOT NULL,
  sessions BIGINT NOT NULL,
  sales BIGINT NOT NULL,
  sold BIGINT NOT NULL,
  royalty BIGINT NOT NULL,
  PRIMARY KEY (licence_id, month, asset_id)
);

CREATE TABLE royalty_closings (
  licence_id TEXT NOT NULL REFERENCES licences (licence_id),
  month TEXT NOT NULL,
  royalty BIGINT NOT NULL,
  topped_up BIGINT NOT NULL,
  closed_by TEXT NOT NULL,
  closed_at BIGINT NOT NULL,
  PRIMARY KEY (licence_id, month)
);

-- What an owner is owed, or has lost by a correction. Rows are only ever added.
CREATE TABLE royalty_lines (
  owner_id TEXT NOT NULL REFERENCES licence_owners (owner_id),
  month TEXT NOT NULL,
  number BIGINT NOT NULL,
  transaction_id TEXT REFERENCES ledger_transactions (transaction_id),
  corrects TEXT NOT NULL DEFAULT '',
  correction_key TEXT UNIQUE,
  amount BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (owner_id, month, number)
);

CREATE INDEX royalty_lines_by_corrected ON royalty_lines (owner_id, corrects);
