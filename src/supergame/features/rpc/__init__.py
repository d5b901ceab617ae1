"""Functions: a game's code that clients and other servers call by name. Start at `service`."""
