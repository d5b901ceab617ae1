"""What an operator decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from supergame.app.config import Config


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_machine_only(host: str) -> None:
    assert Config(data_dir=Path("data"), host=host).is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org", "", "localhost.example.org", "127.0.0.1.example.org"])
def test_anything_else_may_be_reached_by_others(host: str) -> None:
    assert not Config(data_dir=Path("data"), host=host).is_loopback


def test_the_operators_port_stays_on_this_machine_unless_asked() -> None:
    config = Config(data_dir=Path("data"), host="0.0.0.0")
    assert (config.console_host, config.port, config.console_port, config.database) == ("127.0.0.1", 7350, 7351, "sqlite")
