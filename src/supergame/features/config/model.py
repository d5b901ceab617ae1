"""Values with a schema, and overrides of them (rules CFG1 to CFG16 in docs/spec/config.md).

A game declares a key with a default. Operators override it, for all or for some, for a while or for good; the first override that fits
counts. Whatever the schema refuses never reaches the game's code.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec

from supergame.base.clock import SECOND_US, Clock
from supergame.base.errors import FailedPrecondition, InvalidArgument, NotFound
from supergame.base.ids import TitleId, UserId, is_uuid
from supergame.base.titles import environment_of, is_environment, title_of
from supergame.wire import message
from supergame.wire.message import Int32, Int64, Message

KEYS_MAX: Final = 1_000
"""Of one title; a game that declares one more is refused."""

OVERRIDES_MAX: Final = 32
"""Of one key; one more is refused."""

NUMBER_MAX: Final = 2**53
"""Beyond it JavaScript's numbers have gaps."""

TEXT_BYTES_MAX: Final = 4_096
JSON_BYTES_MAX: Final = 16_384
CHOICES_MAX: Final = 64
SEGMENT_ITEMS_MAX: Final = 64
"""Countries, languages or variables of one segment."""

BUCKETS: Final = 10_000
"""Shares of players are told apart in hundredths of a percent."""

DAY_US: Final = 86_400 * SECOND_US

_KEY = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANG = re.compile(r"[a-z]{2,3}")

Kind = Literal["number", "integer", "flag", "text", "choice", "json"]


class ValueInvalid(InvalidArgument):
    """This value is not one that the game's schema allows."""

    code = "config.value_invalid"


class OverrideInvalid(InvalidArgument):
    """An override's environment, segment, percentage or times do not have the required form."""

    code = "config.override_invalid"


class KeyUnknown(NotFound):
    """The game declares no config value of this key."""

    code = "config.key_unknown"


class VersionUnknown(NotFound):
    """This config value has no such version."""

    code = "config.version_unknown"


class ChangedMeanwhile(FailedPrecondition):
    """Somebody else has changed this config value meanwhile; look at it again."""

    code = "config.changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Schema:
    """What a value may be. `min` and `max` are allowed themselves; `bytes_max` counts a text's UTF-8, or a value's JSON."""

    kind: Kind
    default: Any
    min: float | None = None
    max: float | None = None
    choices: tuple[str, ...] = ()
    bytes_max: int = TEXT_BYTES_MAX
    about: str = ""
    for_clients: bool = False

    def check(self, value: Any) -> Any:
        """The value, as the game gets it. Raises ValueInvalid with what is wrong."""
        if self.kind in ("number", "integer"):
            return self._in_range(value)
        if self.kind == "flag" and not isinstance(value, bool):
            raise ValueInvalid(f"{shown(value)} is no flag: true or false.")
        if self.kind == "text" and not (isinstance(value, str) and "\0" not in value and len(value.encode()) <= self.bytes_max):
            raise ValueInvalid(f"{shown(value)} is no text of at most {self.bytes_max} bytes.")
        if self.kind == "choice" and value not in self.choices:
            raise ValueInvalid(f"{shown(value)} is none of {', '.join(self.choices)}.")
        if self.kind == "json" and len(msgspec.json.encode(value)) > self.bytes_max:
            raise ValueInvalid(f"The JSON has more than {self.bytes_max} bytes.")
        return value

    def _in_range(self, value: Any) -> float:
        kinds = (int,) if self.kind == "integer" else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not -NUMBER_MAX <= value <= NUMBER_MAX:
            raise ValueInvalid(f"{shown(value)} is no {self.kind}.")
        if self.min is not None and value < self.min:
            raise ValueInvalid(f"{shown(value)} is less than {shown(self.min)}.")
        if self.max is not None and value > self.max:
            raise ValueInvalid(f"{shown(value)} is more than {shown(self.max)}.")
        return value if self.kind == "integer" else float(value)

    def read(self, text: str) -> Any:
        """The value in a JSON text. Raises ValueInvalid."""
        if len(text.encode(errors="replace")) > JSON_BYTES_MAX:
            raise ValueInvalid(f"The JSON has more than {JSON_BYTES_MAX} bytes.")
        try:
            return self.check(msgspec.json.decode(text))
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            raise ValueInvalid(f"{text[:40]!r} is no JSON.") from None


def shown(value: Any) -> str:
    """A value as JSON, cut short for a sentence."""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 40 else text[:40] + "..."


def check_key(key: str) -> None:
    """Raises ValueError: keys are the game's."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no config key: 1 to 64 lower-case letters, digits, points, hyphens and underscores, a letter first")


class Segment(Message):
    """Some of the players: those who fit everything that is given. What is not known of somebody fits nothing.

    A country is two capital letters, a language two or three small ones: what the session's variables `country` and `lang` say, which
    clients set when they sign in. `vars` are other variables of the session, with exact values.
    """

    countries: Annotated[list[str], message.field(1)] = []
    langs: Annotated[list[str], message.field(2)] = []
    vars: Annotated[dict[str, str], message.field(3)] = {}
    new_within_days: Annotated[Int32 | None, message.field(4)] = None


class Override(Message):
    """A value, and for whom and when it counts; without conditions always and for everybody.

    `value` is JSON as a text; `percent`, 0 to 100, is the share of players, in steps of 0.01.
    """

    value: Annotated[str, message.field(1)] = ""
    environments: Annotated[list[str], message.field(2)] = []
    segment: Annotated[Segment | None, message.field(3)] = None
    percent: Annotated[float | None, message.field(4)] = None
    starts_at: Annotated[datetime | None, message.field(5)] = None
    ends_at: Annotated[datetime | None, message.field(6)] = None


class ConfigValues(Message):
    """What counts for one player: by key, each value as JSON. Of two on one connection, that with the higher `number` is the newer."""

    number: Annotated[Int64, message.field(1)] = 0
    values: Annotated[dict[str, str], message.field(2)] = {}


class Version(msgspec.Struct, frozen=True):
    """One state of a key's overrides, and who made it so and why. Version 0 is the time before the first."""

    title_id: TitleId
    key: str
    version: int
    number: int
    overrides: list[Override]
    operator: str
    reason: str
    reverts_to: int | None
    created_at: int


class Signature(NamedTuple):
    """Who changes something, and why."""

    operator: str
    reason: str


class Reader(NamedTuple):
    """The player for whom a value is read, as far as they are known."""

    user_id: UserId
    vars: dict[str, str] = {}
    """Of the session."""

    @property
    def country(self) -> str:
        return self.vars.get("country", "").upper()

    @property
    def lang(self) -> str:
        """Of `de-AT` the `de`."""
        return re.split("[-_]", self.vars.get("lang", ""))[0].lower()

    def age_us(self, now: int) -> int | None:
        """How long ago the person was made: the time stands in their id."""
        if not is_uuid(self.user_id) or self.user_id[14] != "7":
            return None
        return now - int(self.user_id[:8] + self.user_id[9:13], 16) * 1_000


def check_override(override: Override) -> None:
    """Raises OverrideInvalid."""
    for name in override.environments:
        if not is_environment(name):
            raise OverrideInvalid(f"{shown(name)} cannot be an environment: as in dev, beta or live.")
    percent = override.percent
    if percent is not None and not (0 <= percent <= 100):
        raise OverrideInvalid(f"A percentage is from 0 to 100, not {percent}.")
    if override.starts_at and override.ends_at and override.ends_at <= override.starts_at:
        raise OverrideInvalid("An override ends after it starts.")
    for moment in (override.starts_at, override.ends_at):
        if moment is not None and moment.tzinfo is None:
            raise OverrideInvalid("A time has its zone, as in 2026-11-23T18:00:00Z.")
    if override.segment is not None:
        _check_segment(override.segment)


def _check_segment(segment: Segment) -> None:
    if any(len(items) > SEGMENT_ITEMS_MAX for items in (segment.countries, segment.langs, segment.vars)):
        raise OverrideInvalid(f"A segment has at most {SEGMENT_ITEMS_MAX} countries, languages or variables.")
    for country in segment.countries:
        if not _COUNTRY.fullmatch(country):
            raise OverrideInvalid(f"{shown(country)} is no country: two capital letters, as in DE.")
    for lang in segment.langs:
        if not _LANG.fullmatch(lang):
            raise OverrideInvalid(f"{shown(lang)} is no language: two or three small letters, as in de.")
    if segment.new_within_days is not None and not 1 <= segment.new_within_days <= 36_500:
        raise OverrideInvalid("Players are new within 1 to 36500 days.")


class Rule(NamedTuple):
    """An override, ready to be asked."""

    value: Any
    text: str
    segment: Segment | None
    buckets: int
    environments: frozenset[str]
    """Empty for all."""
    starts_at: int
    ends_at: int

    @property
    def is_for_all(self) -> bool:
        return self.segment is None and self.buckets == BUCKETS

    def is_in(self, environment: str) -> bool:
        return not self.environments or environment in self.environments

    def fits(self, title_id: TitleId, key: str, reader: Reader, now: int) -> bool:
        if self.segment is not None and not _is_in(self.segment, reader, now):
            return False
        return self.buckets == BUCKETS or bucket(title_id, key, reader.user_id) < self.buckets


FOREVER: Final = 2**63 - 1
NO_TITLE: Final = TitleId("")


def rule_of(override: Override, schema: Schema) -> Rule:
    """Raises ValueInvalid when the schema does not allow the value."""
    value = schema.read(override.value)
    return Rule(
        value=value,
        text=msgspec.json.encode(value).decode(),
        segment=override.segment,
        buckets=BUCKETS if override.percent is None else round(override.percent * BUCKETS / 100),
        environments=frozenset(override.environments),
        starts_at=0 if override.starts_at is None else _micros(override.starts_at),
        ends_at=FOREVER if override.ends_at is None else _micros(override.ends_at),
    )


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * SECOND_US)


def _is_in(segment: Segment, reader: Reader, now: int) -> bool:
    if segment.countries and reader.country not in segment.countries:
        return False
    if segment.langs and reader.lang not in segment.langs:
        return False
    if any(reader.vars.get(name) != value for name, value in segment.vars.items()):
        return False
    if segment.new_within_days is None:
        return True
    age_us = reader.age_us(now)
    return age_us is not None and age_us < segment.new_within_days * DAY_US


def bucket(title_id: TitleId, key: str, user_id: UserId) -> int:
    """0 to 9,999: where a player stands in a title, the same for ever; another place for each key, so that no one is always first."""
    digest = hashlib.blake2b(f"{title_of(title_id)}\0{key}\0{user_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % BUCKETS


@dataclass(slots=True, eq=False)
class Slot:
    """One declared key: what counts now. `value` is everybody's but for those whom a rule of `personal` fits."""

    key: str
    schema: Schema
    value: Any = None
    text: str = ""
    personal: tuple[Rule, ...] = ()
    problems: list[str] = field(default_factory=list)
    """Of each override that does not fit the schema, why not; it does not count."""
    title_id: TitleId = NO_TITLE
    clock: Clock | None = None

    def __post_init__(self) -> None:
        self.value = self.schema.default
        self.text = msgspec.json.encode(self.value).decode()

    def follow(self, overrides: list[Override], now: int) -> int:
        """Let these overrides count, as far as it is their time. Returns when that changes next."""
        rules, self.problems = [], []
        for number, override in enumerate(overrides, 1):
            try:
                rules.append(rule_of(override, self.schema))
            except ValueInvalid as error:
                self.problems.append(f"Override {number}: {error.message}")
        rules = [rule for rule in rules if rule.is_in(environment_of(self.title_id)) and now < rule.ends_at]
        active = [rule for rule in rules if rule.starts_at <= now]
        last = next((number for number, rule in enumerate(active) if rule.is_for_all), len(active))
        self.value, self.text = self.schema.default, msgspec.json.encode(self.schema.default).decode()
        if last < len(active):
            self.value, self.text = active[last].value, active[last].text
        self.personal = tuple(active[:last])
        return min((moment for rule in rules for moment in (rule.starts_at, rule.ends_at) if moment > now), default=FOREVER)

    def rule_for(self, reader: Reader) -> Rule | None:
        """The rule that fits a player, or None when everybody's value is theirs."""
        if not reader.user_id or self.clock is None:
            return None
        now = self.clock.now()
        return next((rule for rule in self.personal if rule.fits(self.title_id, self.key, reader, now)), None)

    @property
    def state(self) -> tuple[str, tuple[Rule, ...]]:
        """What readers can tell apart."""
        return self.text, self.personal


class Change(Message):
    """One difference between two versions. `path` is as in `overrides[0].percent`; a side that is not there is empty."""

    path: Annotated[str, message.field(1)] = ""
    before: Annotated[str, message.field(2)] = ""
    after: Annotated[str, message.field(3)] = ""


def diff(before: list[Override], after: list[Override]) -> list[Change]:
    """What changed from one list of overrides to another, by place and field, each side as JSON."""
    old, new = dict(_leaves("overrides", before)), dict(_leaves("overrides", after))
    paths = [*old, *(path for path in new if path not in old)]
    return [Change(path=path, before=old.get(path, ""), after=new.get(path, "")) for path in paths if old.get(path) != new.get(path)]


def _leaves(path: str, overrides: list[Override]) -> list[tuple[str, str]]:
    plain = [(f"{path}[{number}]", msgspec.to_builtins(override)) for number, override in enumerate(overrides)]
    return [(f"{place}.{name}", msgspec.json.encode(item).decode()) for place, fields in plain for name, item in fields.items()]
