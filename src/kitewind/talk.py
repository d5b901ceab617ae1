"""What the bots answer: a hint where they know one, a greeting for a greeting, and otherwise something kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

BY_NAME: Final = (
    "Hi, {name}!",
    "Good to see you, {name}!",
    "{name}! How is the wind?",
    "Oh, hello {name}. Beep!",
    "Hey {name}, nice landing.",
    "No letter for you today, {name}. A wave instead!",
)
STARTS: Final = ("Go, {name}, go!", "Run, {name}!", "Up you fly, {name}!", "{name} is off!", "Mind the clouds, {name}!")
FINISHES: Final = ("Well flown, {name}!", "Bravo, {name}!", "What a run, {name}!", "{name} made it!")

_GREETING: Final = re.compile(r"\b(hi|hello|hey|hiya|yo|hallo|moin|howdy|good (morning|day|evening))\b")
_TOPICS: Final = (
    (re.compile(r"\b(race|flag|start|record|fast|time)"), (
        "The race starts at the flag by the fountain, {name}.",
        "From the flag to the great kite, {name}. Ten coins for each run!",
        "Take the pad behind the flag, {name}. It is quicker.",
    )),
    (re.compile(r"\b(kite|top|climb|glid)"), (
        "East, up the clouds, then the pad: there is the kite, {name}.",
        "Hold jump in the air and your kite opens, {name}.",
    )),
    (re.compile(r"\b(feather|secret|hidden|explore)"), (
        "Five feathers, {name}: two west, two east, one high up.",
        "Who has all five feathers gets a plume, {name}.",
    )),
    (re.compile(r"\b(hat|shop|stall|buy|crown|bow)"), (
        "The stall is west of the start, {name}. I like the bow.",
        "My hat? From the stall, {name}!",
    )),
    (re.compile(r"\b(coin|money|gold)"), (
        "Coins come back, {name}. The fountain throws some too.",
        "Ten coins buy a bow at the stall, {name}.",
    )),
    (re.compile(r"\b(bye|later|gotta go|good night)\b"), ("Fair winds, {name}!", "Come back soon, {name}!")),
    (re.compile(r"\b(thank|thanks|thx)"), ("Any time, {name}!", "That is what mail-bots are for, {name}.")),
    (re.compile(r"\b(robot|who are you|are you (a bot|real))"), ("A mail-bot, {name}. Model seven!", "All tin, {name}, and proud of it.")),
)  # fmt: skip
_HELP: Final = (
    "Ask me about the race, the hats or the feathers, {name}.",
    "Hm! I would look east and up, {name}.",
    "I only know letters, {name}. And kites.",
)
_SMALL_TALK: Final = (
    "Ha! Good one, {name}.",
    "Is that so, {name}?",
    "I will write that down, {name}.",
    "Beep, {name}!",
    "I think so too, {name}.",
)


def reply_to(text: str) -> tuple[Sequence[str], bool]:
    """Lines that fit, with `{name}` for the name of who spoke; and whether they greeted."""
    words = text.casefold()
    is_greeting = _GREETING.search(words) is not None
    for topic, lines in _TOPICS:
        if topic.search(words):
            return lines, is_greeting
    if is_greeting:
        return BY_NAME, True
    return (_HELP if "?" in words or "help" in words else _SMALL_TALK), False
