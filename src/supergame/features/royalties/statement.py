"""A statement as a file: CSV for machines and HTML for people, the same bytes whenever it is made from the same lines."""

from __future__ import annotations

import hashlib
from html import escape

from supergame.features.royalties.model import Line, Statement
from supergame.wire.spreadsheet import write_csv

COLUMNS = (
    *("line", "kind", "licence", "title", "asset", "currency", "uses", "sessions", "sales", "sold", "royalty", "share"),
    *("owed", "taken_back", "note", "corrects", "signed_by", "transaction"),
)
"""Amounts are in the currency's smallest unit, and never below zero: what was taken back has a column of its own."""

_WHOLE = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
_THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
"""Source: ISO 4217. All other currencies have hundredths."""


def as_csv(statement: Statement) -> bytes:
    """A row for each line, a total for each currency; the last row has the SHA-256 of all bytes before it."""
    totals = [
        ("total", _standing(statement), *[""] * 3, currency, *[""] * 6, str(max(total, 0)), str(max(-total, 0)), *[""] * 4)
        for currency, total in statement.totals().items()
    ]
    body = write_csv(COLUMNS, [*map(_cells, statement.lines), *totals]).encode()
    return body + f'"sha256","{hashlib.sha256(body).hexdigest()}"\r\n'.encode()


def checksum(statement: Statement) -> str:
    """The SHA-256 of the rows of the CSV, by which the page and the file are known to be the same statement."""
    return as_csv(statement).split(b'"')[-2].decode()


def _cells(line: Line) -> tuple[str, ...]:
    counted = (line.uses, line.sessions, line.sales, line.sold, line.royalty)
    return (
        *(line.name if line.number else "open", line.kind, line.licence_id, line.title, line.asset, line.currency),
        *map(str, counted),
        *(line.share, str(max(line.amount, 0)), str(max(-line.amount, 0))),
        *(line.note, line.corrects, line.signed_by, line.transaction_id),
    )


def _standing(statement: Statement) -> str:
    return "final" if statement.is_final else "open"


def amount_text(amount: int, currency: str) -> str:
    """`1250` EUR as `12.50 EUR`, without a float on the way."""
    digits = 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2
    whole, rest = divmod(abs(amount), 10**digits)
    sign, text = "-" if amount < 0 else "", f"{whole:,}"
    return f"{sign}{text}.{rest:0{digits}} {currency}" if digits else f"{sign}{text} {currency}"


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Royalties of {owner}, {month}</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
body {{ max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ padding: .4rem .6rem; text-align: left; border-bottom: 1px solid #8886; vertical-align: top; }}
.n {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
tfoot td {{ font-weight: 600; border: 0; }}
code {{ font-size: .8em; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<h1>Royalties of {owner}</h1>
<p>{month}, {standing}.</p>
<div class="wide" tabindex="0" role="region" aria-label="Lines">
<table>
<thead><tr><th scope="col">Line</th><th scope="col">What</th><th scope="col">Title</th><th scope="col">Asset</th>
<th scope="col" class="n">Uses</th><th scope="col" class="n">Sessions</th><th scope="col" class="n">Sales</th>
<th scope="col" class="n">Royalty</th><th scope="col" class="n">Share</th><th scope="col" class="n">Owed</th></tr></thead>
<tbody>
{rows}
</tbody>
<tfoot>
{totals}
</tfoot>
</table>
</div>
<p>SHA-256 of the CSV's rows: <code>{checksum}</code></p>
</body>
</html>
"""


def as_html(statement: Statement) -> bytes:
    """A page without scripts or links."""
    standing = "final" if statement.is_final else "open: these amounts are as if the month were closed now"
    rows = "\n".join(_row(line) for line in statement.lines) or '<tr><td colspan="10">Nothing was owed.</td></tr>'
    totals = "\n".join(
        f'<tr><td colspan="9">Total</td><td class="n">{amount_text(total, currency)}</td></tr>'
        for currency, total in statement.totals().items()
    )
    filled = {"owner": escape(statement.owner_name), "month": statement.month, "standing": standing}
    return _PAGE.format(**filled, rows=rows, totals=totals, checksum=checksum(statement)).encode()


def _row(line: Line) -> str:
    what = line.kind if not line.corrects else f"{line.kind} of {line.corrects}: {line.note}"
    texts = "".join(f"<td>{escape(text)}</td>" for text in (line.name if line.number else "open", what, line.title, line.asset))
    shown = (f"{line.uses:,}", f"{line.sessions:,}", f"{line.sales:,}", amount_text(line.royalty, line.currency), line.share)
    numbers = "".join(f'<td class="n">{escape(text)}</td>' for text in (*shown, amount_text(line.amount, line.currency)))
    return f"<tr>{texts}{numbers}</tr>"
