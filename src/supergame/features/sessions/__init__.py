"""Sessions: token pairs, their refresh, their end. Imports no other feature. Start at `service`."""
