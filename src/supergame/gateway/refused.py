"""How a peer is told that it broke a rule of the protocol or a limit, before any route has a say."""

from __future__ import annotations

from supergame.routing.http import Response

_CODES = {408: 4, 503: 14, 504: 4}  # gRPC codes; the others are invalid arguments (3)


class Refused(Exception):
    """The peer gets a status and a sentence, and the connection ends. Sentences are ours: nothing that was sent comes back in them."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, sentence)
        self.status, self.sentence = status, sentence

    def response(self) -> Response:
        return Response(self.status, f'{{"code":{_CODES.get(self.status, 3)},"message":"{self.sentence}"}}'.encode())
