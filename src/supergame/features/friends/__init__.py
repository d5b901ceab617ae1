"""Friends: invite, accept, remove, block, in the whole deployment. Uses accounts, notifications and status. Start at `service`."""
