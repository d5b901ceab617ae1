"""How a feature declares its endpoints, and how a request finds its handler.

`context` is what handlers receive, `http` the decorators and the router, `auth` who may call, `hooks` a game's code around them,
`console` the same for operators.
May import what lies below. The gateway calls `Router.dispatch` and knows nothing else of the platform.
"""
