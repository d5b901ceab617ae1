"""The books in the database. Transactions and transfers are added and read; no statement here changes or removes one."""

from __future__ import annotations

from itertools import groupby

from supergame.base.clock import WallMicros
from supergame.db.port import Row, Rows, Statement, Tx
from supergame.features.ledger.model import (
    Account,
    AccountKind,
    AccountKindMismatch,
    Balance,
    BalanceTooLow,
    Entry,
    Fault,
    Posting,
    PostingKeyReused,
    Transaction,
    Transfer,
    net_of,
)

_MOVE = Statement(
    "ledger.move",
    "UPDATE ledger_accounts SET balance = balance + ?, entries = entries + ? WHERE account_id = ? AND currency = ? AND kind = ? "
    "AND (kind = 'open' OR balance + ? >= 0) RETURNING balance, entries",
)
_OPEN = Statement(
    "ledger.open",
    "INSERT INTO ledger_accounts (account_id, currency, kind, balance, entries) VALUES (?, ?, ?, 0, 0) "
    "ON CONFLICT (account_id, currency) DO NOTHING",
)
_BALANCE = Statement("ledger.balance", "SELECT kind, balance, entries FROM ledger_accounts WHERE account_id = ? AND currency = ?")
_BALANCES = Statement(
    "ledger.balances",
    "SELECT account_id, currency, kind, balance, entries FROM ledger_accounts WHERE (account_id, currency) > (?, ?) "
    "ORDER BY account_id, currency LIMIT ?",
)
_RECORD = Statement(
    "ledger.record",
    "INSERT INTO ledger_transactions (transaction_id, posting_key, posting_digest, event, memo, reverses, posted_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)",
)
_TRANSFER = Statement(
    "ledger.transfer",
    "INSERT INTO ledger_transfers (transaction_id, number, currency, amount, debit_account, debit_number, debit_balance, "
    "credit_account, credit_number, credit_balance) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
)
_BY_KEY = Statement("ledger.by_key", "SELECT transaction_id, posting_digest FROM ledger_transactions WHERE posting_key = ?")
_REVERSAL_OF = Statement("ledger.reversal_of", "SELECT transaction_id FROM ledger_transactions WHERE reverses = ?")
_TRANSACTION = (
    "SELECT x.transaction_id, x.posted_at, x.posting_key, x.event, x.memo, COALESCE(x.reverses, ''), t.currency, t.amount, "
    "t.debit_account, d.kind, t.credit_account, c.kind FROM ledger_transactions x "
    "JOIN ledger_transfers t ON t.transaction_id = x.transaction_id "
    "JOIN ledger_accounts d ON d.account_id = t.debit_account AND d.currency = t.currency "
    "JOIN ledger_accounts c ON c.account_id = t.credit_account AND c.currency = t.currency "
)
_GET = Statement("ledger.get", _TRANSACTION + "WHERE x.transaction_id = ? ORDER BY t.number")
_OF_EVENT = Statement("ledger.of_event", _TRANSACTION + "WHERE x.event = ? ORDER BY x.transaction_id, t.number LIMIT ?")
_ENTRIES = Statement(
    "ledger.entries",
    "SELECT e.number, e.amount, e.balance, e.other, e.transaction_id, x.event, x.memo, x.posted_at FROM ("
    "SELECT * FROM (SELECT credit_number AS number, amount, credit_balance AS balance, debit_account AS other, transaction_id "
    "FROM ledger_transfers WHERE credit_account = ? AND currency = ? AND credit_number < ? ORDER BY credit_number DESC LIMIT ?) AS gained "
    "UNION ALL "
    "SELECT * FROM (SELECT debit_number AS number, -amount, debit_balance AS balance, credit_account AS other, transaction_id "
    "FROM ledger_transfers WHERE debit_account = ? AND currency = ? AND debit_number < ? ORDER BY debit_number DESC LIMIT ?) AS given"
    ") AS e JOIN ledger_transactions x ON x.transaction_id = e.transaction_id ORDER BY e.number DESC LIMIT ?",
)
_SUMS = Statement(
    "ledger.sums",
    "SELECT currency, CAST(SUM(balance) AS BIGINT) FROM ledger_accounts GROUP BY currency HAVING SUM(balance) <> 0 ORDER BY currency",
)
_BEYOND = (
    "(SELECT COUNT(*) FROM ledger_transfers t WHERE t.{0}_account = a.account_id AND t.currency = a.currency AND t.{0}_number > a.entries)"
)
_STANDINGS = Statement(
    "ledger.standings",
    f"SELECT account_id, currency, kind, balance, entries, {_BEYOND.format('credit')} + {_BEYOND.format('debit')} "
    "FROM ledger_accounts a WHERE (account_id, currency) > (?, ?) ORDER BY account_id, currency LIMIT ?",
)
_LEGS = "FROM ledger_transfers WHERE {0}_account = ? AND currency = ? AND {0}_number > ? AND {0}_number <= ?"
_SLICE = Statement(
    "ledger.slice",
    "SELECT CAST(SUM(gained) AS BIGINT), CAST(SUM(legs) AS BIGINT) FROM ("
    f"SELECT COALESCE(SUM(amount), 0) AS gained, COUNT(*) AS legs {_LEGS.format('credit')} "
    f"UNION ALL SELECT -COALESCE(SUM(amount), 0), COUNT(*) {_LEGS.format('debit')}) AS both_sides",
)


class LedgerStore:
    def post(self, posting: Posting, digest: str, transaction_id: str, now: WallMicros) -> Tx[Transaction]:
        """Post, or return what this key has posted before.

        Raises:
            PostingKeyReused, BalanceTooLow, AccountKindMismatch.
            UniqueViolation: another node posts with this key at this moment.
        """
        rows = yield _BY_KEY(posting.key)
        if rows:
            if rows[0][1] != digest:
                raise PostingKeyReused
            return (yield from self.get(rows[0][0]))[0]
        states = yield from self._move(posting)
        yield _RECORD(transaction_id, posting.key, digest, posting.event, posting.memo, posting.reverses or None, now)
        for number, (debit, credit, amount) in enumerate(posting.transfers):
            given = _advance(states, debit, -amount)
            gained = _advance(states, credit, amount)
            yield _TRANSFER(transaction_id, number, posting.currency, amount, debit.id, *given, credit.id, *gained)
        return Transaction(transaction_id, now, posting)

    def _move(self, posting: Posting) -> Tx[dict[Account, tuple[int, int]]]:
        """Change each account once; returns number and balance that each had before."""
        before = {}
        for account, (amount, legs) in net_of(posting.transfers).items():
            move = _MOVE(amount, legs, account.id, posting.currency, account.kind, amount)
            rows = yield move
            if not rows:
                yield from self._make_room(account, posting.currency)
                rows = yield move
            if not rows:
                raise BalanceTooLow
            before[account] = rows[0][1] - legs, rows[0][0] - amount
        return before

    def _make_room(self, account: Account, currency: str) -> Tx[None]:
        """Open an account that is not there yet."""
        rows = yield _BALANCE(account.id, currency)
        if not rows:
            yield _OPEN(account.id, currency, account.kind)
        elif rows[0][0] != account.kind:
            raise AccountKindMismatch
        else:
            raise BalanceTooLow

    def reversal_of(self, transaction_id: str) -> Tx[str]:
        """The transaction that took this one back, or nothing."""
        rows = yield _REVERSAL_OF(transaction_id)
        return rows[0][0] if rows else ""

    def get(self, transaction_id: str) -> Tx[list[Transaction]]:
        """The one, or none."""
        return _transactions((yield _GET(transaction_id)))

    def of_event(self, event: str, count: int) -> Tx[list[Transaction]]:
        """What an event has caused: the transactions of its first `count` transfers."""
        return _transactions((yield _OF_EVENT(event, count)))

    def balance(self, account_id: str, currency: str) -> Tx[int]:
        rows = yield _BALANCE(account_id, currency)
        return rows[0][1] if rows else 0

    def balances(self, after: tuple[str, str], count: int) -> Tx[list[Balance]]:
        rows = yield _BALANCES(*after, count)
        return [Balance(Account(row[0], AccountKind(row[2])), row[1], row[3], row[4]) for row in rows]

    def entries(self, account_id: str, currency: str, before: int, count: int) -> Tx[list[Entry]]:
        """An account's legs, the newest first."""
        side = (account_id, currency, before, count)
        rows = yield _ENTRIES(*side, *side, count)
        return [Entry(*row) for row in rows]

    def sums(self) -> Tx[list[Fault]]:
        """Currencies in which there is more, or less, than nothing in all."""
        rows = yield _SUMS()
        return [Fault("sum", "", currency, total, 0) for currency, total in rows]

    def standings(self, after: tuple[str, str], count: int) -> Tx[list[tuple[Balance, int]]]:
        """The next accounts by name, each with how many legs it has that it does not know of."""
        rows = yield _STANDINGS(*after, count)
        return [(Balance(Account(row[0], AccountKind(row[2])), row[1], row[3], row[4]), row[5]) for row in rows]

    def slice(self, balance: Balance, after: int, until: int) -> Tx[tuple[int, int]]:
        """What an account's legs with the numbers behind `after`, up to `until`, have brought, and how many they are."""
        side = (balance.account.id, balance.currency, after, until)
        rows = yield _SLICE(*side, *side)
        return rows[0][0], rows[0][1]


def _advance(states: dict[Account, tuple[int, int]], account: Account, amount: int) -> tuple[int, int]:
    number, balance = states[account]
    states[account] = number + 1, balance + amount
    return states[account]


def _transactions(rows: Rows) -> list[Transaction]:
    return [_transaction(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]


def _transaction(rows: list[Row]) -> Transaction:
    transaction_id, posted_at, key, event, memo, reverses, currency = rows[0][:7]
    transfers = tuple(
        Transfer(Account(debit, AccountKind(debit_kind)), Account(credit, AccountKind(credit_kind)), amount)
        for amount, debit, debit_kind, credit, credit_kind in (row[7:] for row in rows)
    )
    posting = Posting(key=key, event=event, currency=currency, transfers=transfers, memo=memo, reverses=reverses)
    return Transaction(transaction_id, posted_at, posting)
