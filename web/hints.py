"""The hints of the demo: what to try first. Put away in this browser until they are asked for again."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.responses import RedirectResponse

HINTS = "vigie-hints"
_OFF = "off"
_KEPT_S = 30 * 24 * 3600


def wants_hints(cookies: Mapping[str, str]) -> bool:
    """Whether somebody has not put the hints away."""
    return cookies.get(HINTS) != _OFF


def put_away(answer: RedirectResponse, *, away: bool) -> RedirectResponse:
    """Have the hints be away from now on in this browser, or be there again."""
    if away:
        answer.set_cookie(HINTS, _OFF, max_age=_KEPT_S, httponly=True, samesite="lax")
    else:
        answer.delete_cookie(HINTS)
    return answer
