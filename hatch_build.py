"""Refuse to build a package without its web assets: it would install, start, and serve an empty page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ENTRIES = [f"src/supergame/_web/{app}/index.html" for app in ("page", "game", "console")]


class WebAssets(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a checkout builds them later, with `make web`
            return
        for entry in ENTRIES:
            if not (Path(self.root) / entry).is_file():
                self.app.abort(f"The web assets are missing ({entry}). Build them first: make web")
