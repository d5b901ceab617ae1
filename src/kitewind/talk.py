"""What the bots answer: the way to what is asked for, a greeting for a greeting, and otherwise something that fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

GREETINGS: Final = (
    "Hi, {name}!",
    "Good to see you, {name}!",
    "Oh, hello {name}. Beep!",
    "Good wind to you, {name}!",
)
GESTURES: Final = (
    "A wave for you, {name}!",
    "Beep beep, {name}!",
    "Nicely done, {name}!",
    "Ha, {name}! Again!",
    "I saw that, {name}!",
)
STARTS: Final = ("Go, {name}, go!", "Run, {name}!", "Up you fly, {name}!", "{name} is off!", "Mind the clouds, {name}!")
FINISHES: Final = ("Well flown, {name}!", "Bravo, {name}!", "What a run, {name}!", "{name} made it!")

_GREETING: Final = re.compile(r"\b(hi|hello|hey|hiya|yo|hallo|moin|howdy|good (morning|day|evening))\b")
_TOPICS: Final = (
    (re.compile(r"\b(feather|plume|secret|hidden|explor)"), (
        "Feathers? Two west, two east, one high up.",
        "Find all five feathers, {name}, and wear a plume.",
    )),
    (re.compile(r"\b(hat|hats|shop|stall|buy|crown|bow)\b"), (
        "Hats are at the stall, just west of the start.",
        "The stall, {name}: left of the start. Bows cost 10.",
    )),
    (re.compile(r"\b(race|racing|flag|record|fastest|best time)"), (
        "The race? Stand at the flag, {name}, and begin.",
        "From the flag to the great kite, {name}. 10 coins!",
    )),
    (re.compile(r"\b(great kite|kite|top|summit|way up|climb)"), (
        "The great kite? Up the east pads, then left.",
        "Right to the pad, {name}, up, and left at the top.",
    )),
    (re.compile(r"\b(coin|money|gold)"), (
        "Coins? East along the path, {name}. They come back.",
        "The fountain throws coins, {name}. Stay near it.",
    )),
    (re.compile(r"\b(jump|glid|fly|fall|controls?|keys?)\b"), ("Hold jump in the air, {name}, and your kite opens.",)),
    (re.compile(r"\b(bye|later|gotta go|good night)\b"), ("Fair winds, {name}!", "Come back soon, {name}!")),
    (re.compile(r"\b(thank|thanks|thx)"), ("Any time, {name}!", "That is what mail-bots are for, {name}.")),
    (re.compile(r"\b(robots?|are you (a )?(bot|bots|real)|who are you)\b"), (
        "A mail-bot, {name}. Model seven!",
        "All tin, {name}, and proud of it.",
    )),
    (re.compile(r"\b(how are you|how is it|how do you do)\b"), ("Well oiled, thank you, {name}!", "Windy and well, {name}. And you?")),
    (re.compile(r"\b(your name|called|who is)\b"), ("My name is over my head, {name}.",)),
    (re.compile(r"\b(ha(ha)+|lol|funny|hehe)"), ("Ha! Good one, {name}.", "You make my springs laugh, {name}.")),
    (re.compile(r"\b(nice|love|like|cool|great|wow|beautiful|pretty)\b"), ("I think so too, {name}.", "Is it not, {name}?")),
    (re.compile(r"\b(sorry|oops|sad|lost|stuck)\b"), ("No harm done, {name}.", "Chin up, {name}. The wind turns.")),
)  # fmt: skip
_HELP: Final = (
    "That I do not know, {name}. I only carry mail.",
    "Good question, {name}! Nobody wrote me that.",
    "Ask me the way, {name}: kite, race, hats, feathers.",
)
_SMALL_TALK: Final = (
    "Is that so, {name}?",
    "I will write that down, {name}.",
    "Tell me more, {name}!",
    "Well said, {name}.",
    "I hear you, {name}. Beep!",
    "That would make a fine letter, {name}.",
)

ALL_ANSWERS: Final = (*GREETINGS, *GESTURES, *STARTS, *FINISHES, *(line for _, lines in _TOPICS for line in lines), *_HELP, *_SMALL_TALK)


def reply_to(text: str) -> tuple[Sequence[str], bool]:
    """Lines that fit, with `{name}` for the name of who spoke; and whether they greeted."""
    words = text.casefold()
    is_greeting = _GREETING.search(words) is not None
    for topic, lines in _TOPICS:
        if topic.search(words):
            return lines, is_greeting
    if is_greeting:
        return GREETINGS, True
    return (_HELP if "?" in words or "help" in words else _SMALL_TALK), False
