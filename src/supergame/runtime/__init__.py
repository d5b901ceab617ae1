"""What runs beside requests: bounded pools for heavy work, the watchdog, the outbox relay, timers.

May import what lies below: realtime, db, telemetry, wire, base. Start at `watchdog` and `pool`.
"""
