"""The people of the team: who they are, what they may do, when they are away, and where they are signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox import joining, logins, parting, team
from inbox.errors import BadInput, NotPossible
from inbox.invitations import Invitation, invitation_in
from inbox.people import ROLE_NAMES, Moderator, Right, Role
from inbox.sentences import Sentence
from inbox.sessions import Login, Session
from web.logins_of import login_of, member_called
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/people", include_in_schema=False)

Steering = Annotated[Visitor, Depends(looking(Right.STEER))]
Acting = Annotated[Act, Depends(acting(Right.STEER))]


@dataclass(frozen=True, slots=True)
class Line:
    """One of the team as the list shows him; `invitation` while he has not chosen his password."""

    member: Moderator
    role: Sentence | None
    login: Login | None
    invitation: Invitation | None
    sessions: Sequence[Session]

    @property
    def seen_at(self) -> datetime | None:
        """When he was on the page last; None where no session of his runs."""
        return max((one.seen_at for one in self.sessions), default=None)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that lets somebody choose his password, shown this once."""

    name: str
    address: str


@router.get("")
def show(who: Steering) -> HTMLResponse:
    """Show everyone of the team."""
    return _page(who)


@router.post("/add")
def add(act: Acting) -> HTMLResponse:
    """Add somebody, and show the link by which he chooses his password."""
    name, role = act.text("name", ""), _role(act)
    try:
        invited = joining.invite(act.desk, name, role=role, by=act.visitor.person.actor)
    except (BadInput, NotPossible) as error:
        return _page(act.visitor, status=422, wrong=error.sentence, name=name)
    return _page(act.visitor, link=_link(act, invited))


@router.post("/link")
def link(act: Acting) -> HTMLResponse:
    """Have somebody choose a password anew, by a link that is shown; his sessions end."""
    login = login_of(act.visitor, member_called(act.visitor, act.text("name")))
    return _page(act.visitor, link=_link(act, joining.invite_anew(act.desk, login, by=act.visitor.person.actor)))


@router.post("/role")
def change_role(act: Acting) -> Response:
    """Give somebody another role; never the last administrator."""
    member = member_called(act.visitor, act.text("name"))
    try:
        team.add_member(act.desk, member.name, role=_role(act), by=act.visitor.person.actor)
    except NotPossible as error:
        return _page(act.visitor, status=409, wrong=error.sentence)
    return act.back("people")


@router.post("/away")
def away(act: Acting) -> Response:
    """Mark somebody absent; his work goes to his deputy, where one is named."""
    try:
        team.go_away(act.desk, act.text("name"), deputy=act.text("deputy", "") or None, by=act.visitor.person.actor)
    except NotPossible as error:
        return _page(act.visitor, status=409, wrong=error.sentence)
    return act.back("people")


@router.post("/back")
def present(act: Acting) -> Response:
    """Mark somebody present again."""
    team.come_back(act.desk, act.text("name"), by=act.visitor.person.actor)
    return act.back("people")


@router.post("/sessions/end")
def end_sessions(act: Acting) -> Response:
    """End every session of somebody."""
    login = login_of(act.visitor, member_called(act.visitor, act.text("name")))
    logins.end_sessions(act.desk, login, by=act.visitor.person.actor)
    return act.back("people")


@router.post("/remove")
def remove(act: Acting) -> Response:
    """Take somebody out of the team; never the last administrator."""
    try:
        parting.remove_member(
            act.desk, act.text("name"), heir=act.text("heir", "") or None, by=act.visitor.person.actor
        )
    except NotPossible as error:
        return _page(act.visitor, status=409, wrong=error.sentence)
    return act.back("people")


def _page(
    who: Visitor, *, status: int = 200, wrong: Sentence | None = None, link: Link | None = None, name: str = ""
) -> HTMLResponse:
    members = team.list_members(who.desk)
    there = [one.name for one in members if one.absent_since is None]
    lines = [_line(who, one) for one in members]
    return who.page(
        "people.html.jinja",
        status=status,
        lines=lines,
        there=there,
        roles=ROLE_NAMES,
        wrong=wrong,
        link=link,
        name=name,
        here_at=who.url("people"),
    )


def _line(who: Visitor, member: Moderator) -> Line:
    role = None if member.stands is None else ROLE_NAMES[member.stands]
    with who.desk.store.read() as books:
        login = None if member.login is None else books.login_called(member.login)
    if login is None:
        return Line(member, role, None, None, ())
    sessions = logins.sessions_of(who.desk.store, login, now=who.now())
    return Line(member, role, login, invitation_in(login.password), sessions)


def _role(act: Act) -> Role:
    word = act.text("role")
    if word not in set(Role):
        raise BadInput(Sentence("There is no such role."))
    return Role(word)


def _link(act: Act, invited: joining.Invited) -> Link:
    address = f"{act.visitor.house.served.address}/join?"
    return Link(invited.login.name, address + urlencode({"name": invited.login.name, "key": invited.key}))
