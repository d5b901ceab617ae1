"""What an operator decides, with defaults for one machine."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from supergame.base.ids import TitleId
from supergame.base.limits import Limits
from supergame.features.sessions.model import Lifetimes
from supergame.features.titles.model import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One node. Ports of 0 let the system choose."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 7350
    console_host: str = "127.0.0.1"
    console_port: int = 7351
    console_names: tuple[str, ...] = ()
    """Names, besides addresses and localhost, under which the console may be called."""
    database: str = "sqlite"
    """`sqlite` keeps a file in the data folder; `postgresql://...` uses that server."""
    content: str = ""
    """The store of releases, a folder or bucket; empty: `content` in the data folder."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ("*",)
    own_keys_only: bool = False
    """Whether the well-known keys of Nakama's clients are refused on this machine too."""
    flush_ms: float = 8.0
    """How long frames to a busy socket wait for others to leave with; 0 sends each at once."""
    single_socket: bool = False
    """Whether a new socket closes the older ones of its person in the title."""
    single_match: bool = False
    """Whether a socket that joins a match leaves all others."""
    titles: dict[TitleId, Settings] = field(default_factory=dict)
    """What the deployment's file says of titles; operators may decide otherwise in the console."""
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    limits: Limits = field(default_factory=Limits)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can connect, so that well-known keys do no harm."""
        return _is_loopback(self.host)

    @property
    def has_well_known_keys(self) -> bool:
        """Whether the default keys of Nakama's clients work beside the titles' own."""
        return self.is_loopback and not self.own_keys_only

    @property
    def is_console_loopback(self) -> bool:
        """Whether only this machine can reach the console. From elsewhere, operators need a second factor."""
        return _is_loopback(self.console_host)

    @property
    def has_console_tls(self) -> bool:
        """Whether the console is served over TLS: where others can listen in, if there is a certificate."""
        return self.tls_cert is not None and not self.is_console_loopback


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
