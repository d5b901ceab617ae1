"""Who is here, and how bytes reach them. Defines the port `Session`; `gateway` implements it, `app` wires.

May import what lies below: db, telemetry, wire, base.
"""
