"""The numbers, people and refusals of the Discord on loopback, which its parts share."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

GUILD, GENERAL, THREAD, FORUM, POST, STAFF = 1000, 2000, 3000, 4000, 4100, 5000
STAFF_ROLE, VIP_ROLE = 1001, 1002
SUPPORT_ROLE, READING_ROLE, OWNER_ROLE = 1003, 1004, 1005
BOT = {"id": "42", "username": "Vigie", "discriminator": "0", "avatar": None, "bot": True, "global_name": None}
APPLICATION = 43
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15


def person(number: int, name: str, *roles: int, bot: bool = False) -> dict[str, Any]:
    """Somebody of the server."""
    user = {"id": str(number), "username": name.casefold(), "discriminator": "0", "avatar": None, "global_name": name}
    return {"user": user | {"bot": bot}, "roles": [str(role) for role in roles]}


class Refused(Exception):
    """Discord answers that this cannot be done."""

    def __init__(self, code: int, says: str, *, status: int = 400, errors: dict[str, Any] | None = None) -> None:
        super().__init__(says)
        self.status = status
        self.body: dict[str, Any] = {"code": code, "message": says} | ({"errors": errors} if errors else {})


def invalid(path: str, says: str, kind: str = "INVALID") -> Refused:
    """A form with something wrong at one place, given like `data.components.0`."""
    errors: dict[str, Any] = {"_errors": [{"code": kind, "message": says}]}
    for step in reversed(path.split(".")):
        errors = {step: errors}
    return Refused(50035, "Invalid Form Body", errors=errors)


def as_json(told: Any, *, status: int = 200) -> web.Response:
    """Discord's client takes nothing but exactly this type for JSON."""
    headers = {"Content-Type": "application/json"} | ({"Via": "1.1 google"} if status == 429 else {})
    return web.Response(body=json.dumps(told).encode(), status=status, headers=headers)


def unknown(code: int, says: str) -> web.Response:
    """What is asked for is not there."""
    return as_json({"code": code, "message": says}, status=404)
