"""The few answers that a relay gives itself."""

from __future__ import annotations

from html import escape
from http import HTTPStatus

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font:18px/1.5 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;margin:0 2rem;
color:#23303f;background:#eef3f7}}@media(prefers-color-scheme:dark){{body{{color:#dde6ee;background:#17202a}}}}</style>
<main><h1>{title}</h1><p>{text}</p></main></html>
"""


def page(status: int, text: str) -> bytes:
    """For people."""
    title = "Nothing here" if status == 404 else "Not now"
    return answer(status, "text/html; charset=utf-8", _PAGE.format(title=title, text=escape(text)))


def plain(status: int, text: str) -> bytes:
    """For programs."""
    return answer(status, "text/plain; charset=utf-8", text + "\n")


def redirect(to: str, cookie: str) -> bytes:
    return answer(302, "text/plain; charset=utf-8", "", f"Location: {to}\r\nSet-Cookie: {cookie}\r\nReferrer-Policy: no-referrer\r\n")


def answer(status: int, content_type: str, text: str, headers: str = "") -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + f"{headers}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body
