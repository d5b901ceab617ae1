"""Royalties: what uses and sales under licences come to, booked in the ledger and shown in statements. Start at `service`."""
