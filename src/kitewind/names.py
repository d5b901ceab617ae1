"""What players may be called and say: short, visible, and mild."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Container
from itertools import count
from typing import Final

MAX_GRAPHEMES: Final = 16
MAX_CODE_POINTS: Final = 8
"""Of one grapheme. The longest common emoji have so many; a name of stacked accents has more."""

NOBODY: Final = "Guest"

_JOINER: Final = "\u200d"
_WORDS: Final = codecs.decode(
    "nefrubyr|nefrubyrf|onfgneq|ovgpu|ovgpurf|obyybpxf|ohyyfuvg|pbpxfhpxre|phag|phagf|qvpxurnq|snttbg|shpx|shpxrq|"
    "shpxre|shpxref|shpxvat|zbgureshpxre|avttn|avttre|avttref|cvff|cevpx|chffl|ergneq|fuvg|fuvgf|fuvggl|fyhg|gjng|jnax|jnaxre|"
    "juber",
    "rot13",
)
"""Turned by 13 letters, so that nobody has to read them here."""
_MASKED: Final = re.compile(rf"(?<![^\W_])(?:{_WORDS})(?![^\W_])")
_DISGUISES: Final = str.maketrans("013457@$!", "oieastasi")


def clean_name(text: str) -> str:
    """One line of 1 to 16 visible graphemes, compatibility forms made plain, with mild words only; `NOBODY` when nothing is left."""
    plain = unicodedata.normalize("NFKC", text[: 16 * MAX_GRAPHEMES])
    seen = "".join(" " if char.isspace() else char for char in plain if char.isspace() or _is_visible(char))
    short = "".join(graphemes(" ".join(seen.split()))[:MAX_GRAPHEMES]).strip(f" {_JOINER}")
    return mask(short) or NOBODY


def unlike(name: str, taken: Container[str]) -> str:
    """The name, or with the first number that makes it unlike those that are taken, which are case-folded. At most 16 graphemes too."""
    numbered = (_numbered(name, number) for number in count(2))
    return name if name.casefold() not in taken else next(one for one in numbered if one.casefold() not in taken)


def _numbered(name: str, number: int) -> str:
    ending = f" {number}"
    return "".join(graphemes(name)[: MAX_GRAPHEMES - len(ending)]).rstrip() + ending


def graphemes(text: str) -> list[str]:
    """What people take for single characters. A good part of Unicode's rules: marks, joined emoji, skin tones, flags."""
    found: list[str] = []
    for char in text:
        if found and _continues(found[-1], char):
            if len(found[-1]) < MAX_CODE_POINTS:
                found[-1] += char
        else:
            found.append(char)
    return found


def mask(text: str) -> str:
    """Coarse words as asterisks, also when they are written with digits."""
    folded = "".join(char.lower() if len(char.lower()) == 1 else char for char in text).translate(_DISGUISES)
    for match in reversed(list(_MASKED.finditer(folded))):
        text = text[: match.start()] + "*" * (match.end() - match.start()) + text[match.end() :]
    return text


def _is_visible(char: str) -> bool:
    """No controls, no invisible or direction marks, nothing unassigned; the joiner of emoji is fine."""
    return char == _JOINER or unicodedata.category(char)[0] != "C"


def _continues(before: str, char: str) -> bool:
    if char == _JOINER or before[-1] == _JOINER:
        return True
    if unicodedata.category(char) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    return _is_flag(char) and _is_flag(before) and len(before) == 1


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
