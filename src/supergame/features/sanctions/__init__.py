"""Sanctions: bans and mutes with their history, and operators' notes about players. Uses sessions. Start at `service`."""
