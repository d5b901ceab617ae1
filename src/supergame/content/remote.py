"""Sources elsewhere: any web server that has a copy of a store, and object stores."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from supergame.base.errors import InvalidArgument
from supergame.content.model import DiskFull, NotInStore, SourceUnreachable
from supergame.content.objects import NAME, READ_BYTES_MAX, FolderStore, Source, Store

TIMEOUT_S: Final = 30.0
PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Between attempts, when a server is too busy."""
_CHANNEL: Final = re.compile(r"(?P<store>.+)/channels/(?P<title>[^/]+)/(?P<name>[^/]+)/?")


def store_at(where: str) -> Store:
    """A folder, or with `s3://`, `gs://`, `az://` a bucket (which needs the package obstore).

    Raises:
        InvalidArgument: an address that cannot be written to.
    """
    scheme = urlsplit(where).scheme
    if scheme in ("http", "https"):
        raise InvalidArgument("A web server can be read from, not published to: name the folder or bucket that it serves.")
    return BucketStore(where) if len(scheme) > 1 else FolderStore(Path(where))  # one letter is a drive of Windows


def source_of(address: str) -> tuple[Source, str, str]:
    """The source, title and channel of a channel's address, such as `https://example.com/content/channels/kitewind/live`.

    Raises:
        InvalidArgument: no address of a channel.
    """
    match = _CHANNEL.fullmatch(address)
    if match is None:
        raise InvalidArgument("The address of a channel ends in /channels/TITLE/CHANNEL.")
    where = match["store"]
    source = HttpSource(where) if where.startswith(("http://", "https://")) else store_at(where)
    return source, match["title"], match["name"]


class HttpSource:
    """A web server: any that answers `GET`, best one that knows ranges. One connection, kept open."""

    def __init__(self, base: str, timeout_s: float = TIMEOUT_S, wait: Callable[[float], None] = time.sleep) -> None:
        parts = urlsplit(base)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._path, self._wait = parts.path.rstrip("/"), wait
        self._where = parts.netloc
        self._connection = kind(parts.netloc, timeout=timeout_s)

    def close(self) -> None:
        self._connection.close()

    def read(self, name: str, start: int = 0, length: int = READ_BYTES_MAX) -> bytes:
        length = min(length, READ_BYTES_MAX)
        if not NAME.fullmatch(name) or length < 1:
            raise NotInStore(f"{name[:80]!a} is no name of an object.")
        headers = {"Range": f"bytes={start}-{start + length - 1}", "Accept-Encoding": "identity"}
        for pause_s in (*PAUSES_S, None):
            with self._get(f"{self._path}/{quote(name)}", headers) as response:
                data = self._body(response, name, start, length)
            if data is not None:
                return data
            if pause_s is not None:
                self._wait(pause_s)
        raise SourceUnreachable(f"{self._where} is too busy.")

    def _get(self, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Twice, for a kept connection may have been closed by the other side."""
        for attempt in (1, 2):
            try:
                self._connection.request("GET", path, headers=headers)
                return self._connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                if attempt == 2:
                    raise SourceUnreachable(f"{self._where} does not answer: {error}.") from None
        raise AssertionError("the second attempt returns or raises")

    def _body(self, response: http.client.HTTPResponse, name: str, start: int, length: int) -> bytes | None:
        """None when the server asks to come again later."""
        try:
            if response.status == 206:
                return self._sized(response, length)
            if response.status == 200:  # a server without ranges sends all
                _skip(response, start)
                return self._sized(response, length, is_part=True)
            self._sized(response, 65_536, is_part=True)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise SourceUnreachable(f"{self._where} broke off: {error}.") from None
        if response.status == 416:
            return b""
        if response.status in (429, 503):
            return None
        if response.status in (404, 410):
            raise NotInStore(f"There is no {name} at {self._where}.")
        raise SourceUnreachable(f"{self._where} answers {response.status} for {name}.")

    def _sized(self, response: http.client.HTTPResponse, length: int, is_part: bool = False) -> bytes:
        """At most `length` bytes; what comes beyond is not read, and the connection ends."""
        data = response.read(length)
        if len(data) < length and response.length:
            raise http.client.IncompleteRead(data, response.length)
        if not response.isclosed() and (is_part or len(data) == length) and response.read(1):
            self._connection.close()
        return data


def _skip(response: http.client.HTTPResponse, count: int) -> None:
    while count > 0 and (part := response.read(min(count, 1 << 20))):
        count -= len(part)


class BucketStore:
    """An object store by obstore: S3, Google, Azure and what speaks like them; rights come from the environment, as their tools read it."""

    def __init__(self, url: str, **options: Any) -> None:
        try:
            import obstore
            import obstore.store
        except ImportError:
            raise InvalidArgument('Buckets need a package more: pip install "supergame[objectstore]".') from None
        self._obstore = obstore
        self._store = obstore.store.from_url(url, **options)

    def read(self, name: str, start: int = 0, length: int = READ_BYTES_MAX) -> bytes:
        try:
            if start == 0 and length >= READ_BYTES_MAX:
                return bytes(self._obstore.get(self._store, name).bytes())[:READ_BYTES_MAX]
            end = min(start + length, self.size(name))
            return bytes(self._obstore.get_range(self._store, name, start=start, end=end)) if end > start else b""
        except FileNotFoundError:
            raise NotInStore(f"The bucket has no {name}.") from None
        except Exception as error:  # noqa: BLE001 - each kind of bucket has errors of its own
            raise SourceUnreachable(f"The bucket does not answer: {error}.") from None

    def write(self, name: str, data: bytes) -> None:
        try:
            self._obstore.put(self._store, name, data)
        except Exception as error:  # noqa: BLE001
            raise DiskFull(f"The bucket refuses {name}: {error}.") from None

    def has(self, name: str) -> bool:
        try:
            self._obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        try:
            return int(self._obstore.head(self._store, name)["size"])
        except FileNotFoundError:
            raise NotInStore(f"The bucket has no {name}.") from None

    def names(self, folder: str) -> Iterator[str]:
        found = sorted(entry["path"] for page in self._obstore.list(self._store, prefix=f"{folder}/") for entry in page)
        return (name for name in found if NAME.fullmatch(name))

    def remove(self, name: str) -> None:
        self._obstore.delete(self._store, name)

    def alone(self) -> AbstractContextManager[None]:
        """Buckets have no locks: publish to one from one place."""
        return nullcontext()
