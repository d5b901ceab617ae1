"""Wallets: what players have of a game's currencies, on top of the ledger. Uses accounts and ledger. Start at `service`."""
