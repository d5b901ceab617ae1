"""Metrics are for strangers to read: no value of a label comes from a caller."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from supergame.testing import TestServer


async def test_metrics_count_by_route_and_tell_nothing_of_callers() -> None:
    async with TestServer() as server:
        player = await server.sign_in("canary-name")
        await player.get("/v2/user", usernames=["canary-query"])
        await player.request("GET", "/v2/storage/canary-path", query={"limit": "canary"})
        await server.request("GET", "/canary/unknown")
        await server.request("POST", "/v2/rpc/canary-rpc", query={"http_key": "canary-key"})
        text = server.node.watchdog._metrics.text().decode()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    routes = {sample.labels["route"] for sample in families["supergame_request_seconds"].samples}
    assert {"get_users", "list_storage_objects", "rpc_func"} <= routes
    refused = {(sample.labels["route"], sample.labels["error"]) for sample in families["supergame_refusals"].samples}
    assert {("unknown", "not_found"), ("list_storage_objects", "malformed_query"), ("rpc_func", "unauthenticated")} <= refused
    assert "canary" not in text
