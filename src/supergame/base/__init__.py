"""Ground floor: ids, clocks, errors, cursors, limits, events. Standard library only; no asyncio, no I/O.

Everybody may import it; it imports nobody. Start reading at `errors` and `limits`.
"""
