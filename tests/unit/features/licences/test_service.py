"""The registry, its licences, and what they allow. Rules: docs/spec/licences.md."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from supergame.base.clock import SECOND_US
from supergame.base.ids import TitleId
from supergame.db.port import DatabaseUnavailable, Statement
from supergame.features.licences import store
from supergame.features.licences.meter import SESSION_GAP_S, SESSIONS_MAX, Meter
from supergame.features.licences.model import (
    STEPS,
    Action,
    Asset,
    AssetKind,
    ContentFile,
    Credit,
    IdTaken,
    LicenceNotFound,
    Owner,
    Property,
    Reason,
    RegistrationInvalid,
    RegistryFull,
    SignerRefused,
    State,
    StepRefused,
    TermsInvalid,
    Use,
)
from supergame.features.licences.service import CLOCK
from supergame.testing import FakeClock
from tests.support.licences import PIP, STARHOP, a_world

DAY_US = 86_400 * SECOND_US


def asset(**fields: Any) -> Asset:
    return Asset(**{"id": "kitewind/kite", "kind": AssetKind.ITEM, "name": "Kite"} | fields)


WRONG_ASSETS: tuple[dict[str, Any], ...] = (
    {"id": "kite"},
    {"id": "kitewind/Kite"},
    {"id": "kitewind/a/b"},
    {"name": ""},
    {"name": "a\nb"},
    {"age_rating": 5},
    {"files": (ContentFile("pip.png", "abc", 1),)},
    {"files": (ContentFile("pip.png", "0" * 64, -1),)},
    {"credits": (Credit("ada", 6_000), Credit("ben", 4_001))},
    {"credits": (Credit("ada", -1),)},
    {"credits": (Credit("ada", 1),) * 16},
    {"remix_of": PIP},
    {"remix_bps": 100},
    {"remix_of": PIP, "remix_bps": 10_001},
)


async def test_LIC1_what_is_registered_has_a_form() -> None:
    async with a_world() as world:
        for wrong in WRONG_ASSETS:
            with pytest.raises(RegistrationInvalid):
                await world.licences.add_asset(asset(**wrong))
        await world.licences.add_asset(asset())


async def test_LIC1_what_is_registered_stands_on_what_is_there_and_has_an_id_of_its_own() -> None:
    async with a_world() as world:
        for wrong in (asset(id="nowhere/kite"), asset(credits=(Credit("nobody", 1),)), asset(remix_of="kitewind/none", remix_bps=1)):
            with pytest.raises(LicenceNotFound):
                await world.licences.add_asset(wrong)
        with pytest.raises(LicenceNotFound):
            await world.licences.add_property(Property(id="mine", owner_id="nobody", name="Mine"))
        for again in (
            world.licences.add_owner(Owner(id="ada", name="Another Ada")),
            world.licences.add_property(Property(id="kitewind", owner_id="ada", name="Mine")),
            world.licences.add_asset(asset(id=PIP)),
        ):
            with pytest.raises(IdTaken):
                await again
        assert [owner.name for owner in await world.licences.owners()] == ["Ada", "Ben", "Kitewind Studio"]
        assert [one.id for one in await world.licences.properties(limit=1)] == ["kitewind"]
        assert [one.id for one in await world.licences.assets("kitewind/a")] == [PIP]


async def test_LIC1_the_registry_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world() as world:
        monkeypatch.setattr(store, "ASSETS_MAX", 2)
        await world.licences.add_asset(asset())
        with pytest.raises(RegistryFull):
            await world.licences.add_asset(asset(id="kitewind/one-more"))
        monkeypatch.setattr(store, "ASSETS_MAX", 9)
        monkeypatch.setattr(store, "LICENCES_MAX", 1)
        await world.licences.draft(world.terms(), "olga")
        with pytest.raises(RegistryFull):
            await world.licences.draft(world.terms(), "olga")


async def test_LIC1_a_chain_of_remixes_has_at_most_four_assets() -> None:
    async with a_world() as world:
        before = PIP
        for number in range(3):
            made = await world.licences.add_asset(asset(id=f"remixes/n{number}", remix_of=before, remix_bps=1_000))
            before = made.id
        with pytest.raises(RegistrationInvalid):
            await world.licences.add_asset(asset(id="remixes/one-more", remix_of=before, remix_bps=1_000))


WRONG_TERMS: tuple[dict[str, Any], ...] = (
    {"title": "starhop@beta"},
    {"assets": ()},
    {"assets": (PIP, PIP)},
    {"assets": ("remixes/x",)},
    {"currency": "euro"},
    {"regions": ("de",)},
    {"starts_at": 5, "ends_at": 5},
    {"share_bps": 10_001},
    {"use_fee": -1},
    {"use_fee": 10**9 + 1},
    {"royalty_max": 10, "minimum": 11},
    {"conduct": ("",)},
)


async def test_LIC2_terms_have_a_form_and_do_not_contradict_each_other() -> None:
    async with a_world() as world:
        for wrong in WRONG_TERMS:
            with pytest.raises(TermsInvalid):
                await world.licences.draft(world.terms(**wrong), "olga")
        await world.licences.draft(world.terms(), "olga")


async def test_LIC2_a_licence_is_for_assets_that_are_there() -> None:
    async with a_world() as world:
        with pytest.raises(LicenceNotFound):
            await world.licences.draft(world.terms(assets=("kitewind/none",)), "olga")


WAYS = {
    State.DRAFT: (),
    State.OFFERED: (Action.OFFER,),
    State.ACCEPTED: (Action.OFFER, Action.ACCEPT),
    State.ACTIVE: (Action.OFFER, Action.ACCEPT, Action.ACTIVATE),
    State.SUSPENDED: (Action.OFFER, Action.ACCEPT, Action.ACTIVATE, Action.SUSPEND),
    State.REVOKED: (Action.REVOKE,),
}
SIGNED = [action for action in Action if action not in (Action.WRITE, Action.EXPIRE)]


async def test_LIC3_only_the_steps_of_the_table_can_be_taken() -> None:
    async with a_world() as world:
        for state, action in itertools.product(WAYS, SIGNED):
            licence = await world.take(await world.licences.draft(world.terms(), "olga"), *WAYS[state])
            assert licence.state == state
            before, after = STEPS[action]
            if state in before:
                signer = "paul" if action is Action.APPROVE else "olga"
                assert (await world.take(licence, action, signed_by=signer)).state == (after or state)
            else:
                with pytest.raises(StepRefused):
                    await world.take(licence, action)
                assert (await world.licences.get(licence.id)).state == state


async def test_LIC3_a_licence_that_needs_approval_starts_when_somebody_else_has_given_it() -> None:
    async with a_world() as world:
        licence = await world.licences.draft(world.terms(needs_approval=True), "olga")
        licence = await world.take(licence, Action.OFFER, Action.ACCEPT)
        with pytest.raises(StepRefused, match="approved"):
            await world.take(licence, Action.ACTIVATE)
        with pytest.raises(SignerRefused):
            await world.take(licence, Action.APPROVE, signed_by="olga")
        assert (await world.take(licence, Action.APPROVE, Action.ACTIVATE, signed_by="paul")).state is State.ACTIVE


async def test_LIC4_terms_change_only_in_a_draft() -> None:
    async with a_world() as world:
        licence = await world.licences.draft(world.terms(), "olga")
        dearer = await world.licences.rewrite(licence.id, world.terms(use_fee=20), "paul", "dearer")
        assert dearer.terms.use_fee == 20
        await world.take(licence, Action.OFFER)
        with pytest.raises(StepRefused):
            await world.licences.rewrite(licence.id, world.terms(use_fee=0), "paul")
        assert (await world.licences.get(licence.id)).terms.use_fee == 20


async def test_LIC5_every_step_is_kept_with_who_signed_it_why_and_on_which_terms() -> None:
    async with a_world() as world:
        licence = await world.licences.draft(world.terms(), "olga", "first talk")
        await world.licences.rewrite(licence.id, world.terms(use_fee=20), "paul", "dearer")
        await world.take(licence, Action.OFFER, Action.ACCEPT, signed_by="rosa")
        steps = await world.licences.steps(licence.id)
        assert [(step.number, step.action, step.after, step.signed_by, step.reason) for step in steps] == [
            (1, "write", "draft", "olga", "first talk"),
            (2, "write", "draft", "paul", "dearer"),
            (3, "offer", "offered", "rosa", "a test says so"),
            (4, "accept", "accepted", "rosa", "a test says so"),
        ]
        assert steps[0].terms_sha256 != steps[1].terms_sha256 == steps[3].terms_sha256
        assert [step.number for step in await world.licences.steps(licence.id, 2, 1)] == [3]


def test_LIC5_no_statement_changes_or_removes_history_or_what_was_registered() -> None:
    texts = [item.sql for item in vars(store).values() if isinstance(item, Statement)]
    changing = {text.split(" SET")[0] for text in texts if text.startswith(("UPDATE", "DELETE"))}
    assert changing == {"UPDATE licences", "UPDATE licence_owners"}, "a licence's own row, and which player an owner was"


STANDINGS = {State.ACTIVE: "licensed", State.SUSPENDED: "suspended", State.REVOKED: "revoked"}


async def test_LIC6_a_use_is_allowed_by_an_active_licence_and_else_refused_with_the_reason() -> None:
    async with a_world() as world:
        for state, way in WAYS.items():
            licence = await world.take(await world.licences.draft(world.terms(title=f"in-{state}"), "olga"), *way)
            reason = STANDINGS.get(state, "no_licence")
            use = world.licences.use(TitleId(licence.terms.title), PIP)
            assert (use.reason, use.allowed) == (reason, reason == "licensed")


async def test_LIC6_a_licence_for_regions_needs_one_of_them() -> None:
    async with a_world() as world:
        await world.licence(regions=("DE", "AT"))
        answers = {region: world.licences.use(STARHOP, PIP, region=region).reason for region in ("DE", "FR", "")}
        assert answers == {"DE": "licensed", "FR": "region", "": "region"}
        assert world.licences.look(STARHOP, PIP).allowed, "somewhere it is"


async def test_LIC6_dates_are_kept_to_the_microsecond() -> None:
    async with a_world() as world:
        now = world.clock.now()
        await world.licence(starts_at=now + DAY_US, ends_at=now + 2 * DAY_US)
        assert world.licences.use(STARHOP, PIP).reason is Reason.NOT_STARTED
        world.clock.advance(86_400)
        assert world.licences.use(STARHOP, PIP).allowed
        world.clock.advance(86_399.5)
        assert world.licences.use(STARHOP, PIP).allowed
        world.clock.advance(0.5)
        assert world.licences.use(STARHOP, PIP).reason is Reason.ENDED


async def test_LIC6_the_cap_is_the_last_use_that_is_allowed() -> None:
    async with a_world() as world:
        licence = await world.licence(uses_max=3)
        answers = [world.licences.use(STARHOP, PIP) for _ in range(4)]
        assert [use.allowed for use in answers] == [True, True, True, False]
        assert answers[3] == Use(False, Reason.USED_UP)
        await world.royalties.flush()
        other = await world.node()
        assert other.licences.use(STARHOP, PIP).reason is Reason.USED_UP, "after a restart too"
        assert [row[3] for row in await other.royalties.usage(licence.id, world.month)] == [3]


async def test_LIC6_of_several_licences_one_that_allows_is_enough() -> None:
    async with a_world() as world:
        await world.licence(regions=("FR",))
        second = await world.licence(regions=("DE",))
        assert world.licences.use(STARHOP, PIP, region="DE") == Use(True, Reason.LICENSED, second.id)
        assert world.licences.use(STARHOP, PIP, region="IT").reason is Reason.REGION


async def test_LIC7_a_title_uses_what_is_at_home_in_it_without_a_licence_and_others_do_not() -> None:
    async with a_world() as world:
        assert world.licences.use(TitleId("kitewind"), PIP) == Use(True, Reason.OWN)
        assert world.licences.use(TitleId("kitewind@beta"), PIP) == Use(True, Reason.OWN)
        assert world.licences.use(TitleId("kitewind"), "kitewind/none").reason is Reason.NO_LICENCE
        assert world.licences.use(STARHOP, PIP).reason is Reason.NO_LICENCE
        assert world.licences.meter.take() == []


async def test_LIC7_a_licence_holds_in_all_environments_and_is_counted_in_live_alone() -> None:
    async with a_world() as world:
        await world.licence()
        assert world.licences.use(TitleId("starhop@beta"), PIP).allowed
        assert world.licences.meter.take() == []
        assert world.licences.use(STARHOP, PIP).allowed
        assert [count.uses for count in world.licences.meter.take()] == [1]


async def test_LIC8_a_suspension_and_its_end_are_told_once_each() -> None:
    async with a_world() as world:
        licence = await world.licence()
        await world.take(licence, Action.SUSPEND, Action.RESTORE, Action.REVOKE)
        told = [(change.asset, change.allowed, change.reason) for change in world.told if change.title == STARHOP]
        assert told[-4:] == [(PIP, True, "licensed"), (PIP, False, "suspended"), (PIP, True, "licensed"), (PIP, False, "revoked")]
        await world.licences.refresh()
        assert len(world.told) == len(told)


async def test_LIC8_what_another_process_has_signed_is_taken_up_and_told() -> None:
    async with a_world() as world:
        licence = await world.licence()
        other = await world.node()
        assert other.licences.use(STARHOP, PIP).allowed
        await world.take(licence, Action.SUSPEND)
        await other.licences.refresh()
        assert other.licences.use(STARHOP, PIP).reason is Reason.SUSPENDED
        assert [change.reason for change in other.told] == ["suspended"]


async def test_LIC8_the_calendar_tells_too_and_signs_what_has_expired() -> None:
    async with a_world() as world:
        now = world.clock.now()
        licence = await world.licence(starts_at=now + DAY_US, ends_at=now + 2 * DAY_US)
        world.told.clear()
        for _ in range(3):
            await world.licences.refresh()
            world.clock.advance(86_400)
        assert [change.reason for change in world.told] == ["licensed", "ended"]
        last = (await world.licences.steps(licence.id))[-1]
        assert (last.action, last.after, last.signed_by) == ("expire", "expired", CLOCK)


async def test_LIC8_a_database_that_fails_in_between_delays_what_is_told_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world() as world:
        other = await world.node()
        licence = await world.licence()
        await world.licence(assets=("kitewind/pip",), title="elsewhere", ends_at=world.clock.now() + DAY_US)
        await world.take(licence, Action.SUSPEND)
        world.clock.advance(86_400)

        async def away(*args: Any) -> None:
            raise DatabaseUnavailable

        monkeypatch.setattr(world.db, "write_durable", away)  # as its end is to be signed
        with pytest.raises(DatabaseUnavailable):
            await other.licences.refresh()
        monkeypatch.undo()
        await other.licences.refresh()
        assert {(change.title, change.reason) for change in other.told} == {("starhop", "suspended"), ("elsewhere", "ended")}
        assert [one.state for one in other.licences.all_known() if one.terms.title == "elsewhere"] == [State.EXPIRED]


async def test_LIC8_what_was_read_before_a_step_does_not_undo_it() -> None:
    async with a_world() as world:
        active = await world.licence()
        await world.take(active, Action.SUSPEND)
        world.licences._decisions.put(active)  # an older reading arrives late
        assert not world.licences.use(STARHOP, PIP).allowed


def test_LIC11_a_session_is_a_players_first_use_in_half_an_hour() -> None:
    clock = FakeClock()
    meter = Meter(clock)
    for seconds in (0, SESSION_GAP_S - 1, SESSION_GAP_S - 1, SESSION_GAP_S):
        clock.advance(seconds)
        meter.use("licence", PIP, "ada")
    meter.use("licence", PIP, "ben")
    meter.use("licence", PIP, "")
    assert [tuple(count) for count in meter.take()] == [("licence", PIP, 6, 3)]
    assert meter.take() == []


def test_LIC11_the_memory_of_sessions_is_bounded() -> None:
    meter = Meter(FakeClock())
    for number in range(SESSIONS_MAX + 1):
        meter.use("licence", PIP, str(number))
    assert len(meter._seen) == SESSIONS_MAX
    meter.use("licence", PIP, "0")
    assert meter.take()[0].sessions == SESSIONS_MAX + 2, "the longest unused was forgotten"


def test_LIC3_every_step_is_in_the_table_and_none_leads_out_of_an_end() -> None:
    assert set(STEPS) == set(Action)
    assert all(before <= set(State) for before, _ in STEPS.values())
    assert not any({State.REVOKED, State.EXPIRED} & before for before, _ in STEPS.values())
