"""What a server under test answers."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from supergame.routing.http import Response


class Answer(NamedTuple):
    """What came back. `json` is None when the body is no JSON."""

    status: int
    json: Any
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, response: Response) -> Answer:
        try:
            parsed = json.loads(response.body)
        except ValueError:
            parsed = None
        return cls(response.status, parsed, dict(response.headers), response.body)


class Refusal(AssertionError):
    """A call that the test expected to succeed was refused; carries the `Answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.json}")
        self.answer = answer
