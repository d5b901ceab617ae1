"""Notifications: what the game or the platform tells one player, now and until it is deleted. Uses accounts. Start at `service`."""
