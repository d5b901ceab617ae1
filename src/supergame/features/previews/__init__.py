"""Previews: branches of a game that are served beside it for a while, each by a process of its own (`supergame preview`)."""
