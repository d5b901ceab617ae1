"""Kitewind, the flagship: a platformer on sky islands. `supergame up` serves it. It is written against `supergame.game` alone."""
