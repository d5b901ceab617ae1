"""What the console's own endpoints read and answer. Times are microseconds since 1970, UTC, as texts; JSON within texts is JSON."""

from __future__ import annotations

from typing import Annotated

from supergame.wire.message import Int32, Int64, Message, field


class SignIn(Message):
    """`code` is of the operator's authenticator, and empty for those who have none."""

    name: Annotated[str, field(1)] = ""
    password: Annotated[str, field(2)] = ""
    code: Annotated[str, field(3)] = ""


class Me(Message):
    """Who is signed in, and what they may do. `titles` are those they are limited to; none for no limit."""

    operator_id: Annotated[str, field(1)] = ""
    name: Annotated[str, field(2)] = ""
    role: Annotated[str, field(3)] = ""
    titles: Annotated[list[str], field(4)] = []
    permissions: Annotated[list[str], field(5)] = []
    must_change_password: Annotated[bool, field(6)] = False
    must_add_totp: Annotated[bool, field(7)] = False
    has_totp: Annotated[bool, field(8)] = False
    ends_at: Annotated[Int64, field(9)] = 0
    idle_s: Annotated[Int32, field(10)] = 0


class ChangePassword(Message):
    password: Annotated[str, field(1)] = ""
    new_password: Annotated[str, field(2)] = ""


class OfferTotp(Message):
    password: Annotated[str, field(1)] = ""


class TotpOffer(Message):
    """For an authenticator app: the secret to type, the address that the QR code holds, and the code as SVG."""

    secret: Annotated[str, field(1)] = ""
    uri: Annotated[str, field(2)] = ""
    qr_svg: Annotated[str, field(3)] = ""


class ConfirmTotp(Message):
    code: Annotated[str, field(1)] = ""


class OperatorInfo(Message):
    """`sessions` are those open now, `seen_at` the last use of one, to a minute."""

    operator_id: Annotated[str, field(1)] = ""
    name: Annotated[str, field(2)] = ""
    role: Annotated[str, field(3)] = ""
    titles: Annotated[list[str], field(4)] = []
    disabled: Annotated[bool, field(5)] = False
    has_totp: Annotated[bool, field(6)] = False
    must_change_password: Annotated[bool, field(7)] = False
    created_at: Annotated[Int64, field(8)] = 0
    signed_in_at: Annotated[Int64, field(9)] = 0
    sessions: Annotated[Int32, field(10)] = 0
    seen_at: Annotated[Int64, field(11)] = 0


class OperatorList(Message):
    operators: Annotated[list[OperatorInfo], field(1)] = []


class RoleInfo(Message):
    role: Annotated[str, field(1)] = ""
    permissions: Annotated[list[str], field(2)] = []


class RoleList(Message):
    roles: Annotated[list[RoleInfo], field(1)] = []


class AddOperator(Message):
    name: Annotated[str, field(1)] = ""
    role: Annotated[str, field(2)] = ""
    titles: Annotated[list[str], field(3)] = []


class InvitedOperator(Message):
    """The one-time password is shown this once; whoever signs in with it chooses another."""

    operator: Annotated[OperatorInfo | None, field(1)] = None
    one_time_password: Annotated[str, field(2)] = ""


class ChangeOperator(Message):
    operator_id: Annotated[str, field(1)] = ""
    role: Annotated[str, field(2)] = ""
    titles: Annotated[list[str], field(3)] = []
    disabled: Annotated[bool, field(4)] = False


class OneOperator(Message):
    operator_id: Annotated[str, field(1)] = ""


class ListAudit(Message):
    """Filters that are empty narrow nothing. `since` and `until` are microseconds since 1970; `until` is not included."""

    operator: Annotated[str, field(1)] = ""
    action: Annotated[str, field(2)] = ""
    title_id: Annotated[str, field(3)] = ""
    target: Annotated[str, field(4)] = ""
    since: Annotated[Int64, field(5)] = 0
    until: Annotated[Int64, field(6)] = 0
    limit: Annotated[Int32, field(7)] = 50
    cursor: Annotated[str, field(8)] = ""


class AuditChange(Message):
    """`before` and `after` are JSON; `null` is nothing there."""

    target: Annotated[str, field(1)] = ""
    before: Annotated[str, field(2)] = ""
    after: Annotated[str, field(3)] = ""


class AuditAction(Message):
    """`outcome` is done, refused or failed; empty for an action whose end nobody has written down: it is under way, or the server stopped.

    `request` is JSON. `entry` is the number of its first entry in the chain.
    """

    entry: Annotated[Int64, field(1)] = 0
    at: Annotated[Int64, field(2)] = 0
    operator: Annotated[str, field(3)] = ""
    operator_id: Annotated[str, field(4)] = ""
    role: Annotated[str, field(5)] = ""
    client_ip: Annotated[str, field(6)] = ""
    action: Annotated[str, field(7)] = ""
    title_id: Annotated[str, field(8)] = ""
    target: Annotated[str, field(9)] = ""
    reason: Annotated[str, field(10)] = ""
    request: Annotated[str, field(11)] = ""
    outcome: Annotated[str, field(12)] = ""
    error: Annotated[str, field(13)] = ""
    changes: Annotated[list[AuditChange], field(14)] = []
    changes_dropped: Annotated[Int32, field(15)] = 0
    digest: Annotated[str, field(16)] = ""


class AuditList(Message):
    actions: Annotated[list[AuditAction], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class CheckAudit(Message):
    """What an earlier check has told, to see that nothing was cut off since; or nothing."""

    entries: Annotated[Int64, field(1)] = 0
    digest: Annotated[str, field(2)] = ""


class AuditCheck(Message):
    """Of the whole chain: its length, the digest of its last entry, and the number of the first that does not fit, 0 for none.

    Keep `entries` and `digest` elsewhere. A later check that is given them tells with `keeps` that the chain still holds them: who can
    write the database can cut entries off its end, and the rest is whole.
    """

    entries: Annotated[Int64, field(1)] = 0
    digest: Annotated[str, field(2)] = ""
    first_broken: Annotated[Int64, field(3)] = 0
    keeps: Annotated[bool, field(4)] = False
