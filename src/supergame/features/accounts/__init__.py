"""Accounts: people, the ways they sign in, their profile in each title. Uses sessions. Start at `service`."""
