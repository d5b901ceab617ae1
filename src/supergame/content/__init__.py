"""Builds of a game on their way to players: a content-addressed store, signed channels, small updates that cannot be half-installed.

A library and a command line of its own: nothing here needs a server. `publish` fills a store, `channels` says which release is out,
`install` brings a folder up to date from the store or from any web server with a copy of it. Rules: docs/spec/content.md.
"""
