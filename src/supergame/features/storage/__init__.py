"""Storage: JSON objects in collections, owned by players or by the system. Uses accounts' events. Start at `service`."""
