"""`supergame up`: what its options mean, and what it says when it is up. Real processes: tests/e2e/test_up.py."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import SimpleNamespace

import pytest

from supergame.app.config import Config
from supergame.base.errors import InvalidArgument
from supergame.base.ids import TitleId
from supergame.cli import up
from supergame.game import Game
from supergame.routing.auth import TitleKeys

KEY = "4f" * 32


def configured(*arguments: str) -> Config:
    parser = argparse.ArgumentParser()
    up.add(parser.add_subparsers())
    return up.configure(parser.parse_args(["up", *arguments]))


def announced(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    node = SimpleNamespace(config=configured(*arguments), port=50_001, console_port=50_002, keys=[TitleKeys(TitleId("main"), KEY, "http")])
    up._announce(node, [Game("main", name="My game"), Game("beta")], 0.123, None)  # type: ignore[arg-type]
    return capsys.readouterr().out


def test_without_options_only_this_machine_is_served() -> None:
    assert configured() == Config(data_dir=Path("data"))


def test_options_become_the_configuration() -> None:
    arguments = ["--host", "192.0.2.7", "--port", "1", "--console-host", "::1", "--console-port", "65535", "--data", "here"]
    arguments += ["--database", "postgresql://db/game", "--tls-cert", "c.pem", "--tls-key", "k.pem"]
    arguments += ["--single-socket", "--single-match", "--flush-ms", "2.5"]
    arguments += ["--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "::1", "--allow-origin", "https://a", "--allow-origin", "null"]
    assert configured(*arguments) == Config(
        data_dir=Path("here"),
        host="192.0.2.7",
        port=1,
        console_host="::1",
        console_port=65_535,
        database="postgresql://db/game",
        tls_cert=Path("c.pem"),
        tls_key=Path("k.pem"),
        trusted_proxies=("10.0.0.0/8", "::1"),
        allowed_origins=("https://a", "null"),
        flush_ms=2.5,
        single_socket=True,
        single_match=True,
    )


def test_lan_opens_the_door_unless_an_address_is_named() -> None:
    assert configured("--lan").host == "0.0.0.0"
    assert configured("--lan", "--host", "192.0.2.7").host == "192.0.2.7"
    assert configured("--lan").console_host == "127.0.0.1"


def test_TTL3_options_of_the_deployments_file_come_before_those_of_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert up.options_of_file([]) == []
    (tmp_path / "supergame.toml").write_text(
        '[up]\nport = 7450\nlan = true\nsingle_match = false\nallow_origin = ["a", "b"]\ndata = "kept"\n'
    )
    options = up.options_of_file([])
    assert options == ["--port=7450", "--lan", "--allow-origin=a", "--allow-origin=b", f"--data={tmp_path / 'kept'}"]
    config = configured(*options, "--port", "1")
    assert (config.port, config.host, config.single_match, config.data_dir) == (1, "0.0.0.0", False, tmp_path / "kept")
    assert up.options_of_file([Path("kitewind")]) == [], "a title that is named goes without the file"


@pytest.mark.parametrize("half", ["--tls-cert", "--tls-key"])
def test_half_a_tls_set_up_is_refused(half: str) -> None:
    with pytest.raises(InvalidArgument, match="both"):
        configured(half, "file.pem")


@pytest.mark.parametrize("proxy", ["", "everyone", "10.0.0.0/33", "300.1.1.1", "example.org"])
def test_a_proxy_that_is_no_address_is_refused(proxy: str) -> None:
    with pytest.raises(InvalidArgument, match="--trusted-proxy"):
        configured("--trusted-proxy", proxy)


@pytest.mark.parametrize("option", ["--port", "--console-port"])
@pytest.mark.parametrize("port", ["-1", "65536", "99999", "http", ""])
def test_a_number_that_is_no_port_is_refused(option: str, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        configured(f"{option}={port}")
    assert option in capsys.readouterr().err


@pytest.mark.parametrize("wait", ["-1", "1001", "nan", "soon", ""])
def test_a_wait_that_is_none_is_refused(wait: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        configured(f"--flush-ms={wait}")
    assert "--flush-ms" in capsys.readouterr().err
    assert configured("--flush-ms", "0").flush_ms == 0.0


def test_the_banner_says_where_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    text = announced(capsys, "--data", "/srv/game")
    assert "up after 0.1 s, serving My game, beta" in text
    assert "play and connect   http://127.0.0.1:50001/\n" in text
    assert "http://127.0.0.1:50001/openapi.json" in text
    assert "http://127.0.0.1:50002/" in text
    assert "data               /srv/game" in text
    assert KEY not in text


def test_the_banner_for_the_network_has_address_key_and_code(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "_lan_address", lambda: "192.0.2.44")
    text = announced(capsys, "--lan")
    assert f"http://192.0.2.44:50001/#key={KEY}\n" in text
    assert "█" in text
    assert "Scan it" in text
    assert "http://127.0.0.1:50002/" in text


def test_the_banner_of_a_named_address_has_its_own_key_too(capsys: pytest.CaptureFixture[str]) -> None:
    text = announced(capsys, "--host", "192.0.2.7", "--tls-cert", "c.pem", "--tls-key", "k.pem")
    assert f"https://192.0.2.7:50001/#key={KEY}\n" in text
    assert "Scan it" not in text


def test_the_banner_warns_of_a_console_that_others_can_listen_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing hides passwords" in announced(capsys, "--console-host", "0.0.0.0")
    assert "nothing hides passwords" not in announced(capsys)
    guarded = announced(capsys, "--console-host", "192.0.2.7", "--tls-cert", "c.pem", "--tls-key", "k.pem")
    assert "nothing hides passwords" not in guarded
    assert "operators          https://192.0.2.7:50002/" in guarded


def test_without_a_network_the_address_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoNetwork:
        def __init__(self, *arguments: object) -> None: ...
        def __enter__(self) -> NoNetwork:
            return self

        def __exit__(self, *arguments: object) -> None: ...
        def connect(self, address: object) -> None:
            raise OSError("unreachable")

    monkeypatch.setattr(up.socket, "socket", NoNetwork)
    assert up._lan_address() == "127.0.0.1"


def test_without_uvloop_asyncio_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert up.fast_loop_factory() is not None
    monkeypatch.setitem(__import__("sys").modules, "uvloop", None)
    assert up.fast_loop_factory() is None
