"""Config: typed values that operators change while people play. Uses notifications. Start at `model`, then `service`."""
