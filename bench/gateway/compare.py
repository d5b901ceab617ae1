"""uvicorn's HTTP protocol against our own, with the same router: `python bench/gateway/compare.py [ROUNDS]`. Needs wrk and two cores.

The server has core 0, wrk core 1. Rounds are interleaved, so that a busy machine troubles both alike, and the figure to read is
the server's CPU time per request (/proc/PID/stat), which does not count what others took.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
SECONDS, CONNECTIONS = 4, 32
ROUTES = ["/healthcheck", "/v2/account", "/v2/rpc/clientrpc.rpc"]
KINDS = ["uvicorn", "own"]
TICKS_S = os.sysconf("SC_CLK_TCK")


class Server:
    """One of the two, on core 0."""

    def __init__(self, kind: str) -> None:
        command = [sys.executable, str(HERE / "uvicorn_app.py"), kind]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=lambda: os.sched_setaffinity(0, {0}))
        assert self.process.stdout is not None
        self.port, self.token = self.process.stdout.readline().split()

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_S

    def measure(self, route: str, script: Path) -> tuple[float, float]:
        """Requests a second, and microseconds of the server's CPU for each."""
        before = self.cpu_s()
        command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Authorization: Bearer {self.token}"]
        script_option = ["-s", str(script)] if "rpc" in route else []
        text = subprocess.run(
            [*command, *script_option, f"http://127.0.0.1:{self.port}{route}"], capture_output=True, text=True, check=True
        ).stdout
        used = self.cpu_s() - before
        found = re.search(r"(\d+) requests in", text)
        assert found, text
        assert "Non-2xx" not in text, text
        count = int(found[1])
        return count / SECONDS, used / count * 1e6


def main(rounds: int) -> None:
    servers = {kind: Server(kind) for kind in KINDS}
    results: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.lua"
        script.write_text('wrk.method = "POST"\nwrk.body = "\\"" .. string.rep("x", 100) .. "\\""\n')
        try:
            for round_number in range(rounds + 1):
                for route in ROUTES:
                    for kind in KINDS if round_number % 2 else reversed(KINDS):
                        result = servers[kind].measure(route, script)
                        if round_number:  # the first round warms up
                            results[route, kind].append(result)
        finally:
            for server in servers.values():
                server.process.kill()
                server.process.wait()
    for (route, kind), found in results.items():
        per_second, cpu_us = (statistics.median(column) for column in zip(*found, strict=True))
        least, most = min(cpu for _, cpu in found), max(cpu for _, cpu in found)
        print(f"{route:<24} {kind:<8} {per_second:8.0f} req/s {cpu_us:7.1f} us CPU  ({least:.1f} - {most:.1f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
