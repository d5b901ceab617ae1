"""The audit trail in pages: the entries of an action put together as one (rules CON23 and CON24)."""

from __future__ import annotations

from typing import Final

import msgspec

from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.errors import InvalidArgument
from supergame.console.entries import Entry
from supergame.console.messages import AuditAction, AuditChange, AuditCheck, AuditList, CheckAudit, ListAudit
from supergame.console.trail import Trail
from supergame.console.trail_store import Wanted

PAGE_MAX: Final = 100
_LAST: Final = 2**62


class PageInvalid(InvalidArgument):
    """A page of the audit trail has 1 to 100 actions."""

    code = "console.page_invalid"


class AuditPages:
    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    async def page(self, request: ListAudit) -> AuditList:
        """Actions, the latest first.

        Raises:
            PageInvalid, MalformedCursor.
        """
        if not 1 <= request.limit <= PAGE_MAX:
            raise PageInvalid
        wanted = Wanted(request.operator, request.action, request.title_id, request.target, request.since, request.until)
        list_of = ("audit", *wanted)
        before = decode_cursor(list_of, request.cursor, (int,))[0] if request.cursor else _LAST
        found = await self._trail.actions(wanted, int(before), request.limit + 1)
        shown = [shown_action(entries) for entries in found[: request.limit]]
        return AuditList(actions=shown, cursor=encode_cursor(list_of, (shown[-1].entry,)) if len(found) > request.limit else "")

    async def check(self, request: CheckAudit) -> AuditCheck:
        """Walk the chain, and see whether it holds what an earlier check has told."""
        found = await self._trail.check()
        keeps = bool(request.digest) and await self._trail.digest_of(request.entries) == request.digest
        return AuditCheck(entries=found.entries, digest=found.digest, first_broken=found.first_broken, keeps=keeps)


class _Intent(msgspec.Struct):
    role: str = ""
    client_ip: str = ""
    reason: str = ""
    request: msgspec.Raw = msgspec.Raw(b"null")


class _Change(msgspec.Struct):
    before: msgspec.Raw = msgspec.Raw(b"null")
    after: msgspec.Raw = msgspec.Raw(b"null")


class _Outcome(msgspec.Struct):
    outcome: str = ""
    error: str = ""
    changes_dropped: int = 0


def shown_action(entries: list[Entry]) -> AuditAction:
    """One action from its entries."""
    first = entries[0]
    said = msgspec.json.decode(first.body, type=_Intent)
    ends = [msgspec.json.decode(entry.body, type=_Outcome) for entry in entries if entry.kind == "outcome"]
    end = ends[0] if ends else _Outcome()
    return AuditAction(
        entry=first.entry,
        at=first.at,
        operator=first.operator,
        operator_id=first.operator_id,
        role=said.role,
        client_ip=said.client_ip,
        action=first.action,
        title_id=first.title_id,
        target=first.target,
        reason=said.reason,
        request=_text(said.request),
        outcome=end.outcome,
        error=end.error,
        changes=[_change(entry) for entry in entries if entry.kind == "change"],
        changes_dropped=end.changes_dropped,
        digest=first.digest,
    )


def _change(entry: Entry) -> AuditChange:
    said = msgspec.json.decode(entry.body, type=_Change)
    return AuditChange(target=entry.target, before=_text(said.before), after=_text(said.after))


def _text(raw: msgspec.Raw) -> str:
    return bytes(raw).decode()
