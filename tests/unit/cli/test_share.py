"""`supergame share`: what it asks for, and what becomes of it."""

from __future__ import annotations

import argparse

import pytest

from supergame.base.errors import InvalidArgument
from supergame.cli.main import main
from supergame.cli.share import duration_s, local
from supergame.relay.agent import RelayAddress, RelayUrlInvalid


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("30m", 1_800), ("8h", 28_800), ("30d", 2_592_000)])
def test_times_as_people_write_them(text: str, seconds: int) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", "8", "h", "0h", "-1h", "31d", "1.5h", "9999999d", "8 h"])
def test_RLY7_other_times_are_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        duration_s(text)


@pytest.mark.parametrize("url", ["", "relay", "ftp://relay", "http://", "https://relay/path", "http://[::1", "http://relay:port"])
def test_an_address_of_a_relay_has_a_form(url: str) -> None:
    with pytest.raises(RelayUrlInvalid):
        RelayAddress.of(url)


def test_https_is_checked_by_the_systems_certificates() -> None:
    relay = RelayAddress.of("https://relay.example.org")
    assert (relay.host, relay.port, relay.tls is not None) == ("relay.example.org", 443, True)
    assert RelayAddress.of("http://relay.example.org:7380").port == 7380


@pytest.mark.parametrize("url", ["", "https://127.0.0.1:7350", "http://127.0.0.1"])
def test_a_server_is_named_with_its_port(url: str) -> None:
    with pytest.raises(InvalidArgument):
        local(url)


def test_a_console_without_data_is_told_of(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["share", "--role", "viewer", "--data", f"{tmp_path}/none"]) == 1
    assert "[operator.no_data]" in capsys.readouterr().err
