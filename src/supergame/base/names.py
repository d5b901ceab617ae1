"""How names are compared: two names that a reader takes for the same must not belong to two people."""

import unicodedata


def name_key(name: str) -> str:
    """The form under which a name is unique: NFKC and case folded, twice, for folding may undo normal form (UAX #15, UAX #31)."""
    if name.isascii():
        return name.lower()
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded)


def has_control(text: str) -> bool:
    """Whether the text has control or invisible formatting characters (Unicode Cc, Cf, Zl, Zp), which no name may have."""
    if text.isascii():
        return not text.isprintable()
    return any(unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for letter in text)
