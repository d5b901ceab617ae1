"""Licences: who owns which characters, items, music and stages, and which title may use them. Start at `service`, then `decisions`."""
