"""Status: who of the people one follows is online, and what they say of it. Uses accounts. Start at `service`."""
