"""Any other channel joins: signed calls in, and what leaves fetched or told to an address (rows F04, F87)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import shutil
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.hook import HookChannel, LaidOutChannel
from inbox import pipeline, replies
from inbox.called_in import Hook
from inbox.errors import CallRefused, SendFailed
from inbox.outgoing import OutboxKind, Outgoing
from inbox.ports import Channel
from inbox.programs import Scope
from inbox.rates import RateLimiter
from inbox.views import SendState
from inbox.webhooks import MOST_BYTES, headers_for, key_of, prove
from tests.fakes.desks import FakeDesk, RefusedHere
from tests.inbox.builders import NOON
from tests.web.programs import Asking, a_row
from tests.web.sites import LATE, ON_API, SETTER_UP, Site

SECRET = "whsec_" + b64encode(b"k" * 32).decode()
REPLY = "Bonjour, nous cherchons votre colis."

_ids = count(1)


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    file = tmp_path_factory.mktemp("site") / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    hooks = [Hook("forum", "loriot", SECRET), Hook("merle-forum", "merle", SECRET)]
    site = Site(f"sqlite:///{file}", hooks=hooks, asks_per_minute=1_000_000)
    with site.served():
        yield site


def by_the_book(body: bytes, *, call_id: str, at: int, key: bytes = b"k" * 32) -> dict[str, str]:
    """The headers of a call, signed as the specification has it, by other code than ours."""
    mark = hmac.new(key, f"{call_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": call_id, "webhook-timestamp": str(at), "webhook-signature": f"v1,{b64encode(mark).decode()}"}


def call(
    site: Site,
    told: Any,
    *,
    name: str = "forum",
    call_id: str | None = None,
    late: int = 0,
    headers: Mapping[str, str | None] | None = None,
    body: bytes | None = None,
    key: bytes = b"k" * 32,
) -> httpx.Response:
    """Call as a forum does; `headers` in the place of its own, None for none; `body` in the place of what is signed."""
    said = json.dumps(told).encode()
    at = int(site.clock().timestamp()) - late
    proof: dict[str, str | None] = {**by_the_book(said, call_id=call_id or f"msg_{next(_ids)}", at=at, key=key)}
    sent = {name: value for name, value in (proof | {**(headers or {})}).items() if value is not None}
    return httpx.post(f"{site.address}/hooks/in/{name}", content=said if body is None else body, headers=sent)


def created(**more: Any) -> dict[str, Any]:
    return {"type": "message.created", "data": a_row(next(_ids), **more)}


def known(site: Site, external_id: str) -> Any:
    with site.desk.store.read() as books:
        return books.find_message("api:forum", external_id)


def test_f87_a_call_that_is_signed_well_is_taken_once(site: Site):
    told = created(text=LATE)

    first = call(site, told, call_id="msg_once")
    replayed = call(site, told, call_id="msg_once")
    renewed = call(site, created(), call_id="msg_once", late=10)
    redelivered = call(site, told)

    assert (first.status_code, first.json()) == (200, {"taken": True, "new": 1})
    assert [one.status_code for one in (replayed, renewed)] == [409, 409]
    assert (redelivered.status_code, redelivered.json()["new"]) == (200, 0)
    assert known(site, told["data"]["external_id"]).text == LATE


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"key": b"wrong" * 8}, 401),
        ({"headers": {"webhook-signature": None}}, 401),
        ({"headers": {"webhook-id": None}}, 401),
        ({"headers": {"webhook-timestamp": None}}, 401),
        ({"headers": {"webhook-id": "msg_other"}}, 401),
        ({"headers": {"webhook-signature": "v1,"}}, 401),
        ({"headers": {"webhook-signature": "v1a," + "x" * 44}}, 401),
        ({"late": 301}, 403),
        ({"late": -301}, 403),
        ({"body": b"re-encoded"}, 401),
    ],
)
def test_f87_a_call_that_proves_nothing_is_refused_and_changes_nothing(
    site: Site, change: Mapping[str, Any], status: int
):
    told = created()

    refused = call(site, told, **change)

    assert (refused.status_code, refused.json()["taken"]) == (status, False)
    assert known(site, told["data"]["external_id"]) is None


def test_f87_the_same_words_in_other_bytes_are_refused(site: Site):
    told = created(text="Où est-il ?")

    refused = call(site, told, body=json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())

    assert refused.status_code == 401


def test_a_call_may_carry_the_signature_of_an_old_secret_beside_that_of_the_new(site: Site):
    told = created()
    said, at = json.dumps(told).encode(), int(site.clock().timestamp())
    old = by_the_book(said, call_id="msg_both", at=at, key=b"old" * 11)["webhook-signature"]
    new = by_the_book(said, call_id="msg_both", at=at)["webhook-signature"]

    taken = call(site, told, call_id="msg_both", headers={"webhook-signature": f"{old} {new}"})

    assert taken.status_code == 200


@pytest.mark.parametrize(
    "told",
    [
        [],
        "x",
        {},
        {"type": "message.created"},
        {"type": "message.created", "data": []},
        {"type": "message.created", "data": [1]},
        {"type": "message.created", "data": a_row(1, text="a\0b")},
        {"type": "message.edited", "data": {"external_id": "x", "text": "y", "edited_at": "2026-03-02T10:00:00"}},
        {"type": "message.edited", "data": {"external_id": 7, "text": "y", "edited_at": "2026-03-02T10:00:00Z"}},
        {"type": "message.deleted", "data": {"external_ids": [], "deleted_at": "2026-03-02T10:00:00Z"}},
        {"type": ["message.created"], "data": {}},
    ],
)
def test_a_call_that_proves_itself_and_cannot_be_read_is_refused_whole(site: Site, told: Any):
    refused = call(site, told)

    assert (refused.status_code, refused.json()["taken"]) == (422, False)


def test_a_call_of_something_else_is_taken_and_changes_nothing(site: Site):
    assert call(site, {"type": "user.created", "data": {}}).json() == {"taken": True, "new": 0}


def test_edits_and_deletions_of_a_channel_come_by_calls_too(site: Site):
    told = created()
    name = told["data"]["external_id"]
    call(site, told)

    edited = call(
        site,
        {
            "type": "message.edited",
            "data": {"external_id": name, "text": "Arrivé !", "edited_at": "2026-03-02T10:00:00Z"},
        },
    )
    read = known(site, name).text
    deleted = call(
        site, {"type": "message.deleted", "data": {"external_ids": [name], "deleted_at": "2026-03-02T11:00:00Z"}}
    )

    assert (edited.json()["new"], read, deleted.json()["new"]) == (1, "Arrivé !", 1)
    assert known(site, name).deleted_at is not None


def test_a_call_belongs_to_the_brand_of_its_name_and_a_strange_name_is_not_there(site: Site):
    told = created()

    theirs = call(site, told, name="merle-forum")
    nowhere = call(site, told, name="nowhere")

    assert (theirs.json()["new"], nowhere.status_code) == (1, 404)
    assert known(site, told["data"]["external_id"]) is None


@given(body=st.binary(max_size=300), late=st.integers(-300, 300))
def test_what_we_sign_proves_itself_and_no_other_bytes_do(body: bytes, late: int):
    headers = headers_for(SECRET, "msg_1", body, now=NOON - timedelta(seconds=late))

    assert prove("forum", SECRET, headers, body, now=NOON) == "msg_1"
    assert headers == by_the_book(body, call_id="msg_1", at=int(NOON.timestamp()) - late)
    with pytest.raises(CallRefused):
        prove("forum", SECRET, headers, body + b"x", now=NOON)


def test_a_call_that_is_too_large_is_not_read():
    body = b"x" * (MOST_BYTES + 1)
    with pytest.raises(CallRefused):
        prove("forum", SECRET, headers_for(SECRET, "msg_1", body, now=NOON), body, now=NOON)


def test_a_secret_is_taken_as_it_is_written_unless_it_says_that_it_is_base64():
    assert key_of("whsec_a2V5") == b"key"
    assert key_of("a2V5") == b"a2V5"
    with pytest.raises(ValueError, match="not Base64"):
        key_of("whsec_é")


def answered(site: Site, *, text: str = REPLY) -> int:
    """A reply to somebody of the forum, in the outbox; its row."""
    told = created(text=LATE, author=f"u-{next(_ids)}")
    call(site, told)
    while pipeline.triage(site.desk):
        pass
    conversation = known(site, told["data"]["external_id"]).conversation_id
    with Asking(site, f"crm-{next(_ids)}") as crm:
        answer = crm.post(f"/conversations/{conversation}/replies", {"text": text})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


def deliver(site: Site, channel: Channel) -> None:
    site.clock.advance(timedelta(seconds=21))
    asyncio.run(pipeline.deliver(site.desk, {"api:forum": channel}, RateLimiter()))


def sent(site: Site, number: int) -> Any:
    with site.desk.store.read() as books:
        return books.send(number)


def test_f04_a_reply_is_laid_out_once_fetched_in_order_and_forgotten_once_it_is_done(site: Site):
    channel = LaidOutChannel("forum", site.desk.store, abilities=ON_API, clock=site.clock)
    first, second = answered(site), answered(site, text="Bonjour, il repart demain.")
    deliver(site, channel)
    with Asking(site, "forum", Scope.OUTBOX_READ) as forum:
        fetched = forum.get("/channels/forum/outbox").json()["outgoing"]
        one = fetched[0]
        behind = forum.get("/channels/forum/outbox", after=one["number"]).json()["outgoing"]
        done = forum.post(f"/channels/forum/outbox/{one['number']}/ack", {"external_id": "post-9"})
        twice = forum.post(f"/channels/forum/outbox/{one['number']}/ack", {})
        elsewhere = forum.post(f"/channels/blog/outbox/{one['number']}/ack", {})
        left = forum.get("/channels/forum/outbox").json()["outgoing"]

    assert [one["text"] for one in fetched] == [REPLY, "Bonjour, il repart demain."]
    assert (one["kind"], one["thread"]) == ("reply", "post-1")
    assert sent(site, first).external_id == f"api:{one['number']}"
    assert behind == left == fetched[1:]
    assert [answer.status_code for answer in (done, twice, elsewhere)] == [204, 204, 404]
    assert sent(site, second).state is SendState.SENT
    assert asyncio.run(channel.find_sent(an_outgoing(one["key"]))) == f"api:{one['number']}"


def an_outgoing(key: str = "k-1") -> Outgoing:
    return Outgoing(OutboxKind.REPLY, key, "post-1", NOON, text=REPLY, target="c-1", contact="u-1")


def test_what_is_laid_out_again_under_its_key_keeps_its_number(site: Site):
    channel = LaidOutChannel("forum", site.desk.store, abilities=ON_API, clock=site.clock)

    async def twice() -> tuple[str | None, str, str]:
        return (
            await channel.find_sent(an_outgoing()),
            await channel.send(an_outgoing()),
            await channel.send(an_outgoing()),
        )

    before, first, again = asyncio.run(twice())

    assert before is None
    assert first == again


def test_a_reply_that_has_left_is_taken_back_by_the_number_it_was_fetched_under(site: Site):
    channel = LaidOutChannel("forum", site.desk.store, abilities=ON_API, clock=site.clock)
    number = answered(site)
    deliver(site, channel)

    replies.retract_sent(site.desk, number, by=SETTER_UP)
    deliver(site, channel)

    with Asking(site, f"forum-{next(_ids)}", Scope.OUTBOX_READ) as forum:
        fetched = forum.get("/channels/forum/outbox").json()["outgoing"]
    assert (fetched[-1]["kind"], fetched[-1]["target"]) == ("retract", sent(site, number).external_id)


class FakeForum(FakeDesk):
    """A forum with an address: it checks the signature, and passes over an id that it has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, Any] = {}

    def _knows(self, headers: Mapping[str, str]) -> bool:
        return True

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        call_id, at = headers["webhook-id"], int(headers["webhook-timestamp"])
        if headers["webhook-signature"] != by_the_book(self.raw, call_id=call_id, at=at)["webhook-signature"]:
            raise RefusedHere(403, {"error": "Bad signature"})
        self.posts.setdefault(call_id, body)
        return 200, {"id": f"post-{list(self.posts).index(call_id) + 1}"}


def a_hook(site: Site, url: str, **more: Any) -> HookChannel:
    return HookChannel("forum", url, SECRET, abilities=ON_API, clock=site.clock, **more)


async def test_f04_a_reply_is_told_to_the_address_of_its_channel_signed_and_under_its_key(site: Site):
    number = await asyncio.to_thread(answered, site)
    async with FakeForum() as forum:
        channel = a_hook(site, forum.url)
        site.clock.advance(timedelta(seconds=21))
        await pipeline.deliver(site.desk, {"api:forum": channel}, RateLimiter())
        await channel.close()

    ((key, told),) = forum.posts.items()
    assert (sent(site, number).state, sent(site, number).external_id) == (SendState.SENT, "post-1")
    assert (told["type"], told["data"]["text"], told["data"]["key"]) == ("outgoing.reply", REPLY, key)


@pytest.mark.parametrize("knows", [True, False])
async def test_a_lost_answer_is_told_again_only_to_who_knows_repetitions(site: Site, *, knows: bool):
    number = await asyncio.to_thread(answered, site)
    async with FakeForum() as forum:
        channel = a_hook(site, forum.url, knows_repeats=knows)
        forum.lose_answer("POST", "/")
        for _ in range(2):
            site.clock.advance(timedelta(minutes=10))
            await pipeline.deliver(site.desk, {"api:forum": channel}, RateLimiter())
        await channel.close()

    assert len(forum.posts) == 1
    assert sent(site, number).state is (SendState.SENT if knows else SendState.FAILED)


async def test_a_refusal_of_the_address_is_told_in_words_and_not_tried_again(site: Site):
    async with FakeForum() as forum:
        channel = HookChannel("forum", forum.url, "another secret of ours", abilities=ON_API, clock=site.clock)
        with pytest.raises(SendFailed) as failed:
            await channel.send(an_outgoing())
        await channel.close()

    assert failed.value.permanent
    assert forum.posts == {}
