"""Prepare what a command needs, and nothing that is ready: `python3 scripts/prepare.py [runtime] [test] [web]`."""

from __future__ import annotations

import sys

import environments
import steps
import web

PARTS = {"runtime": environments.runtime, "test": environments.test, "web": web.build}


def prepare() -> None:
    with steps.alone():
        for name in sys.argv[1:]:
            PARTS[name]()


steps.main(prepare)
