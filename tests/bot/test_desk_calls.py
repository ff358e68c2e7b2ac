"""Calls of help desks: taken only where their bytes prove who makes them (F87)."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desks.calls import MOST_BYTES, WINDOW, Caller, read_call
from inbox.desk_news import DeskAnswer, DeskCall, DeskNews
from inbox.errors import CallRefused, Refusal
from inbox.views import TicketStatus
from tests.inbox.builders import NOON

SECRET = "ein langes Geheimnis"
SECOND = timedelta(seconds=1)
Headers = Mapping[str, str]


def _hex(algorithm: Any, signed: bytes) -> str:
    return hmac.new(SECRET.encode(), signed, algorithm).hexdigest()


def by_zammad(body: bytes, at: datetime) -> Headers:
    return {"X-Hub-Signature": f"sha1={_hex(hashlib.sha1, body)}", "X-Zammad-Delivery": "7e1c"}


def by_chatwoot(body: bytes, at: datetime) -> Headers:
    stamp = str(int(at.timestamp()))
    return {
        "X-Chatwoot-Timestamp": stamp,
        "X-Chatwoot-Signature": f"sha256={_hex(hashlib.sha256, stamp.encode() + b'.' + body)}",
        "X-Chatwoot-Delivery": "b0d7",
    }


def by_zendesk(body: bytes, at: datetime) -> Headers:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hmac.new(SECRET.encode(), stamp.encode() + body, hashlib.sha256).digest()
    return {
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Signature": b64encode(digest).decode(),
    }


def by_webhook(body: bytes, at: datetime) -> Headers:
    stamp = str(int(at.timestamp()))
    return {
        "X-Vigie-Timestamp": stamp,
        "X-Vigie-Signature": f"sha256={_hex(hashlib.sha256, stamp.encode() + b'.' + body)}",
    }


def by_freshdesk(body: bytes, at: datetime) -> Headers:
    return {"X-Vigie-Secret": SECRET}


SAID: dict[str, Any] = {
    "zammad": {"ticket": {"id": 42, "number": "20042", "state": "closed", "title": "Ça va"}, "article": {"id": 7}},
    "chatwoot": {"event": "conversation_status_changed", "id": 42, "status": "resolved", "meta": {"x": "é"}},
    "zendesk": {
        "type": "zen:event-type:ticket.status_changed",
        "id": "cbe4028c",
        "detail": {"id": "42", "status": "SOLVED", "subject": "Ça va"},
        "event": {"current": "SOLVED", "previous": "OPEN"},
    },
    "webhook": {"event": "ticket.changed", "ticket": "42", "status": "solved", "at": "2026-06-10T12:00:00Z", "é": 1},
    "freshdesk": {"ticket": 42},
}
SIGNS: dict[str, Callable[[bytes, datetime], Headers]] = {
    "zammad": by_zammad,
    "chatwoot": by_chatwoot,
    "zendesk": by_zendesk,
    "webhook": by_webhook,
    "freshdesk": by_freshdesk,
}
SIGNING = ("zammad", "chatwoot", "zendesk", "webhook")
WITH_MOMENT = ("chatwoot", "zendesk", "webhook")
every_kind = pytest.mark.parametrize("kind", SIGNS)


def raw(kind: str) -> bytes:
    """As most senders word it: letters that are not ASCII are written out."""
    return json.dumps(SAID[kind], ensure_ascii=False, separators=(",", ":")).encode()


def take(kind: str, body: bytes, headers: Headers, *, secret: str | None = SECRET, now: datetime = NOON) -> DeskCall:
    return read_call(Caller("support", kind, secret), headers, body, now=now)


def refusal(kind: str, body: bytes, headers: Headers, **more: Any) -> Refusal:
    with pytest.raises(CallRefused) as refused:
        take(kind, body, headers, **more)
    return refused.value.why


@every_kind
def test_f87_a_call_that_is_signed_well_is_taken(kind: str):
    assert take(kind, raw(kind), SIGNS[kind](raw(kind), NOON)).ticket == "42"


@every_kind
def test_f87_a_call_with_another_secret_is_refused(kind: str):
    headers = SIGNS[kind](raw(kind), NOON)

    assert refusal(kind, raw(kind), headers, secret="another") is Refusal.UNPROVEN


@every_kind
def test_f87_a_call_without_its_proof_is_refused(kind: str):
    headers = dict(SIGNS[kind](raw(kind), NOON))
    needed = [name for name in headers if "Delivery" not in name]

    for name in needed:
        assert refusal(kind, raw(kind), {**headers, name: ""}) is Refusal.UNPROVEN
        rest = {other: value for other, value in headers.items() if other != name}
        assert refusal(kind, raw(kind), rest) is Refusal.UNPROVEN


@every_kind
def test_f87_without_a_secret_in_the_settings_no_call_is_taken(kind: str):
    empty = hmac.new(b"", raw(kind), hashlib.sha1).hexdigest()
    headers = {**SIGNS[kind](raw(kind), NOON), "X-Hub-Signature": f"sha1={empty}", "X-Vigie-Secret": ""}

    assert refusal(kind, raw(kind), headers, secret=None) is Refusal.UNPROVEN


@pytest.mark.parametrize("kind", SIGNING)
@pytest.mark.parametrize(
    "reworded",
    [
        lambda said: json.dumps(said).encode(),
        lambda said: json.dumps(said, ensure_ascii=False, sort_keys=True).encode(),
        lambda said: json.dumps(said, ensure_ascii=False, indent=2).encode(),
    ],
    ids=["escapes", "order", "blanks"],
)
def test_f87_a_body_that_was_encoded_anew_is_refused(kind: str, reworded: Callable[[Any], bytes]):
    headers = SIGNS[kind](raw(kind), NOON)
    assert reworded(SAID[kind]) != raw(kind)

    assert refusal(kind, reworded(SAID[kind]), headers) is Refusal.UNPROVEN


@pytest.mark.parametrize("kind", WITH_MOMENT)
@pytest.mark.parametrize("away", [WINDOW + SECOND, -WINDOW - SECOND], ids=["old", "ahead"])
def test_f87_a_call_that_was_signed_at_another_time_is_refused(kind: str, away: timedelta):
    assert refusal(kind, raw(kind), SIGNS[kind](raw(kind), NOON - away)) is Refusal.OLD


@pytest.mark.parametrize("kind", WITH_MOMENT)
@pytest.mark.parametrize("away", [WINDOW, -WINDOW])
def test_f87_a_call_within_five_minutes_is_taken(kind: str, away: timedelta):
    assert take(kind, raw(kind), SIGNS[kind](raw(kind), NOON - away)).ticket == "42"


@pytest.mark.parametrize("kind", WITH_MOMENT)
def test_f87_an_old_call_does_not_become_new_by_another_moment(kind: str):
    old, new = SIGNS[kind](raw(kind), NOON - timedelta(hours=1)), SIGNS[kind](raw(kind), NOON)
    stamp = next(name for name in new if "Timestamp" in name)

    assert refusal(kind, raw(kind), {**old, stamp: new[stamp]}) is Refusal.UNPROVEN


@pytest.mark.parametrize("stamp", ["", "soon", "9" * 5_000, "-1", "1e3", "²", "2026-13-45T00:00:00Z"])
def test_f87_a_moment_that_cannot_be_read_proves_nothing(stamp: str):
    body = raw("chatwoot")
    signature = _hex(hashlib.sha256, stamp.encode() + b"." + body)
    headers = {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": f"sha256={signature}"}

    assert refusal("chatwoot", body, headers) in {Refusal.UNPROVEN, Refusal.OLD}


@pytest.mark.parametrize("kind", SIGNING)
def test_f87_the_same_call_has_the_same_mark_whatever_its_delivery_is_called(kind: str):
    headers = dict(SIGNS[kind](raw(kind), NOON))
    again = {name: "another" if "Delivery" in name else value for name, value in headers.items()}
    other = json.dumps({**SAID[kind], "n": 2}).encode()

    first = take(kind, raw(kind), headers)

    assert first.mark is not None
    assert take(kind, raw(kind), again).mark == first.mark
    assert take(kind, other, SIGNS[kind](other, NOON)).mark != first.mark


@every_kind
def test_f87_names_of_headers_are_the_same_in_any_case(kind: str):
    headers = {name.lower(): value for name, value in SIGNS[kind](raw(kind), NOON).items()}

    assert take(kind, raw(kind), headers).ticket == "42"


@every_kind
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff\xfe", b"[" * 100_000], ids=str)
def test_f87_a_body_that_cannot_be_read_is_refused(kind: str, body: bytes):
    assert refusal(kind, body, SIGNS[kind](body, NOON)) is Refusal.UNREADABLE


@every_kind
def test_f87_a_body_that_is_too_large_is_not_even_signed_for(kind: str):
    body = b" " * (MOST_BYTES + 1)

    assert refusal(kind, body, SIGNS[kind](body, NOON)) is Refusal.UNREADABLE


def test_f87_a_mailbox_calls_nobody():
    assert refusal("email", b"{}", {}) is Refusal.UNPROVEN


@pytest.mark.parametrize("kind", SIGNING)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_f87_a_single_bit_that_was_changed_on_the_way_is_noticed(kind: str, place: int, bit: int):
    body = bytearray(raw(kind))
    body[place % len(body)] ^= 1 << bit

    assert refusal(kind, bytes(body), SIGNS[kind](raw(kind), NOON)) is Refusal.UNPROVEN


@given(body=st.binary(max_size=200), kind=st.sampled_from(sorted(SIGNS)))
def test_f87_whatever_is_signed_is_read_or_refused(body: bytes, kind: str):
    try:
        call = take(kind, body, SIGNS[kind](body, NOON))
    except CallRefused as refused:
        if refused.why is not Refusal.UNREADABLE:
            raise
    else:
        assert call.news is None


@pytest.mark.parametrize(
    ("kind", "said", "ticket"),
    [
        ("chatwoot", {"event": "message_created", "id": 9, "conversation": {"id": 42}}, "42"),
        ("chatwoot", {"event": "contact_created", "id": 42}, None),
        ("zendesk", {"ticket": {"id": "42"}}, "42"),
        ("zendesk", {"ticket": "42"}, "42"),
        ("zendesk", {"type": "zen:event-type:user.created", "detail": {"id": "42"}}, None),
        ("freshdesk", {"freshdesk_webhook": {"ticket_id": 42}}, "42"),
        ("freshdesk", {"ticket": True}, None),
        ("zammad", {"ticket": [42]}, None),
        ("webhook", {"event": "ticket.opened", "ticket": "42"}, None),
    ],
)
def test_what_a_call_is_about_is_read_from_where_each_kind_says_it(kind: str, said: Any, ticket: str | None):
    body = json.dumps(said).encode()

    call = take(kind, body, SIGNS[kind](body, NOON))

    assert (call.ticket, call.news) == (ticket, None)


def test_the_operators_own_webhook_says_all_there_is_to_know():
    said = {
        "event": "ticket.changed",
        "ticket": "T-7",
        "status": "pending",
        "at": "2026-06-10T14:00:00+02:00",
        "assignee": "Paul",
        "answers": [{"id": "1", "by": "Paul", "at": "2026-06-10T11:59:00Z", "text": "Bonjour !"}],
    }
    body = json.dumps(said).encode()

    answer = DeskAnswer("1", "Paul", NOON - timedelta(minutes=1), "Bonjour !")
    assert take("webhook", body, by_webhook(body, NOON)).news == DeskNews(
        "T-7", TicketStatus.PENDING, NOON, "Paul", (answer,)
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"status": "waiting"}, "status"),
        ({"at": "2026-06-10T12:00:00"}, "at"),
        ({"ticket": ""}, "ticket"),
        ({"answers": [{"id": "1", "text": "x"}]}, "answers.0.at"),
        ({"answers": [{"id": "1", "at": "2026-06-10T12:00:00Z", "text": "x" * 20_001}]}, "answers.0.text"),
    ],
)
def test_what_the_operators_own_webhook_says_wrongly_is_named(change: Any, says: str):
    body = json.dumps(SAID["webhook"] | change).encode()

    with pytest.raises(CallRefused, match=f"cannot be read: {says}: ") as refused:
        take("webhook", body, by_webhook(body, NOON))

    assert refused.value.why is Refusal.UNREADABLE
