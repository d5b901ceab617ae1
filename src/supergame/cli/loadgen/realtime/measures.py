"""What `supergame bench` measures on sockets: the goals, and what Nakama 3.40 did on one core (docs/reference/performance.md)."""

from __future__ import annotations

from supergame.cli.loadgen.realtime.authoritative import Authoritative
from supergame.cli.loadgen.realtime.chat import Chat
from supergame.cli.loadgen.realtime.relay import Relay
from supergame.cli.loadgen.realtime.run import SERVER_CPU_MAX, Measure, Row

RELAY_P99_MS_MAX = 25.0
GAP_P99_MS_MAX = 75.0
CHAT_SATURATED_S, CHAT_STORED_S = 100_000, 45_000
CHAT_PACED_S = 2_000  # messages; ten times as many deliveries
CHAT_PACED_CPU_MAX = 0.3
SOCKET_KIB_MAX = 20.0


def _has_room(row: Row) -> bool:
    return row.server_cpu is not None and row.server_cpu <= SERVER_CPU_MAX


RELAY = Measure(
    "relay",
    Relay,
    620,
    "205 players",
    "615 players, p99 25 ms",
    lambda row: _has_room(row) and row.p99_ms <= RELAY_P99_MS_MAX,
)
AUTHORITATIVE = Measure(
    "authoritative",
    Authoritative,
    1_200,
    "600 players (gap p99 138 ms), 300 (75 ms)",
    "1,200 players, gap p99 75 ms",
    lambda row: _has_room(row) and row.gap_p99_ms is not None and row.gap_p99_ms <= GAP_P99_MS_MAX,
)
CHAT = [
    Measure(
        "chat_saturated",
        lambda crowd, chance: Chat(crowd, chance, is_stored=False),
        1_000,
        "51,000 to 65,000/s",
        "100,000/s",
        lambda row: row.ops_s >= CHAT_SATURATED_S,
    ),
    Measure(
        "chat_paced",
        lambda crowd, chance: Chat(crowd, chance, is_stored=False, rate_s=CHAT_PACED_S),
        1_000,
        "0.63 core",
        "0.3 core",
        lambda row: row.server_cpu is not None and row.server_cpu <= CHAT_PACED_CPU_MAX,
    ),
    Measure(
        "chat_stored",
        lambda crowd, chance: Chat(crowd, chance, is_stored=True),
        1_000,
        "12,000 to 15,000/s",
        "45,000/s",
        lambda row: row.ops_s >= CHAT_STORED_S,
    ),
]
