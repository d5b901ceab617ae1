"""Reports: make, look at, claim, decide, undo (rules REP1 to REP14 in docs/spec/reports.md).

A decision and all that it does are one transaction, which names the version that its moderator saw. So it happens once or not at all,
and of two moderators one is told to look again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import msgspec

from supergame.base.clock import SECOND_US, Clock, WallMicros
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.ids import Chance, TitleId, UserId, is_uuid
from supergame.base.limits import Limits
from supergame.base.names import name_key
from supergame.db.port import Database, Tx, UniqueViolation
from supergame.db.walk import walk
from supergame.features.accounts.model import AccountDeleted
from supergame.features.accounts.service import Accounts
from supergame.features.chat.model import Stored
from supergame.features.chat.service import Chat
from supergame.features.reports.model import (
    CLAIM_S,
    CONTEXT_LINES,
    KEPT_S,
    NEVER,
    WINDOW_S,
    Complaint,
    Decision,
    DecisionInvalid,
    Kind,
    MakeReport,
    QueueFull,
    Reason,
    Report,
    ReportChanged,
    ReportClaimed,
    ReportEntry,
    ReportInvalid,
    ReportNotFound,
    ReportPage,
    TooManyReports,
    check_page,
    check_words,
    parse_choice,
)
from supergame.features.reports.store import ABOUT, COMPLAINTS_OF, ReportStore
from supergame.features.sanctions.model import Kind as SanctionKind
from supergame.features.sanctions.service import Sanctions
from supergame.runtime.outbox import Outbox

Tell = Callable[[], None]
"""What a decision shows to others, once it is stored."""


class Names(msgspec.Struct):
    """What a player was called before a moderator took their names."""

    username: str
    display_name: str


class Done(NamedTuple):
    """What a decision has changed, and what is needed to undo it."""

    undo: str = ""
    tell: Tell = lambda: None


class Verdict(NamedTuple):
    """What a moderator says of a report. `version` is that of the report as they saw it."""

    title_id: TitleId
    report_id: str
    version: int
    moderator: str
    decision: Decision = Decision.APPROVE
    reason: str = ""
    duration_s: int = 0


class Reports:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        chance: Chance,
        accounts: Accounts,
        sanctions: Sanctions,
        chat: Chat,
        outbox: Outbox,
        limits: Limits,
    ) -> None:
        self._db, self._clock, self._chance, self._limits = db, clock, chance, limits
        self._accounts, self._sanctions, self._chat = accounts, sanctions, chat
        self._store = ReportStore()
        outbox.subscribe(AccountDeleted, self._erase)

    # --- players

    async def make(self, title_id: TitleId, reporter: UserId, request: MakeReport) -> str:
        """Report something to the moderators; returns the id of the report. The same again by the same player has no effect.

        Raises:
            ReportInvalid: malformed, nobody, or oneself.
            MessageNotFound, ChannelInvalid: no stored message, or not open to this player.
            TooManyReports, QueueFull: a bound.
        """
        check_words(request.words, self._limits)
        reason = parse_choice(Reason, request.reason, ReportInvalid)
        report = await self._about(title_id, reporter, request)
        if report.user_id == reporter or not is_uuid(report.user_id):
            raise ReportInvalid
        complaint = Complaint(reporter, reason, request.words, self._clock.now())
        return await self._db.write(self._make_in, report, complaint)

    async def _about(self, title_id: TitleId, reporter: UserId, request: MakeReport) -> Report:
        """The report that this would be, were it the first of its subject."""
        kind = parse_choice(Kind, request.kind, ReportInvalid)
        now = self._clock.now()
        made = self._chance.uuid7(now)
        if kind is Kind.MESSAGE:
            message = await self._chat.message(title_id, reporter, request.message_id)
            sender, said = UserId(message.sender_id), (message.channel_id, message.message_id, message.content)
            subject = f"message {message.message_id}"
            return Report(title_id, made, kind, subject, sender, message.username, *said, WallMicros(message.created_at), now)
        if not is_uuid(request.user_id) or not (users := await self._accounts.users(title_id, [request.user_id], [])):
            raise ReportInvalid("There is no such player.")
        (user,) = users
        names = f" {name_key(user.username)} {name_key(user.display_name)}" if kind is Kind.NAME else ""
        subject = f"{kind} {user.id}{names}"
        return Report(title_id, made, kind, subject, UserId(user.id), user.username, "", "", user.display_name, NEVER, now)

    def _make_in(self, report: Report, complaint: Complaint) -> Tx[str]:
        title_id, now = report.title_id, complaint.complained_at
        since = WallMicros(now - WINDOW_S * SECOND_US)
        if (yield from self._store.count_of(title_id, complaint.reporter_id, since)) >= self._limits.reports_per_hour:
            raise TooManyReports
        found = yield from self._store.find_open(title_id, report.subject)
        if found is None:
            if (yield from self._store.count_open(title_id, self._limits.reports_open_max)) >= self._limits.reports_open_max:
                raise QueueFull
            try:
                yield from self._store.insert(report)
            except UniqueViolation:  # somebody was faster with the same
                found = yield from self._store.find_open(title_id, report.subject)
        report_id = (found or report).report_id
        yield from self._store.complain(title_id, report_id, complaint)
        return report_id

    # --- moderators

    async def list(self, title_id: TitleId, is_open: bool, limit: int, cursor: str) -> tuple[list[ReportEntry], str]:
        """A page of the queue, oldest first, or of what was decided, newest first; and the cursor of the next."""
        check_page(limit, self._limits)
        list_of = ("reports", title_id, is_open)
        after = str(decode_cursor(list_of, cursor, (str,))[0]) if cursor else ""
        found = await self._db.read(self._store.page, title_id, is_open, after, limit + 1)
        now, page = self._clock.now(), found[:limit]
        cursor = encode_cursor(list_of, (page[-1][0].report_id,)) if len(found) > limit else ""
        return [report.shown(reasons, now) for report, reasons in page], cursor

    async def look(self, title_id: TitleId, report_id: str) -> ReportPage:
        """One report with its complaints, and of a message what was said around it. Raises ReportNotFound."""
        report = await self._db.read(self._get_in, title_id, report_id)
        complaints = await self._db.read(self._store.complaints, title_id, report_id)
        page = ReportPage(report=await self._shown(report), complaints=[complaint.shown() for complaint in complaints])
        if report.channel_id:
            place = report.said_at, report.message_id
            page.before, page.after = await self._chat.around(title_id, report.channel_id, place, CONTEXT_LINES)
        return page

    async def claim(self, title_id: TitleId, report_id: str, version: int, moderator: str) -> ReportEntry:
        """Keep others from deciding it for ten minutes. Raises ReportNotFound, ReportClaimed, ReportChanged."""
        return await self._shown(await self._db.write(self._claim_in, Verdict(title_id, report_id, version, moderator)))

    def _claim_in(self, verdict: Verdict) -> Tx[Report]:
        report = yield from self._open_in(verdict)
        ends_at = WallMicros(self._clock.now() + CLAIM_S * SECOND_US)
        return (yield from self._change_in(replace(report, claimed_by=verdict.moderator, claim_ends_at=ends_at)))

    async def decide(self, verdict: Verdict) -> ReportEntry:
        """Decide a report and do what was decided; the same verdict sent again has no second effect.

        Raises:
            ReportNotFound, ReportClaimed.
            ReportChanged: it was decided, or claimed, after the moderator looked.
            DecisionInvalid: nothing to remove.
            SanctionInvalid: the duration.
        """
        report, tell = await self._db.write_durable(self._decide_in, verdict)
        tell()
        return await self._shown(report)

    def _decide_in(self, verdict: Verdict) -> Tx[tuple[Report, Tell]]:
        report = yield from self._get_in(verdict.title_id, verdict.report_id)
        if not report.is_open and _is_of(report, verdict) and report.decision == verdict.decision:
            return report, lambda: None
        report = yield from self._open_in(verdict)
        if verdict.decision in (Decision.MUTE, Decision.BAN) and not verdict.reason:  # which the player reads
            reasons = yield from self._store.reasons(report.title_id, report.report_id)
            verdict = verdict._replace(reason=f"reported for {next(iter(reasons), Reason.OTHER.value)}")
        done = yield from self._do_in(report, verdict)
        decided = replace(
            report,
            state="decided",
            decision=verdict.decision.value,
            decided_by=verdict.moderator,
            decided_at=self._clock.now(),
            decision_reason=verdict.reason,
            undo=done.undo,
        )
        changed = yield from self._change_in(decided)
        return changed, done.tell

    def _do_in(self, report: Report, verdict: Verdict) -> Tx[Done]:
        title_id, user_id = report.title_id, report.user_id
        if verdict.decision is Decision.REMOVE:
            return (yield from self._remove_in(report))
        if verdict.decision is Decision.MUTE:
            mute = yield from self._sanctions.impose_in(
                title_id, user_id, SanctionKind.MUTE, verdict.reason, verdict.moderator, verdict.duration_s
            )
            return Done(mute.sanction_id, lambda: self._sanctions.apply(mute))
        if verdict.decision is Decision.BAN:
            ban = yield from self._accounts.ban_in(title_id, user_id, verdict.reason, verdict.moderator, verdict.duration_s)
            return Done(ban.sanction.sanction_id, lambda: self._accounts.apply_ban(ban))
        return Done()

    def _remove_in(self, report: Report) -> Tx[Done]:
        if report.kind is Kind.NAME:
            yield from self._accounts.rename_in(report.title_id, report.user_id, "", "")
            return Done(_encode(Names(report.username, report.content)))
        if report.kind is Kind.PLAYER:
            raise DecisionInvalid("There is nothing to remove: a player was reported.")
        taken = yield from self._chat.take_in(report.title_id, report.message_id)
        if taken is None:  # its sender was faster
            return Done()
        return Done(_encode(taken), lambda: self._chat.show_removed(report.title_id, taken))

    async def undo(self, title_id: TitleId, report_id: str, version: int, moderator: str, reason: str = "") -> ReportEntry:
        """Take the decision back, and what it did; the report is open again, and with the one who took it back.

        Raises:
            ReportNotFound.
            ReportChanged: it is not decided, has changed since, or the same was reported anew.
            UsernameTaken: the names that were removed belong to somebody else by now.
        """
        verdict = Verdict(title_id, report_id, version, moderator, reason=reason)
        report, tell = await self._db.write_durable(self._undo_in, verdict)
        tell()
        return await self._shown(report)

    def _undo_in(self, verdict: Verdict) -> Tx[tuple[Report, Tell]]:
        report = yield from self._get_in(verdict.title_id, verdict.report_id)
        if report.is_open and report.claimed_by == verdict.moderator and report.version == verdict.version + 1:
            return report, lambda: None
        if report.is_open or report.version != verdict.version:
            raise ReportChanged
        tell = yield from self._undo_what_was_done_in(report, verdict)
        ends_at = WallMicros(self._clock.now() + CLAIM_S * SECOND_US)
        opened = replace(
            report,
            state="open",
            claimed_by=verdict.moderator,
            claim_ends_at=ends_at,
            decision="",
            decided_by="",
            decision_reason="",
            undo="",
        )
        try:
            changed = yield from self._change_in(opened)
        except UniqueViolation:
            raise ReportChanged("The same was reported again meanwhile; decide that report.") from None
        return changed, tell

    def _undo_what_was_done_in(self, report: Report, verdict: Verdict) -> Tx[Tell]:
        if report.decision in (Decision.MUTE, Decision.BAN):
            lifted = yield from self._sanctions.lift_in(report.undo, verdict.reason or "taken back", verdict.moderator)
            if lifted is not None:
                return lambda: self._sanctions.apply(lifted)
        elif report.undo and report.kind is Kind.NAME:
            names = msgspec.json.decode(report.undo, type=Names)
            yield from self._accounts.rename_in(report.title_id, report.user_id, names.username, names.display_name)
        elif report.undo:
            message = msgspec.json.decode(report.undo, type=Stored)
            yield from self._chat.put_back_in(report.title_id, message)
            return lambda: self._chat.show_put_back(report.title_id, message)
        return lambda: None

    async def forget_decided(self) -> None:
        """Drop reports that were decided a year ago. From time to time."""
        await self._db.write(self._store.forget_decided, WallMicros(self._clock.now() - KEPT_S * SECOND_US))

    # --- exports

    async def complaints_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """What somebody reported, for an export."""
        async for row in walk(self._db, COMPLAINTS_OF, (title_id, user_id), ("",)):
            yield dict(zip(("report_id", "reason", "words", "complained_at"), row, strict=True))

    async def about(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """What was reported of somebody, for an export: not by whom, for that is theirs."""
        names = ("report_id", "kind", "username", "content", "created_at", "state", "decision", "decided_at", "decision_reason")
        async for row in walk(self._db, ABOUT, (title_id, user_id), ("",)):
            yield dict(zip(names, row, strict=True))

    # --- inside

    def _get_in(self, title_id: TitleId, report_id: str) -> Tx[Report]:
        report = yield from self._store.get(title_id, report_id)
        if report is None:
            raise ReportNotFound
        return report

    def _open_in(self, verdict: Verdict) -> Tx[Report]:
        """The report, if this moderator may change it from the version that they saw."""
        report = yield from self._get_in(verdict.title_id, verdict.report_id)
        if report.is_open and report.is_claimed_by_another(verdict.moderator, self._clock.now()):
            raise ReportClaimed(f"{report.claimed_by} is at this report.")
        if not report.is_open or report.version != verdict.version:
            raise ReportChanged
        return report

    def _change_in(self, report: Report) -> Tx[Report]:
        changed = yield from self._store.change(report)
        if changed is None:  # another node was faster
            raise ReportChanged
        return changed

    async def _shown(self, report: Report) -> ReportEntry:
        reasons = await self._db.read(self._store.reasons, report.title_id, report.report_id)
        return report.shown(reasons, self._clock.now())

    async def _erase(self, deleted: AccountDeleted) -> None:
        """Idempotent: deleting nothing is fine."""
        await self._db.write(self._store.erase, deleted.title_id, deleted.user_id)


def _is_of(report: Report, verdict: Verdict) -> bool:
    """Whether this is what became of the report by this very verdict."""
    return report.decided_by == verdict.moderator and report.version == verdict.version + 1


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()
