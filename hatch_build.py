"""Refuse to build a package without its web assets: it would install, start, and serve an empty page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ENTRY = "src/supergame/_web/index.html"


class WebAssets(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a checkout builds them later, with `make web`
            return
        if not (Path(self.root) / ENTRY).is_file():
            self.app.abort(f"The web assets are missing ({ENTRY}). Build them first: make web")
