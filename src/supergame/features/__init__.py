"""What players use: one folder a feature, all of one shape.

`model` its own structs, errors and pure checks; `store` its SQL; `service` its rules; `api`, `rt` and `console` its doors; `jobs` what
runs by itself. Imports point from doors to model. A feature talks down to another by its service and tells those above by an event.
From the bottom: sessions, sanctions, accounts, storage, notifications, chat, reports, privacy; system.
"""
