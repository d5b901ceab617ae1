"""`supergame operator add | reset | list`: who may sign in to the console, from the shell of the machine that has the data."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import Any

from supergame.app.access import open_access
from supergame.app.config import Config
from supergame.base.clock import as_datetime
from supergame.console.operators import Invited, Operators
from supergame.routing.console import Role


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("operator", help="who may sign in to the console", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the server's data folder (default: ./data)")
    parser.add_argument("--database", default="sqlite", metavar="URL", help="sqlite (default) or postgresql://...")
    what = parser.add_subparsers(metavar="WHAT", required=True)
    adding = what.add_parser("add", help="somebody new, with a one-time password")
    adding.add_argument("name", help="lower-case letters, digits, dots, hyphens and underscores")
    adding.add_argument("--role", choices=[role.value for role in Role], default=Role.OPERATOR.value, help="default: %(default)s")
    adding.add_argument("--title", action="append", default=[], metavar="TITLE", help="limit them to this title; may be repeated")
    adding.set_defaults(run=lambda options: _run(options, _add))
    resetting = what.add_parser("reset", help="a new one-time password for somebody who has lost theirs, and no authenticator")
    resetting.add_argument("name")
    resetting.set_defaults(run=lambda options: _run(options, _reset))
    what.add_parser("list", help="everybody").set_defaults(run=lambda options: _run(options, _list))


def _run(options: argparse.Namespace, work: Any) -> int:
    async def with_access() -> None:
        async with open_access(Config(data_dir=options.data, database=options.database)) as operators:
            await work(operators, options)

    asyncio.run(with_access())
    return 0


async def _add(operators: Operators, options: argparse.Namespace) -> None:
    _tell(await operators.at_machine("add_operator", lambda action: operators.add(action, options.name, options.role, options.title)))


async def _reset(operators: Operators, options: argparse.Namespace) -> None:
    operator = await operators.find(options.name)
    _tell(await operators.at_machine("reset_operator", lambda action: operators.reset(action, operator.operator_id)))


async def _list(operators: Operators, options: argparse.Namespace) -> None:
    for operator, sessions, _ in await operators.all():
        state = (
            "disabled" if operator.disabled_at else "has to choose a password" if operator.must_change_password else f"{sessions} sessions"
        )
        last = as_datetime(operator.signed_in_at).strftime("%Y-%m-%d %H:%M UTC") if operator.signed_in_at else "never"
        titles = " ".join(sorted(operator.titles)) or "all titles"
        print(f"{operator.name:20} {operator.role:9} {titles:24} {state:26} last signed in: {last}")


def _tell(invited: Invited) -> None:
    print(f"{invited.operator.name} signs in to the console once with the password {invited.one_time_password}")
    print("and chooses another there. It is shown this once, and ends in 7 days.")
