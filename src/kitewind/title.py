"""The title that the parts of Kitewind fill."""

from __future__ import annotations

from supergame.game import Game

game = Game("kitewind", name="Kitewind")
