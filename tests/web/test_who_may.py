"""Who may do what on the page: every address of the application, tried as everybody there is (row F86).

The addresses come from the application itself. One that is not in the table below fails by its name; so does a form
that can be sent without our mark, and an answer in which words of another brand stand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from inbox.people import NEEDS, Right, Role
from tests.web.addresses import Address, addresses
from tests.web.crowd import STRANGER, TEAM, THEIRS, Crowd, Words
from tests.web.sites import LATE
from web.app import create_app
from web.visitor import COOKIE, csrf_of


class Let(StrEnum):
    """Who is let in where no right of a brand is asked for."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    PROVEN = "proven"
    """Programs, by a token or by a signature: without it they are turned away, whoever is signed in."""


MAY: Mapping[str, Right | Let] = {
    "GET /": Let.SIGNED_IN,
    "GET /account": Let.SIGNED_IN,
    "GET /api/v1/": Let.ANYBODY,
    "GET /api/v1/openapi.json": Let.ANYBODY,
    "GET /b/{brand}/alike": Right.LOOK,
    "GET /b/{brand}/approvals": Right.LOOK,
    "GET /b/{brand}/audit": Right.LOOK,
    "GET /b/{brand}/audit/verifying/{number}": Right.LOOK,
    "GET /b/{brand}/bulk": Right.LOOK,
    "GET /b/{brand}/bulk/{bulk}": Right.LOOK,
    "GET /b/{brand}/c/{conversation}/responses": Right.WORK,
    "GET /b/{brand}/contacts": Right.LOOK,
    "GET /b/{brand}/contacts/{contact}": Right.LOOK,
    "GET /b/{brand}/inbox": Right.LOOK,
    "GET /b/{brand}/inbox/{conversation}": Right.LOOK,
    "GET /b/{brand}/keys": Right.LOOK,
    "GET /b/{brand}/leads": Right.LOOK,
    "GET /b/{brand}/leads/{lead}": Right.LOOK,
    "GET /b/{brand}/live": Right.LOOK,
    "GET /b/{brand}/me": Right.LOOK,
    "GET /b/{brand}/model": Right.LOOK,
    "GET /b/{brand}/outbox": Right.LOOK,
    "GET /b/{brand}/people": Right.STEER,
    "GET /b/{brand}/reports": Right.LOOK,
    "GET /b/{brand}/reports/report.{form}": Right.LOOK,
    "GET /b/{brand}/reports/{picture}.svg": Right.LOOK,
    "GET /b/{brand}/responses": Right.LOOK,
    "GET /b/{brand}/responses/new": Right.STEER,
    "GET /b/{brand}/responses/one": Right.LOOK,
    "GET /b/{brand}/responses/versions": Right.LOOK,
    "GET /b/{brand}/responses/versions/{version}": Right.LOOK,
    "GET /b/{brand}/rows": Right.LOOK,
    "GET /b/{brand}/rules": Right.LOOK,
    "GET /b/{brand}/rules/backtests/{number}": Right.LOOK,
    "GET /b/{brand}/rules/edit": Right.STEER,
    "GET /b/{brand}/rules/rule": Right.LOOK,
    "GET /b/{brand}/rules/try": Right.LOOK,
    "GET /b/{brand}/rules/versions": Right.LOOK,
    "GET /b/{brand}/rules/versions/{version}": Right.LOOK,
    "GET /b/{brand}/sending": Right.LOOK,
    "GET /b/{brand}/sending/crisis.json": Right.LOOK,
    "GET /b/{brand}/sending/crisis.md": Right.LOOK,
    "GET /b/{brand}/settings": Right.LOOK,
    "GET /b/{brand}/talk/{conversation}": Right.LOOK,
    "GET /b/{brand}/tokens": Right.STEER,
    "GET /join": Let.ANYBODY,
    "GET /sign-in": Let.ANYBODY,
    "GET /start": Let.ANYBODY,
    "POST /b/{brand}/audit/export": Right.STEER,
    "POST /b/{brand}/audit/verify": Right.STEER,
    "POST /b/{brand}/bulk": Right.WORK,
    "POST /b/{brand}/bulk/{bulk}/undo": Right.WORK,
    "POST /b/{brand}/c/{conversation}/ack": Right.WORK,
    "POST /b/{brand}/c/{conversation}/assign": Right.WORK,
    "POST /b/{brand}/c/{conversation}/check": Right.WORK,
    "POST /b/{brand}/c/{conversation}/claim": Right.WORK,
    "POST /b/{brand}/c/{conversation}/decline": Right.WORK,
    "POST /b/{brand}/c/{conversation}/discard": Right.WORK,
    "POST /b/{brand}/c/{conversation}/draft": Right.WORK,
    "POST /b/{brand}/c/{conversation}/edit-sent": Right.WORK,
    "POST /b/{brand}/c/{conversation}/escalate": Right.WORK,
    "POST /b/{brand}/c/{conversation}/label": Right.WORK,
    "POST /b/{brand}/c/{conversation}/lead": Right.WORK,
    "POST /b/{brand}/c/{conversation}/moderate": Right.MODERATE,
    "POST /b/{brand}/c/{conversation}/note": Right.WORK,
    "POST /b/{brand}/c/{conversation}/release": Right.WORK,
    "POST /b/{brand}/c/{conversation}/reopen": Right.WORK,
    "POST /b/{brand}/c/{conversation}/reply": Right.WORK,
    "POST /b/{brand}/c/{conversation}/resolve": Right.WORK,
    "POST /b/{brand}/c/{conversation}/retract": Right.WORK,
    "POST /b/{brand}/c/{conversation}/reveal": Right.WORK,
    "POST /b/{brand}/c/{conversation}/snooze": Right.WORK,
    "POST /b/{brand}/c/{conversation}/undo-case": Right.MODERATE,
    "POST /b/{brand}/c/{conversation}/undo-label": Right.WORK,
    "POST /b/{brand}/c/{conversation}/undo-send": Right.WORK,
    "POST /b/{brand}/contacts/{contact}/merge": Right.WORK,
    "POST /b/{brand}/contacts/{contact}/note": Right.WORK,
    "POST /b/{brand}/contacts/{contact}/unmerge": Right.WORK,
    "POST /b/{brand}/contacts/{contact}/vip": Right.WORK,
    "POST /b/{brand}/hints": Right.LOOK,
    "POST /b/{brand}/keys": Right.LOOK,
    "POST /b/{brand}/leads/export": Right.WORK,
    "POST /b/{brand}/leads/{lead}": Right.WORK,
    "POST /b/{brand}/me/away": Right.WORK,
    "POST /b/{brand}/me/back": Right.WORK,
    "POST /b/{brand}/me/language": Right.LOOK,
    "POST /b/{brand}/me/password": Right.LOOK,
    "POST /b/{brand}/me/sessions/end": Right.LOOK,
    "POST /b/{brand}/model/label": Right.WORK,
    "POST /b/{brand}/model/promote": Right.STEER,
    "POST /b/{brand}/model/roll-back": Right.STEER,
    "POST /b/{brand}/model/undo-label": Right.WORK,
    "POST /b/{brand}/outbox/again": Right.WORK,
    "POST /b/{brand}/outbox/{send}/again": Right.WORK,
    "POST /b/{brand}/outbox/{send}/leave": Right.WORK,
    "POST /b/{brand}/outbox/{send}/undo": Right.WORK,
    "POST /b/{brand}/people/add": Right.STEER,
    "POST /b/{brand}/people/away": Right.STEER,
    "POST /b/{brand}/people/back": Right.STEER,
    "POST /b/{brand}/people/link": Right.STEER,
    "POST /b/{brand}/people/remove": Right.STEER,
    "POST /b/{brand}/people/role": Right.STEER,
    "POST /b/{brand}/people/sessions/end": Right.STEER,
    "POST /b/{brand}/responses/check": Right.STEER,
    "POST /b/{brand}/responses/retire": Right.STEER,
    "POST /b/{brand}/responses/save": Right.STEER,
    "POST /b/{brand}/responses/versions/back": Right.STEER,
    "POST /b/{brand}/rules/backtest": Right.LOOK,
    "POST /b/{brand}/rules/backtests/{number}/stop": Right.LOOK,
    "POST /b/{brand}/rules/edit": Right.STEER,
    "POST /b/{brand}/rules/edit/check": Right.STEER,
    "POST /b/{brand}/rules/edit/try": Right.STEER,
    "POST /b/{brand}/rules/step": Right.STEER,
    "POST /b/{brand}/rules/try": Right.LOOK,
    "POST /b/{brand}/rules/versions/{version}/back": Right.STEER,
    "POST /b/{brand}/sending/alerts/{alert}/calm": Right.MODERATE,
    "POST /b/{brand}/sending/alerts/{alert}/seen": Right.WORK,
    "POST /b/{brand}/sending/crisis": Right.MODERATE,
    "POST /b/{brand}/sending/crisis/end": Right.MODERATE,
    "POST /b/{brand}/sending/pause": Right.WORK,
    "POST /b/{brand}/sending/resume": Right.MODERATE,
    "POST /b/{brand}/settings/consent": Right.STEER,
    "POST /b/{brand}/tokens": Right.STEER,
    "POST /b/{brand}/tokens/revoke": Right.STEER,
    "POST /b/{brand}/views": Right.LOOK,
    "POST /b/{brand}/views/{view}/remove": Right.LOOK,
    "POST /hooks/desks/{name}": Let.PROVEN,
    "POST /join": Let.ANYBODY,
    "POST /language": Let.ANYBODY,
    "POST /sign-in": Let.ANYBODY,
    "POST /sign-out": Let.ANYBODY,
    "POST /start": Let.ANYBODY,
}
"""What each address asks for. Those below /api/ and /hooks/ that are not named here ask for proof."""

NOBODY = "nobody"
WORDS = Words(
    text=LATE,
    name="Zoé",
    account="zoe.pdl",
    file="photo.png",
    note="déjà appelée",
    reason="insulte",
    tag="fidèle",
    rule="règle maison",
    title="Un titre",
    response="Une réponse.",
)
FIELDS: dict[str, object] = {
    "text": "des mots",
    "to": "Léa",
    "for": "2h",
    "queue": "sales",
    "reason": "parce que",
    "why": "parce que",
    "act": "note",
    "label": "praise",
    "lang": "en",
    "vip": "no",
    "email": "a@example.com",
}


@pytest.fixture(scope="module")
def crowd(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """Two brands with one of everything, shared: what the least may do is tried first."""
    file = tmp_path_factory.mktemp("who_may") / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    crowd = Crowd(f"sqlite:///{file}", [WORDS])
    with crowd.served():
        crowd.gather()
        yield crowd


@pytest.fixture(scope="module")
def everywhere(crowd: Crowd) -> list[Address]:
    return addresses(create_app(crowd.house))


class Asking:
    """Somebody who asks at addresses; nobody where no name is given. Each form comes from a session that is new."""

    def __init__(self, crowd: Crowd, name: str | None, *, marked: bool = True) -> None:
        self._crowd, self._name, self._marked = crowd, name, marked
        self._client = crowd.visitor().client
        if name is not None:
            self._let_in(name)
        self._token = "" if name is None else crowd.session(name)

    def ask(self, address: Address, ids: Mapping[str, object], **fields: object) -> tuple[int, str, str]:
        """The status of the answer, where it leads, and what it says as far as it ends."""
        if address.method != "GET" and self._name is not None:
            self._let_in(self._name)
            self._token = self._crowd.session(self._name)
        self._client.cookies.clear()
        if self._token:
            self._client.cookies.set(COOKIE, self._token)
        mark = {"csrf": csrf_of(self._crowd.house, self._token)} if self._marked else {}
        form = None if address.method == "GET" else mark | fields
        with self._client.stream(address.method, address.filled(ids), data=form) as answer:
            streams = answer.headers.get("content-type", "").startswith("text/event-stream")
            said = "" if streams else answer.read().decode("utf-8", "replace")
        assert self._name == STRANGER or THEIRS not in said, f"{address.name} tells of another brand"
        return answer.status_code, answer.headers.get("location", ""), said

    def _let_in(self, name: str) -> None:
        """Have him be of the team again, whatever the forms that were tried have made of him."""
        self._crowd.let_in(name, TEAM.get(name, Role.ADMIN), brand="merle" if name == STRANGER else "loriot")


def right_at(address: Address) -> Right | Let | None:
    """What the table says of an address; None where it has nothing to say."""
    kinds = Let.PROVEN if address.is_api or address.is_hook else None
    return MAY.get(address.name, kinds)


def is_right(needed: Right | Let, name: str, role: Role | None, status: int, leads_to: str) -> bool:
    """Whether an answer is the one that somebody should have; `role` is his in the brand, None for none."""
    is_let_in = status < 500 and status not in {401, 403} and not leads_to.startswith("/sign-in?")
    if needed is Let.ANYBODY:
        return status < 500
    if needed is Let.PROVEN:
        return status in {400, 401, 403, 404, 405, 415, 422}
    if name == NOBODY:
        return status == 303 and leads_to.startswith("/sign-in")
    if needed is Let.SIGNED_IN:
        return is_let_in
    if role is None:
        return status == 404
    return is_let_in if role >= NEEDS[Right(needed)] else status == 403


def test_f86_every_address_has_a_line_in_the_table_and_every_line_an_address(everywhere: list[Address]):
    known = {address.name for address in everywhere}
    lacking = [f'    "{address.name}": Right.LOOK,' for address in everywhere if right_at(address) is None]

    assert not lacking, "Say in MAY what each of these asks for:\n" + "\n".join(lacking)
    assert set(MAY) <= known


@pytest.mark.parametrize("name", [NOBODY, STRANGER, *TEAM])
def test_f86_everybody_gets_at_every_address_what_his_role_allows(crowd: Crowd, everywhere: list[Address], name: str):
    asking = Asking(crowd, None if name == NOBODY else name)
    ids = crowd.ids()

    got = {address: asking.ask(address, ids, **ids | FIELDS)[:2] for address in everywhere}

    wrong = [
        f"{name}, {address.name}, which asks for {needed}: {status} {leads_to}"
        for address, (status, leads_to) in got.items()
        if (needed := right_at(address)) is not None and not is_right(needed, name, TEAM.get(name), status, leads_to)
    ]
    assert wrong == []


def test_f86_whoever_is_refused_for_his_role_is_put_on_record(crowd: Crowd, everywhere: list[Address]):
    asking, ids = Asking(crowd, "Vic"), crowd.ids()
    with crowd.desk.store.read() as books:
        before = sum(1 for _ in books.read_audit())

    ruled = [address for address in everywhere if isinstance(right_at(address), Right)]
    refused = [address.filled(ids) for address in ruled if asking.ask(address, ids)[0] == 403]

    with crowd.desk.store.read() as books:
        lines = [sealed.line for sealed in books.read_audit()][before:]
    told = [line.facts["what"] for line in lines if line.what == "team.refused" and line.actor.name == "Vic"]
    assert told == refused
    assert "/b/loriot/sending/crisis" in told


def test_f86_no_form_is_taken_without_the_mark_of_a_page_of_ours(crowd: Crowd, everywhere: list[Address]):
    unmarked, ids = Asking(crowd, "Inès", marked=False), crowd.ids()
    forms = [address for address in everywhere if address.method != "GET"]

    plain = {address.name: unmarked.ask(address, ids, **ids | FIELDS)[0] for address in forms}
    guessed = {address.name: unmarked.ask(address, ids, **ids | FIELDS | {"csrf": "0" * 64})[0] for address in forms}

    assert {name: status for name, status in plain.items() if status not in {401, 403, 404}} == {}
    assert {name: status for name, status in guessed.items() if status not in {401, 403, 404}} == {}


def test_f86_the_ids_of_another_brand_lead_nowhere(crowd: Crowd, everywhere: list[Address]):
    ours, theirs = crowd.ids(), crowd.ids(brand="merle")
    foreign = {name: value for name, value in theirs.items() if value != ours[name]}
    asking = Asking(crowd, "Inès")
    before = as_it_stands(crowd, "merle")

    got = {
        address.name: asking.ask(address, ours | foreign, **ours | FIELDS)[0]
        for address in everywhere
        if foreign.keys() & set(address.blanks) and address.pattern.startswith("/b/")
    }

    assert {name: status for name, status in got.items() if status != 404} == {}
    assert as_it_stands(crowd, "merle") == before


def test_f86_the_ids_of_another_brand_do_nothing_in_a_form(crowd: Crowd, everywhere: list[Address]):
    ours, theirs = crowd.ids(), crowd.ids(brand="merle")
    foreign = {**theirs, "other": theirs["contact"]}
    asking = Asking(crowd, "Inès")
    before = as_it_stands(crowd, "merle")

    got = {
        address.name: asking.ask(address, ours, **FIELDS | foreign)[0]
        for address in everywhere
        if address.method != "GET" and address.pattern.startswith("/b/")
    }

    assert {name: status for name, status in got.items() if status >= 500} == {}
    assert as_it_stands(crowd, "merle") == before


@pytest.mark.parametrize("odd", ["9" * 30, "0", "-1", "x", "a/b", "\x00", "\ud7ff", "'", "{{7*7}}"])
def test_an_address_that_cannot_be_one_of_ours_is_not_found(crowd: Crowd, everywhere: list[Address], odd: str):
    asking, ids = Asking(crowd, "Inès"), crowd.ids()
    filled = {address: dict.fromkeys(address.blanks, odd) for address in everywhere if address.blanks}

    got = {address.name: asking.ask(address, blanks, **ids | FIELDS)[0] for address, blanks in filled.items()}

    assert {name: status for name, status in got.items() if status >= 500} == {}
    by_number = {
        name: status
        for name, status in got.items()
        if "/b/" in name and ("{conversation}" in name or "{contact}" in name)
    }
    assert {name: status for name, status in by_number.items() if status != 404} == {}


def as_it_stands(crowd: Crowd, brand: str) -> object:
    """All that was done in a brand, and how a conversation of it reads."""
    view = crowd.seen(int(str(crowd.ids(brand=brand)["conversation"])), brand=brand)
    with crowd.desks[brand].store.read() as books:
        return [sealed.line for sealed in books.read_audit()], view, books.contact_card(view.contact_id)
