"""The table that people read."""

from __future__ import annotations

from dataclasses import dataclass

from supergame.cli.loadgen.measure import GENERATOR_CPU_MAX, Row
from supergame.cli.loadgen.operations import Operation

HEAD = (
    f"  {'':<14}{'ops/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'errors':>8}{'server':>8}{'load':>7}{'others':>8}{'us/op':>8}{'x Nakama':>10}   goal"
)
LEGEND = f"""
  server, load, others: cores used by the server (with its database), by this generator and by all other programs, which should
  have been idle; us/op: CPU of the server for one answer, the figure that suffers least from them.
  x Nakama: against Nakama 3.40 with PostgreSQL 15, both on one core of a Xeon "Cascade Lake" at 2.5 GHz. Your core is another:
  compare for yourself by pointing --url at a Nakama of your own. A row is void if the generator took over {GENERATOR_CPU_MAX:.0%}
  of a core.
"""


@dataclass(frozen=True, slots=True)
class Goal:
    """How many times as many answers as Nakama gives; nothing is asked of a server that is not ours."""

    on: str

    def times(self, operation: Operation) -> float | None:
        if self.on == "url":
            return None
        return operation.goal if self.on == "sqlite" else 2.0


def line(row: Row, operation: Operation, goal: Goal) -> str:
    times = row.ops_s / operation.nakama_ops_s
    figures = f"{row.ops_s:>9,.0f}{row.p50_ms:>9.2f}{row.p99_ms:>9.2f}{row.errors:>8}"
    cpu = f"{_shown(row.server_cpu, '.2f'):>8}{row.generator_cpu:>7.2f}{_shown(row.other_cpu, '.2f'):>8}{_shown(row.server_us, '.0f'):>8}"
    text = f"  {row.name:<14}{figures}{cpu}{times:>9.1f}x   {_verdict(row, times, goal.times(operation))}"
    return f"{text}\n  {'':<14}first error: {row.first_error}" if row.first_error else text


def _verdict(row: Row, times: float, goal: float | None) -> str:
    if row.void:
        return "void: the generator was busy"
    if goal is None:
        return "-"
    return f"{goal:g}x {'ok' if times >= goal else 'short'}"


def _shown(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
