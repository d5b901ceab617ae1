"""Chat: channels of rooms, of two people and of groups, with history. Uses accounts and notifications. Start at `service`."""
