"""What becomes of words on their way to Discord, and how Discord counts them. No library."""

from __future__ import annotations

import hashlib
import re

DM = "@"
"""Before the id of a person: the thread of words to him alone."""

_MARKED = re.compile(
    r"""
    (?P<link> <[^:\ >]+:/[^\ >]+> | (?:https?|steam)://[^\s<]+[^<.,:;"'\]\s] )
    | ^(?P<lead> [^\S\n]*(?=-) | (?=\#|>(?:>>)?\s) )
    | (?= [_\\~|*`] | \[[^\]]+\]\( )
    """,
    re.MULTILINE | re.VERBOSE,
)
_NONCE = 25
"""The most characters of a nonce that Discord takes."""


def escape_markdown(text: str) -> str:
    """The text so that Discord shows it as it was written: no mark gets a meaning, links still work."""
    return _MARKED.sub(lambda found: found["link"] or f"{found['lead'] or ''}\\", text)


def measure(text: str) -> int:
    """The length of a text as it will be sent, the way Discord counts: letters outside the BMP are two."""
    return len(escape_markdown(text).encode("utf-16-le", "surrogatepass")) // 2


def private_thread(contact: str) -> str:
    """The thread of words to one person alone."""
    return f"{DM}{contact}"


def nonce_of(key: str) -> str:
    """A short name for an idempotency key, the same each time: Discord says only once what bears the same one."""
    return hashlib.sha256(key.encode()).hexdigest()[:_NONCE]
