"""`supergame relay`: when it refuses to start."""

from __future__ import annotations

from pathlib import Path

import pytest

from supergame.cli.main import main
from supergame.cli.relay import read_key


def test_RLY9_a_relay_that_others_reach_has_a_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = tmp_path / "key"
    short.write_text("short")
    for options in (["--host", "0.0.0.0"], ["--key-file", str(short)], ["--key-file", str(tmp_path / "none")]):
        assert main(["relay", "--port", "0", *options]) == 1
        assert "[relay.key_needed]" in capsys.readouterr().err


def test_a_key_is_what_its_file_says(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("0123456789abcdef\n")
    assert read_key(tmp_path / "key") == "0123456789abcdef"
    assert read_key(None) == ""


def test_a_certificate_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cert").write_text("none")
    assert main(["relay", "--port", "0", "--tls-cert", str(tmp_path / "cert")]) == 1
    assert "[node.tls_invalid]" in capsys.readouterr().err
