"""Feedback: what players tell the makers of a build, with a picture of what they saw. Uses accounts' facts. Start at `service`."""
