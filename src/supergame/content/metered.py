"""What a source was asked for: requests and bytes."""

from __future__ import annotations

from supergame.content.objects import READ_BYTES_MAX, Source


class Metered:
    """Another source, counted."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.requests = 0
        self.bytes = 0
        self.names: list[str] = []

    def read(self, name: str, start: int = 0, length: int = READ_BYTES_MAX) -> bytes:
        self.requests += 1
        self.names.append(name)
        data = self._source.read(name, start, length)
        self.bytes += len(data)
        return data
