"""Canned responses from other programs: their variables turned into our blanks. Pure.

Chatwoot has ours for the most part, Zendesk `{{ticket.requester.first_name}}`, Zammad `#{ticket.customer.firstname}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_OURS: Mapping[str, str] = {
    "contact.name": "contact.name",
    "contact.first_name": "contact.first_name",
    "conversation.id": "conversation.id",
    "conversation.display_id": "conversation.id",
    "account.name": "brand.name",
    "inbox.name": "channel.name",
    "ticket.requester.name": "contact.name",
    "ticket.requester.first_name": "contact.first_name",
    "ticket.customer.firstname": "contact.first_name",
    "ticket.customer.fullname": "contact.name",
    "ticket.id": "conversation.id",
    "ticket.number": "conversation.id",
    "ticket.group.name": "ticket.team",
    "ticket.organization.name": "brand.name",
    "ticket.account": "brand.name",
    "brand.name": "brand.name",
    "channel.name": "channel.name",
    "order.number": "order.number",
    "ticket.team": "ticket.team",
}
"""What fills one of their variables, by its name there."""

_THEIRS = re.compile(r"\{\{\s*([\w.]+)\s*((?:\|[^{}]*)?)\}\}|#\{\s*([\w.]+)\s*\}")
_DEFAULT = re.compile(r"\|\s*default:\s*[\"'“«]?([^\"'”»]*)[\"'”»]?\s*")


def to_blanks(text: str, *, defaults: Mapping[str, str] | None = None) -> tuple[str, tuple[str, ...]]:
    """A text of theirs with our blanks; also the variables that nothing of ours fills, each once, in order.

    What nothing fills stays as it is written there. A default of theirs is kept; `defaults` has one for blanks of ours
    that have none, such as `à vous` for the first name.
    """
    strange: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        name = found.group(1) or found.group(3)
        ours = _OURS.get(name)
        if ours is None:
            strange[found.group(0)] = None
            return found.group(0)
        told = _DEFAULT.fullmatch(found.group(2) or "")
        default = told.group(1).strip() if told else (defaults or {}).get(ours, "")
        return f'{{{{{ours}|default:"{default}"}}}}' if default else f"{{{{{ours}}}}}"

    return _THEIRS.sub(put, text), tuple(strange)
