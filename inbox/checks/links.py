"""Links: only to the hosts that the brand has allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from inbox.checks.context import Checks
from inbox.checks.finding import at
from inbox.findings import CheckKind, Finding
from inbox.sentences import Sentence

_ENDINGS = (
    "com|net|org|info|biz|eu|fr|be|ch|lu|mc|re|ca|uk|ie|us|de|es|it|nl|pt|pl|ru|cn|io|co|me|tv|gg|ly|gl|to|cc|app|dev|ai"
    "|shop|store|online|site|website|xyz|top|link|click|club|page|blog|news|live|pro|cloud|agency|support|paris|quebec|bzh"
)
_LINK = re.compile(
    r"(?<!\w)[a-z][a-z0-9+.-]{1,20}://[^\s<>\"«»]+"
    r"|(?<![\w.@-])www\.[^\s<>\"«»]+"
    rf"|(?<![\w.@+-])(?:[\w-]{{1,63}}\.){{1,5}}(?:{_ENDINGS})(?![\w-])(?!@)(?:[/:?][^\s<>\"«»]*)?",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"[)\]}.,;:!?…'’”]+$")


def check_links(text: str, checks: Checks) -> Iterator[Finding]:
    """A finding for each link whose host is not allowed."""
    if "." not in text and "://" not in text:
        return
    allowed = [host.casefold().removeprefix("www.") for host in checks.allowed_links]
    for found in _LINK.finditer(text):
        written = _MARKDOWN.sub("", found.group())
        if _leads_to_one_of(allowed, written):
            continue
        place = (found.start(), found.start() + len(written))
        yield at(
            CheckKind.LINK,
            checks,
            text,
            place,
            Sentence("The link “{words}” is not allowed. Take it out, or allow its host (brand.checks.allowed_links)."),
        )


def _leads_to_one_of(hosts: list[str], link: str) -> bool:
    scheme, mark, _ = link.partition("://")
    if mark and scheme.lower() not in {"http", "https"}:
        return False
    host = host_of(link)
    return host is not None and any(host == one or host.endswith(f".{one}") for one in hosts)


def host_of(link: str) -> str | None:
    """The host that a link leads to, in lower case and without `www.`; None where it cannot be told."""
    whole = link if "://" in link else f"https://{link}"
    # A browser reads a backslash as a slash: the host ends there, whatever stands behind it.
    try:
        host = urlsplit(whole.replace("\\", "/")).hostname
    except ValueError:
        return None
    return host.casefold().rstrip(".").removeprefix("www.") if host else None
