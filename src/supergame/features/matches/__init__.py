"""Matches: relayed ones, where players' clients talk, and authoritative ones, where a game's handler ticks. Start at `service`."""
