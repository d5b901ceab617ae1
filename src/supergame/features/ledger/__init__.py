"""The ledger: value moves from account to account, and what has moved is never edited. Belongs to the deployment. Start at `service`."""
