"""Metrics in Prometheus' form. One registry per node, so that tests may run several nodes in a process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from supergame.telemetry.tally import Tally

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """Everything that is counted. Labels have few values: routes, codes, names of code; never users or paths."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.tally = Tally()
        self.requests = Histogram("supergame_request_seconds", "Time to answer", ["route"], buckets=_SECONDS, registry=self.registry)
        self.refusals = Counter("supergame_refusals", "Requests answered with an error", ["route", "error"], registry=self.registry)
        self.connections = Gauge("supergame_connections", "Open HTTP connections and sockets", registry=self.registry)
        self.sessions = Gauge("supergame_sessions", "Open sockets of players", registry=self.registry)
        self.slow_readers = Counter("supergame_slow_readers", "Sockets cut off because they read too little", registry=self.registry)
        self.loop_held = Counter("supergame_loop_held", "Steps that held the event loop too long", ["name"], registry=self.registry)
        self.outbox_failures = Counter("supergame_outbox_failures", "Deliveries that will be tried again", ["kind"], registry=self.registry)
        self.matches = Gauge("supergame_matches", "Running authoritative matches", ["handler"], registry=self.registry)
        self.match_failures = Counter("supergame_match_failures", "Matches ended by an error", ["handler"], registry=self.registry)
        self.match_ticks_missed = Counter("supergame_match_ticks_missed", "Ticks not run in time", ["handler"], registry=self.registry)
        self.match_dropped = Counter("supergame_match_messages_dropped", "Input beyond a full queue", ["handler"], registry=self.registry)

    def text(self) -> bytes:
        """The exposition that Prometheus scrapes."""
        return generate_latest(self.registry)
