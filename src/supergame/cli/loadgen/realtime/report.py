"""The table that people read."""

from __future__ import annotations

from supergame.cli.loadgen.measure import GENERATOR_CPU_MAX
from supergame.cli.loadgen.realtime.run import SERVER_CPU_MAX, Row

HEAD = (
    f"  {'':<15}{'players':>8}{'deliv./s':>10}{'p50 ms':>8}{'p99 ms':>8}{'gap p99':>9}{'errors':>8}"
    f"{'server':>8}{'load':>6}{'others':>8}{'us/del.':>9}   goal"
)
LEGEND = f"""
  deliv./s: messages that have arrived at players; p50, p99: from when a message was due to its arrival; gap: between two states of a
  match. server, load, others: cores used by the server (with its database), by this generator and by all other programs, which
  should have been idle; us/del.: CPU of the server for a delivery, the figure that suffers least from them. So many players hold
  with at most {SERVER_CPU_MAX:.0%} of the server's core and no message lost. A row is void if the generator took over
  {GENERATOR_CPU_MAX:.0%} of its own.
"""
IDLE_HEAD = f"  {'':<15}{'sockets':>8}{'opened/s':>10}{'KiB each':>10}{'errors':>8}{'server':>8}{'load':>6}{'others':>8}   goal"
IDLE_LEGEND = """
  KiB each: by how much the server's resident memory has grown; server, load, others: cores in use while nothing happened.
"""


def line(row: Row, goal: str = "") -> str:
    """`goal` is what the row has to reach; without one it says whether so many players hold."""
    latencies = f"{row.p50_ms:>8.1f}{row.p99_ms:>8.1f}{_shown(row.gap_p99_ms, '.1f'):>9}{row.errors:>8}"
    return _whole(row, goal, f"{row.players:>8,}{row.ops_s:>10,.0f}{latencies}{_cpu(row)}{_shown(row.server_us, '.1f'):>9}")


def idle_line(row: Row, goal: str) -> str:
    memory = _shown(row.kib_per_socket, ".1f")
    return _whole(row, goal, f"{row.players:>8,}{row.ops_s:>10,.0f}{memory:>10}{row.errors:>8}{_cpu(row)}")


def _whole(row: Row, goal: str, figures: str) -> str:
    text = f"  {row.name:<15}{figures}   {_verdict(row, goal)}"
    return f"{text}\n  {'':<15}first error: {row.first_error}" if row.first_error else text


def _cpu(row: Row) -> str:
    return f"{_shown(row.server_cpu, '.2f'):>8}{row.generator_cpu:>6.2f}{_shown(row.other_cpu, '.2f'):>8}"


def _verdict(row: Row, goal: str) -> str:
    if row.void:
        return "void: the generator was busy"
    if not goal:
        return "holds" if row.holds else "does not hold"
    return f"{goal} {'ok' if row.holds else 'short'}"


def _shown(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
