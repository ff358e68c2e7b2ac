"""What goes wrong, told to programs: problem details (RFC 9457), the same for every error of the API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from inbox.errors import BadInput, Collision, InboxError, NotAllowed, NotFound, NotPossible, StoreTrouble, Unsendable
from inbox.repeats import KeyInUse, KeyReused
from inbox.sentences import Sentence
from web.visitor import house_of, language_of

API = "/api/"
"""Where programs ask."""

STATUSES: tuple[tuple[type[InboxError], int, str], ...] = (
    (NotFound, 404, "not-found"),
    (NotAllowed, 403, "not-allowed"),
    (Collision, 409, "collision"),
    (Unsendable, 409, "unsendable"),
    (NotPossible, 409, "not-possible"),
    (KeyInUse, 409, "key-in-use"),
    (KeyReused, 422, "key-reused"),
    (BadInput, 422, "unreadable"),
    (StoreTrouble, 503, "store-trouble"),
)
"""Per error of ours, the first that fits: its HTTP status, and the word that problems carry as their type."""

_WORDS: Mapping[int, str] = {
    400: "unreadable",
    401: "unproven",
    403: "not-allowed",
    404: "not-found",
    405: "method",
    413: "too-large",
    415: "media-type",
    421: "other-name",
    422: "unreadable",
    429: "too-many",
    500: "fault",
}


class Refused(Exception):
    """A request of a program that is refused before, or besides, any error of ours; `more` goes into the problem."""

    def __init__(
        self,
        status: int,
        sentence: Sentence,
        *,
        word: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(str(sentence))
        self.status = status
        self.sentence = sentence
        self.word = word
        self.headers = headers
        self.more = more

    @classmethod
    def of(cls, error: InboxError, **more: Any) -> Refused:
        """An error of ours, with more to say about it."""
        _, status, word = _fits(error)
        return cls(status, error.sentence, word=word, **facts_of(error), **more)


def is_program(request: Request) -> bool:
    """Whether a program asks, and wants to be told as one."""
    return request.url.path.startswith(API)


def status_of(error: InboxError) -> int:
    """The HTTP status of an error of ours."""
    return _fits(error)[1]


def word_of(error: InboxError) -> str:
    """The word of an error of ours."""
    return _fits(error)[2]


def facts_of(error: InboxError) -> dict[str, Any]:
    """What a program may act on of an error of ours: sentences are told where it is answered."""
    if isinstance(error, Collision):
        return {"answer": error.answer}
    if isinstance(error, Unsendable):
        return {"findings": list(error.findings), "may_insist": error.may_insist}
    return {}


def problem(
    request: Request,
    status: int,
    sentence: Sentence,
    *,
    word: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """A trouble as problem details: `type` is for programs, `detail` for people."""
    house = house_of(request)
    lang = language_of(request, house)
    told = {
        name: [writable(house.tell(one, lang)) if isinstance(one, Sentence) else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in more.items()
    }
    says = {
        "type": f"urn:vigie:problem:{word or _WORDS.get(status, 'refused')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": writable(house.tell(sentence, lang)),
    }
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(says | told, status, headers=kept, media_type="application/problem+json")


def writable(text: str) -> str:
    """The text without halves of characters: what a program has sent may be named in what it is told."""
    return text.encode("utf-8", "replace").decode()


def allowed_at(request: Request) -> str | None:
    """The methods by which an address of the API can be asked, for the header `Allow`; None for another address."""
    known: Sequence[tuple[re.Pattern[str], str]] = request.app.state.described.addresses
    return next((methods for pattern, methods in known if pattern.match(request.url.path)), None)


def _fits(error: InboxError) -> tuple[type[InboxError], int, str]:
    return next((one for one in STATUSES if isinstance(error, one[0])), (InboxError, 500, "fault"))
