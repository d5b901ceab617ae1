"""One-time codes of an authenticator app (RFC 6238): HMAC-SHA-1, six digits, steps of 30 seconds; what every such app understands."""

from __future__ import annotations

import base64
import hmac
from typing import Final
from urllib.parse import quote

from supergame.base.clock import WallMicros, whole_seconds

STEP_S: Final = 30
DIGITS: Final = 6
DRIFT_STEPS: Final = 1
"""A phone's clock may be so many steps early or late."""
SECRET_BYTES: Final = 20


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226, section 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_of(secret: bytes, code: str, now: WallMicros, after_step: int) -> int | None:
    """The step that a code belongs to, if it is a present one and later than `after_step`: each code works once."""
    present = whole_seconds(now) // STEP_S
    found = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode(errors="replace")) and step > after_step:
            found = step
    return found


def written(secret: bytes) -> str:
    """The secret as people type it into an app."""
    return base64.b32encode(secret).decode()


def read(text: str) -> bytes:
    return base64.b32decode(text)


def uri(secret: bytes, operator: str, issuer: str = "supergame") -> str:
    """What the QR code for the app holds."""
    return (
        f"otpauth://totp/{quote(issuer)}:{quote(operator)}?secret={written(secret)}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP_S}"
    )
