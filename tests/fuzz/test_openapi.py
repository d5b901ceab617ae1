"""Requests that schemathesis makes from the server's own description of its API, sent with credentials that reach the handlers.

A failure prints what was sent and the seed: run it again with FUZZ_SEED.
"""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.target import HTTP_KEY, SEED, SERVER_KEY, Target, bombarded

GROWTH_MB_MAX = 100.0


def bombard(target: Target, requests_max: int) -> int:
    """So many requests, the same number for each operation; returns how many got past the check of their credentials."""
    with urllib.request.urlopen(f"{target.url}/openapi.json") as answer:
        schema = schemathesis.openapi.from_dict(json.load(answer))
    operations = [result.ok() for result in schema.get_all_operations()]
    accepted = 0
    for operation in operations:
        accepted += bombard_operation(target, operation, requests_max // len(operations))
        assert target.still_answers()
    return accepted


def bombard_operation(target: Target, operation: Any, count: int) -> int:
    statuses: list[int] = []
    generous = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]

    @seed(SEED)
    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=generous)
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        headers, query = credentials(target, operation, len(statuses))
        case.headers = {**case.headers, **headers}
        case.query = {**case.query, **query}
        answer = case.call(base_url=target.url, timeout=10)  # a connection that is dropped or hangs raises
        statuses.append(answer.status_code)
        assert answer.status_code < 500, f"FUZZ_SEED={SEED}: {case.as_curl_command()}\n{answer.status_code} {answer.content!r}"
        if answer.status_code == 401 and headers:
            target.renew()  # it may have deleted the account, or logged out

    ask()
    return sum(status != 401 for status in statuses)


def credentials(target: Target, operation: Any, number: int) -> tuple[dict[str, str], dict[str, str]]:
    """What the operation asks for; every tenth time nothing."""
    asked = {name for choice in operation.definition.raw.get("security", []) for name in choice}
    if not asked or number % 10 == 9:
        return {}, {}
    if "serverKey" in asked:
        return {"Authorization": SERVER_KEY}, {}
    if "httpKey" in asked and number % 2:
        return {}, {"http_key": HTTP_KEY}
    return {"Authorization": f"Bearer {target.session()}"}, {}


@pytest.mark.long
def test_no_described_request_makes_the_server_fail(tmp_path: Path) -> None:
    with bombarded(tmp_path) as target:
        assert bombard(target, 600) > 300


@pytest.mark.fuzz
def test_no_described_request_makes_the_server_fail_at_length(tmp_path: Path) -> None:
    with bombarded(tmp_path) as target:
        before_mb = target.memory_mb()
        assert bombard(target, 20_000) > 10_000
        assert target.memory_mb() - before_mb < GROWTH_MB_MAX
