"""What the documentation says is so: pages, rules, links, examples, commands; and what no tracked file may hold."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from supergame.base.errors import SupergameError
from supergame.cli.main import main
from supergame.game import Game
from supergame.testing import TestServer
from supergame.wire.status import HTTP_STATUS
from tests.support.errors import error_tree

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ERRORS = DOCS / "errors"
MADE_UP = {"docs/spec/mail.md", "docs/work/plan.md"}  # as examples
BYTES_MAX = 1_000_000
UNTRACKED = {".git", ".venv", ".build", ".cache", "node_modules", "dist", "_web", "data", "__pycache__"}
MADE_FOR_TESTS = {"tests/unit/gateway/localhost.pem"}  # a key that guards nothing


@cache
def tracked() -> list[Path]:
    """The files of the repository; without git (an unpacked archive) whatever lies there."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return [file for file in ROOT.rglob("*") if file.is_file() and not UNTRACKED & set(file.relative_to(ROOT).parts)]
    return [file for name in listed.split("\0") if name and (file := ROOT / name).is_file()]


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def text(file: Path) -> str:
    """Empty for files that are no text."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def pages() -> list[Path]:
    return [file for file in tracked() if file.suffix == ".md"]


# --- errors


def test_every_error_has_a_page_and_every_page_an_error() -> None:
    codes = Counter(error.code for error in error_tree())
    assert [code for code, count in codes.items() if count > 1] == []
    assert {page.stem for page in ERRORS.glob("*.md")} - {"README"} == set(codes)


@pytest.mark.parametrize("error", sorted(error_tree(), key=lambda error: error.code), ids=lambda error: error.code)
def test_an_errors_page_tells_what_it_is_and_what_to_do(error: type[SupergameError]) -> None:
    page = (ERRORS / f"{error.code}.md").read_text()
    lines = [line for line in page.splitlines() if line]
    assert lines[0] == f"# {error.code}"
    assert 4 <= len(lines) <= 15
    assert re.search(r"^\*\*For (clients|operators|game makers|authors of features)\*\*: ", page, re.MULTILINE)
    for http, grpc in re.findall(r"HTTP (\d+), gRPC (\d+)\.", page):
        assert (int(http), int(grpc)) == (HTTP_STATUS[error.status], error.status)


def test_the_table_of_errors_has_each_of_them_with_its_statuses() -> None:
    rows = re.findall(r"^\| \[([\w.]+)\]\(([\w.]+)\) \| ([^|]+) \| ([^|]+) \|", (ERRORS / "README.md").read_text(), re.MULTILINE)
    assert [row[0] for row in rows] == sorted(error.code for error in error_tree())
    by_code = {error.code: error for error in error_tree()}
    for code, page, http, grpc in rows:
        assert page == f"{code}.md"
        if http not in ("–", "as the game says"):
            status = by_code[code].status
            assert (int(http), grpc) == (HTTP_STATUS[status], f"{int(status)} {status.name}"), code


# --- rules


def rules() -> list[str]:
    return [
        rule for page in sorted((DOCS / "spec").glob("*.md")) for rule in re.findall(r"^\| ([A-Z]+\d+) \|", page.read_text(), re.MULTILINE)
    ]


def cited() -> set[str]:
    """Rule ids in the names of all tests."""
    names = [found for file in tracked() if file.match("test_*.py") for found in re.findall(r"def (test_\w+)", text(file))]
    return {rule for test in names for rule in re.findall(r"(?<=_)[A-Z]+\d+(?=_)", test)}


def test_rules_have_ids_of_their_own() -> None:
    assert [rule for rule, count in Counter(rules()).items() if count > 1] == []


def test_every_rule_is_held_by_a_test() -> None:
    assert set(rules()) - cited() == set()


def test_every_rule_that_a_test_names_exists() -> None:
    assert cited() - set(rules()) == set()


# --- links


def slug(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", "")).replace(" ", "-")


@pytest.mark.parametrize("page", pages(), ids=name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    without_code = re.sub(r"```.*?```|`[^`\n]*`", "", text(page), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in [slug(heading) for heading in re.findall(r"^#+ (.+)$", text(target), re.MULTILINE)], link


def test_pages_that_the_code_refers_to_exist() -> None:
    said = {(name(file), page) for file in tracked() for page in re.findall(r"\bdocs/[a-z]+/[\w.-]+\.md\b", text(file))}
    missing = {(file, page) for file, page in said if not (ROOT / page).exists() and page not in MADE_UP}
    assert missing == set()


def test_every_decision_is_listed_and_has_a_number_of_its_own() -> None:
    found = sorted(page.name for page in (DOCS / "decisions").glob("[0-9]*.md") if page in tracked())
    assert re.findall(r"^\| \[\d{4}\]\(([\w.-]+)\)", (DOCS / "decisions" / "README.md").read_text(), re.MULTILINE) == found
    assert len({file[:4] for file in found}) == len(found)


# --- examples


def examples(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", text(page), re.DOTALL | re.MULTILINE)


def games() -> list[tuple[str, str]]:
    found = [(name(page), example) for page in pages() for example in examples(page)]
    return [(page, example) for page, example in found if re.search(r"^game = Game\(", example, re.MULTILINE)]


def run_example(example: str) -> Game:
    scope: dict[str, Any] = {"__name__": "example"}
    exec(compile(example, "example", "exec"), scope)
    return scope["game"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("page", [page for page in pages() if examples(page)], ids=name)
def test_examples_are_python(page: Path) -> None:
    for example in examples(page):
        compile(example, name(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.parametrize(("page", "example"), games())
async def test_examples_that_are_games_can_be_served(page: str, example: str) -> None:
    async with TestServer(run_example(example)) as server:
        assert await server.sign_in("ada")


async def test_the_example_of_the_readme_answers_as_it_says() -> None:
    (example,) = examples(ROOT / "README.md")
    async with TestServer(run_example(example)) as server:
        ada = await server.sign_in("ada")
        assert json.loads(await ada.rpc("hello", '{"name": "Ada"}')) == {"greeting": "Hello, Ada!"}
        assert json.loads(await ada.rpc("hello")) == {"greeting": "Hello, stranger!"}


# --- commands


def help_of(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    return capsys.readouterr().out


def test_commands_of_make_that_are_written_about_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    said = {(name(page), target) for page in pages() for target in re.findall(r"(?:`|^)make ([a-z]+)", text(page), re.MULTILINE)}
    assert {target for _, target in said} >= {"up", "test", "check"}
    assert [(page, target) for page, target in said if target not in targets] == []


def test_commands_of_supergame_that_are_written_about_exist(capsys: pytest.CaptureFixture[str]) -> None:
    commands = set(re.findall(r"^    ([a-z]+) ", help_of(capsys), re.MULTILINE))
    said = {(name(page), command) for page in pages() for command in re.findall(r"`(?:\.venv/bin/)?supergame ([a-z]+)", text(page))}
    assert {command for _, command in said} >= {"up", "new", "bench"}
    assert [(page, command) for page, command in said if command not in commands] == []


def test_options_that_the_readme_and_the_errors_name_exist(capsys: pytest.CaptureFixture[str]) -> None:
    commands = [[name] for name in re.findall(r"^    ([a-z]+) ", help_of(capsys), re.MULTILINE)]
    known = {option for command in [*commands, ["bench", "api"]] for option in re.findall(r"--[a-z-]+", help_of(capsys, *command))}
    wanted = [ROOT / "README.md", ROOT / "SECURITY.md", *ERRORS.glob("*.md")]
    said = {(name(page), option) for page in wanted for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text(page))}
    assert [(page, option) for page, option in said if option not in known] == []


# --- news


def fragments() -> list[Path]:
    return [file for file in tracked() if file.parent == ROOT / "changes" and file.name != "README.md"]


@pytest.mark.parametrize("fragment", fragments(), ids=name)
def test_a_news_fragment_is_a_sentence_or_two(fragment: Path) -> None:
    assert re.fullmatch(r"(\d+|\+[\w-]+)(\.\d+)?\.(feature|bugfix|doc|removal|misc)(\.\d+)?\.md", fragment.name)
    news = text(fragment).strip()
    assert news[0].isupper() or news[0] == "`"
    assert news.endswith(".")
    assert "\n\n" not in news
    assert len(news) <= 600


# --- what no file may hold

# In halves, or this file would hold them.
FORBIDDEN = {
    "a registry": re.compile(r"\b(?:" + "|".join(["py" + "pi", "pythonhosted", "npm" + "js", "registry.npm" + "js"]) + r")\.(?:org|com)\b"),
    "a package index": re.compile("index" + "-url|" + r"registry\s*=\s*http"),
    "a path of a machine": re.compile(r"(?<![\w.~-])/(?:wo" + r"rk|fa" + r"rm|ro" + r"ot|ho" + r"me/\w+|Us" + r"ers/\w+)/"),
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----"),
    "a cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b|\bAIza[\w-]{35}\b"),
    "a token of a code host": re.compile(r"\bgh[pousr]_\w{30,}|\bglpat-[\w-]{20,}|\bgithub_pat_\w{30,}"),
    "a token of a chat or a model": re.compile(r"\bxox[abprs]-[\w-]{10,}|\bsk-[A-Za-z0-9]{24,}"),
    "a signed session token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{43}\b"),
}


def findings(content: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(content)]


def test_no_tracked_file_holds_secrets_registries_or_paths_of_a_machine() -> None:
    found = {name(file): findings(text(file)) for file in tracked() if name(file) not in MADE_FOR_TESTS}
    assert {file: what for file, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("see https://py" + "pi.org/simple", "a registry"),
        ("resolved: https://registry.npm" + "js.org/x", "a registry"),
        ("--index" + "-url https://example.org", "a package index"),
        ("open('/ro" + "ot/.ssh/id')", "a path of a machine"),
        ("cd /ho" + "me/ada/supergame", "a path of a machine"),
        ("-----BEGIN EC PRIVATE" + " KEY-----", "a private key"),
        ("key = AK" + "IA" + "ABCDEFGHIJKLMNOP", "a cloud key"),
        ("gh" + "p_" + "a" * 36, "a token of a code host"),
        ("ey" + "J" + "a" * 20 + ".ey" + "J" + "b" * 20 + "." + "c" * 43, "a signed session token"),
    ],
)
def test_a_planted_one_is_found(planted: str, what: str) -> None:
    assert what in findings(planted)


@pytest.mark.parametrize(
    "harmless", ["/usr/bin/env python3", "docs/work/plan.md", "a/ro" + "ot/b", "sk-short", "eyJhbGciOiJIUzI1NiJ9", "~/work/x"]
)
def test_what_only_looks_like_one_is_left_alone(harmless: str) -> None:
    assert findings(harmless) == []


def test_tracked_files_are_small() -> None:
    assert [name(file) for file in tracked() if file.stat().st_size >= BYTES_MAX] == []


@pytest.mark.parametrize("lock", [file for file in tracked() if file.suffix == ".lock"], ids=name)
def test_lock_files_hold_names_versions_and_hashes_and_no_address(lock: Path) -> None:
    assert "://" not in text(lock)
    assert "sha256:" in text(lock)


def test_the_lock_of_npm_ties_nobody_to_a_registry() -> None:
    packages = json.loads(text(ROOT / "web" / "package-lock.json"))["packages"]
    assert [package for package, told in packages.items() if "resolved" in told and not told.get("link")] == []
    assert "://" not in json.dumps([{key: value for key, value in told.items() if key != "funding"} for told in packages.values()])
