"""Titles: which are served, in which environments, with which settings and keys. Uses no other feature. Start at `service`."""
