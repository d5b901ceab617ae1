"""Reports: players report players, messages and names; moderators decide. Uses accounts, sanctions and chat. Start at `service`."""
