"""Sockets in and out, nothing else: HTTP and WebSocket on one port, with every limit on what a peer may do.

`http` is the protocol on httptools, `server` what connections share, `ws` the players' sockets on picows, `assets` the built pages.
"""
