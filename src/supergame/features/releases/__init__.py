"""Releases: which build of a title its players get, and which clients may play. Stands on `content`; start at `service`."""
