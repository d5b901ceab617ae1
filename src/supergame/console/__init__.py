"""The operators' side: who they are, how they sign in, what they may do, and the audit trail of what they did.

`router` is the door that every request of an operator passes; `signins` and `operators` are behind it, `trail` beside it, `api` their
endpoints. Features declare theirs with `routing.console`. May import what lies below; the gateway does not know it. Start with `router`.
"""
