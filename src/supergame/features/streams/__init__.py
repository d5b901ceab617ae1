"""Streams: gatherings of sockets that only a game's own code makes, fills and speaks to. Start at `service`."""
