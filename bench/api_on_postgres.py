"""`supergame bench api` on a PostgreSQL of its own that shares the server's core: `python bench/api_on_postgres.py [OPTIONS OF bench api]`.

One core for server and database together, as in the figures of Nakama that the table compares with.
"""

from __future__ import annotations

import subprocess
import sys

from supergame.cli.loadgen.machine import pinned, two_cores
from supergame.testing.postgres import LocalPostgres


def main(arguments: list[str]) -> int:
    server = LocalPostgres()
    try:
        with pinned(two_cores().server):
            server.start()
        command = [sys.executable, "-m", "supergame.cli.main", "bench", "api", "--count-pid", str(server.pid)]
        return subprocess.run([*command, "--database", server.create_database("bench"), *arguments], check=False).returncode
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
