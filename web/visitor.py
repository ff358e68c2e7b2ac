"""Whoever asks: the session, the person, the brand, the language; and whether he may do what he asks for."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile

from inbox import logins
from inbox.desk import Desk
from inbox.errors import BadInput, NotAllowed, NotFound
from inbox.people import Person, Right, Role
from inbox.sentences import Sentence
from inbox.team import require
from web.forms import form_of
from web.head import head_of
from web.hints import wants_hints
from web.house import House
from web.keys import KEYS
from web.parts import PARTS
from web.safety import is_exposed
from web.shelf import fill

COOKIE = "vigie"
LANGUAGE = "vigie-lang"
LONGEST_NUMBER = 18
"""Digits of an id."""

_EVERYBODY = Person("demo", Role.ADMIN)


class SignInNeeded(Exception):
    """Nobody is signed in; afterwards he goes on to `address`."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def house_of(request: Request) -> House:
    """What the page works with."""
    return cast(House, request.app.state.house)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of a brand's team who asks for a page.

    `csrf` goes into every form: it shows that the form is ours. `address` is what he asked for. `is_exposed` says that
    what he and the page say to each other can be read on the way, `has_hints` that he is told what to try first.
    """

    house: House
    brand: str
    desk: Desk
    person: Person
    lang: str
    csrf: str
    address: str
    brands: tuple[str, ...]
    is_exposed: bool
    has_hints: bool = False

    def now(self) -> datetime:
        """The moment."""
        return self.desk.clock()

    def may(self, right: Right) -> bool:
        """Whether he has a right."""
        return self.person.may(right)

    def tell(self, sentence: Sentence) -> str:
        """A sentence in his language."""
        return self.house.tell(sentence, self.lang)

    def url(self, path: str) -> str:
        """The address of something of the brand, such as `inbox`."""
        return f"/b/{quote(self.brand)}/{path}"

    def page(self, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page for him, with the state of the house in its head."""
        head = head_of(self.desk.store)
        state = {"paused": head.paused, "crisis": head.crisis, "head": head}
        text = fill(
            template,
            tell=self.house.tell,
            lang=self.lang,
            zone=self.desk.brand.hours.zone,
            now=self.now(),
            values={"visitor": self, "Right": Right, "parts": PARTS, "keys": KEYS, **state, **values},
        )
        return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a visitor who may do so asks for, with what he filled in."""

    visitor: Visitor
    form: FormData

    @property
    def desk(self) -> Desk:
        """The desk of the brand."""
        return self.visitor.desk

    def text(self, name: str, default: str | None = None) -> str:
        """What was filled in under a name, without blanks around it.

        Raises:
            BadInput: Nothing was, and there is no default.
        """
        value = self.form.get(name)
        if isinstance(value, UploadFile) or value is None or not value.strip():
            if default is not None:
                return default
            raise BadInput(Sentence("Fill in {field}.", field=name))
        return value.strip()

    def number(self, name: str) -> int:
        """A whole number that was filled in.

        Raises:
            BadInput: It is none.
        """
        value = self.text(name)
        if not value.isascii() or not value.isdigit() or len(value) > LONGEST_NUMBER:
            raise BadInput(Sentence("{field} has to be a number.", field=name))
        return int(value)

    def all(self, name: str) -> list[str]:
        """Everything that was filled in or ticked under a name."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def back(self, otherwise: str) -> RedirectResponse:
        """To the page that he came from where the form names it, else to another of the brand."""
        return RedirectResponse(within(self.text("next", ""), self.visitor.url(otherwise)), 303)


def within(address: str, otherwise: str) -> str:
    """An address on this page, or another where it leads away."""
    # Browsers pass over tabs and line ends, so that what stands behind one could be the second slash.
    leads_away = not address.startswith("/") or address.startswith(("//", "/\\")) or not address.isprintable()
    return otherwise if leads_away else address


def language_of(request: Request, house: House, chosen: str | None = None) -> str:
    """The language to speak: what this browser has, what the person has chosen, what it asks for, else the house's."""
    asked = [request.cookies.get(LANGUAGE), chosen]
    asked += [one.partition(";")[0].strip()[:2] for one in request.headers.get("accept-language", "").split(",")]
    return next((one for one in asked if one in house.languages), house.served.language)


def token_of(request: Request) -> str:
    """The token of the session in the browser; empty where there is none."""
    return request.cookies.get(COOKIE, "")


def csrf_of(house: House, token: str) -> str:
    """What shows that a form was made for a session: it cannot be made without the key of this process or the token."""
    key = token or house.start_key
    return hmac.new(key.encode(), b"form", "sha256").hexdigest()


def visitor(request: Request, brand: str) -> Visitor:
    """Whoever asks for something of a brand, which is a use of his session.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotFound: There is no such brand, or he is not of its team: he is not told which.
    """
    return _visitor(request, brand, is_use=True)


def onlooker(request: Request, brand: str) -> Visitor:
    """Whoever's page asks by itself: a page that is left open does not keep its session from ending.

    Raises:
        SignInNeeded: Nobody is signed in, or not any more.
        NotFound: There is no such brand, or he is not of its team.
    """
    return _visitor(request, brand, is_use=False)


def _visitor(request: Request, brand: str, *, is_use: bool) -> Visitor:
    house = house_of(request)
    if any(len(one) > LONGEST_NUMBER and one.lstrip("-").isdecimal() for one in request.path_params.values()):
        raise NotFound(Sentence("There is no such page."))  # no database counts so far
    if house.served.open_to_all:
        return _known(request, house, brand, _EVERYBODY, token="", brands=tuple(house.desks))
    token = token_of(request)
    now = house.main.clock()
    session = logins.session_of(house.main.store, token, now=now, is_use=is_use) if token else None
    if session is None:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise SignInNeeded(asked if request.method == "GET" else f"/b/{quote(brand)}/inbox")
    lang = language_of(request, house)
    people = {key: logins.person_of(desk, session.login, lang=lang) for key, desk in house.desks.items()}
    his = tuple(key for key, person in people.items() if person.role is not None)
    if brand not in his:
        raise NotFound(Sentence("There is no such page."))
    return _known(request, house, brand, people[brand], token=token, brands=his)


def _known(
    request: Request, house: House, brand: str, person: Person, *, token: str, brands: tuple[str, ...]
) -> Visitor:
    return Visitor(
        house=house,
        brand=brand,
        desk=house.desk(brand),
        person=person,
        lang=language_of(request, house, person.lang),
        csrf=csrf_of(house, token),
        address=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        brands=brands,
        is_exposed=is_exposed(request.url),
        has_hints=house.served.open_to_all and wants_hints(request.cookies),
    )


def looking(right: Right = Right.LOOK) -> Callable[..., Visitor]:
    """Let whoever has a right see a page; `Annotated[Visitor, Depends(looking())]`."""

    def let_in(request: Request, who: Annotated[Visitor, Depends(visitor)]) -> Visitor:
        require(who.desk, who.person, right, what=request.url.path)
        return who

    return let_in


def watching(request: Request, who: Annotated[Visitor, Depends(onlooker)]) -> Visitor:
    """Let a page that somebody has open ask by itself for what has changed; `Annotated[Visitor, Depends(watching)]`."""
    require(who.desk, who.person, Right.LOOK, what=request.url.path)
    return who


def acting(right: Right) -> Callable[..., Act]:
    """Let whoever has a right do something by a form of ours; `Annotated[Act, Depends(acting(Right.WORK))]`.

    Raises:
        NotAllowed: The form is not ours, or he has not the right.
    """

    def let_act(
        request: Request, who: Annotated[Visitor, Depends(visitor)], form: Annotated[FormData, Depends(form_of)]
    ) -> Act:
        refuse_foreign(request.headers, form, who.csrf)
        require(who.desk, who.person, right, what=request.url.path)
        return Act(who, form)

    return let_act


def refuse_foreign(headers: Mapping[str, str], form: FormData, expected: str) -> None:
    """Refuse a form that another page has sent.

    Raises:
        NotAllowed: It is not ours.
    """
    given = headers.get("x-csrf") or form.get("csrf")
    is_foreign = headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}
    if is_foreign or not isinstance(given, str) or not hmac.compare_digest(given.encode(), expected.encode()):
        raise NotAllowed(Sentence("This form is out of date. Load the page again, and repeat what you did."))
