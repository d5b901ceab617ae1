"""Storage of what must last: transactions as plain generators, engines that drive them.

`port` says what a transaction is; `sqlite` (one writer thread, group commit) and `postgres` (asyncpg) run it. May import `base`.
Only `app` and `testing` choose an engine.
"""
