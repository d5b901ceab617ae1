"""`/openapi.json` of a whole server: every endpoint is in it, and it holds together."""

from __future__ import annotations

import re
from typing import Any

from supergame.routing.http import Endpoint
from supergame.testing import TestServer


async def described() -> tuple[dict[str, Any], list[Endpoint]]:
    async with TestServer() as server:
        answer = await server.request("GET", "/openapi.json")
        return answer.json, server.node.router.endpoints


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, operation) for path, methods in document["paths"].items() for method, operation in methods.items()]


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if "$ref" in part else set()
        return own.union(*(references(value) for value in part.values()))
    return set().union(*map(references, part)) if isinstance(part, list) else set()


async def test_every_endpoint_of_the_api_is_described_and_nothing_else() -> None:
    document, endpoints = await described()
    web = {"/", "/assets/{name}", "/play", "/play/", "/play/assets/{name}", "/sdk/{name}"}
    web |= {"/t/{title_id}", "/t/{title_id}/", "/t/{title_id}/{name}"}
    served = {(item.path, item.method.lower()) for item in endpoints if item.path not in web | {"/openapi.json"}}
    assert {(path, method) for path, method, _ in operations(document)} == served


async def test_every_reference_leads_somewhere() -> None:
    document, _ = await described()
    assert {reference.rpartition("/")[2] for reference in references(document)} <= set(document["components"]["schemas"])
    assert all(reference.startswith("#/components/schemas/") for reference in references(document))


async def test_operation_ids_are_unique() -> None:
    document, _ = await described()
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert sorted(ids) == sorted(set(ids))


async def test_path_parameters_are_those_of_the_path() -> None:
    document, _ = await described()
    for path, _, operation in operations(document):
        told = [item["name"] for item in operation["parameters"] if item["in"] == "path"]
        assert told == re.findall(r"{(\w+)}", path)


async def test_names_of_parameters_do_not_repeat() -> None:
    document, _ = await described()
    for _, _, operation in operations(document):
        names = [item["name"] for item in operation["parameters"]]
        assert len(names) == len(set(names))


async def test_what_a_caller_needs_is_told() -> None:
    document, _ = await described()
    paths, schemes = document["paths"], document["components"]["securitySchemes"]
    assert paths["/healthcheck"]["get"]["security"] == []
    assert paths["/v2/account"]["get"]["security"] == [{"session": []}]
    assert paths["/v2/account/authenticate/device"]["post"]["security"] == [{"serverKey": []}]
    assert paths["/v2/rpc/{id}"]["post"]["security"] == [{"session": []}, {"httpKey": []}]
    assert set(schemes) == {"session", "serverKey", "httpKey"}


async def test_unknown_fields_are_not_forbidden_for_they_are_ignored() -> None:
    document, _ = await described()
    assert "additionalProperties" not in document["components"]["schemas"]["AccountDevice"]
