"""What users install: a wheel with the built pages in it, which runs without Node and without this checkout."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVE = """
import sys
sys.path = [path for path in sys.path if not path.endswith("/src")]
sys.path.insert(0, sys.argv.pop(1))
import supergame
assert supergame.__file__.startswith(sys.path[0]), supergame.__file__
from supergame.cli.main import main
raise SystemExit(main())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, cwd=folder)
    (wheel,) = folder.glob("supergame-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_has_the_pages_the_types_and_the_templates(installed: Path) -> None:
    package = installed / "supergame"
    for app in ("page", "game", "console"):
        assert "<title>" in (package / "_web" / app / "index.html").read_text()
        assert list((package / "_web" / app / "assets").glob("*.js"))
    assert (package / "py.typed").is_file()
    assert (package / "db" / "migrations" / "0001_foundation.sql").is_file()
    assert (package / "cli" / "templates" / "arena" / "page" / "play.js").is_file()
    assert (package / "_web" / "sdk" / "supergame.js").is_file()


def test_the_wheel_serves_its_page(installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVE, str(installed), "up", "--port", "0", "--console-port", "0", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        address = next(line.split()[-1] for line in process.stdout if "play and connect" in line)
        request = urllib.request.Request(address, headers={"Accept": "text/html"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            page = answer.read().decode()
        process.terminate()
        process.stdout.read()
        assert process.wait(20) == 0
    assert "<title>" in page
    assert "web pages were not built" not in page
