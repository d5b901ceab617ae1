"""Sharing what runs on a laptop: a relay on a reachable machine, and the tunnel that a server behind any router opens to it."""
