"""Programs ask over the API: each message once, each act once, nothing of another brand (row F04)."""

from __future__ import annotations

import json
import resource
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from inbox import repeats, switches
from inbox.model import Label
from inbox.people import Role
from inbox.programs import Scope
from inbox.tokens import list_tokens, make_token, revoke_token
from inbox.views import QueueFilter
from tests.web.programs import API, Asking, a_row, problem_in
from tests.web.sites import LATE, SETTER_UP, Site
from web.api.limits import Buckets

LINES = {"content-type": "application/x-ndjson"}
REPLY = "Bonjour, nous cherchons votre colis et vous répondons demain."

_numbers = count(1)


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    file = tmp_path_factory.mktemp("site") / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    site = Site(f"sqlite:///{file}", asks_per_minute=1_000_000)
    with site.served():
        yield site


@pytest.fixture(scope="module")
def blog(site: Site) -> Iterator[Asking]:
    with Asking(site) as asking:
        yield asking


def a_channel() -> str:
    """A channel that nobody has written on."""
    return f"blog-{next(_numbers)}"


def texts_on(site: Site, channel: str, *, brand: str = "loriot") -> list[str]:
    """What is kept of a channel's messages."""
    with site.desks[brand].store.read() as books:
        items = books.queue(QueueFilter(channel=f"api:{channel}", limit=100_000))
        views = [books.conversation(one.conversation_id) for one in items]
    return [message.text for view in views if view is not None for message in view.messages]


def test_f04_a_batch_of_500_with_20_repeated_ids_reports_480_created_and_20_skipped(site: Site, blog: Asking):
    channel = a_channel()
    rows = [a_row(number, thread=f"t-{number % 7}") for number in range(480)] + [a_row(n) for n in range(20)]

    answer = blog.post(f"/channels/{channel}/messages/batch", {"messages": rows}).json()

    assert (answer["created"], answer["skipped"], answer["refused"]) == (480, 20, 0)
    assert len(texts_on(site, channel)) == 480
    assert [one["line"] for one in answer["results"] if one["status"] == "skipped"] == list(range(481, 501))


def test_f04_a_stream_of_10_000_lines_is_taken_in_flat_memory_and_answered_line_by_line(sqlite_url: str):
    def lines(many: int) -> Iterator[bytes]:
        for number in range(many):
            yield json.dumps(a_row(number, text="x" * 500, thread=f"t-{number % 50}")).encode() + b"\n"
        yield b"not json\n"

    def taken(blog: Asking, many: int) -> tuple[list[dict[str, Any]], int]:
        answer = blog.client.post("/channels/blog/messages/stream", content=lines(many), headers=LINES)
        told = [json.loads(line) for line in answer.text.splitlines()]
        return told, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    site = Site(sqlite_url)
    with site.served(), Asking(site) as blog:
        _, before_kb = taken(blog, 2_000)
        told, after_kb = taken(blog, 10_000)

    assert told[-1] == {"created": 8_000, "skipped": 2_000, "refused": 1}
    assert [one["line"] for one in told[:-1]] == list(range(1, 10_002))
    assert told[-2] == {
        "line": 10_001,
        "status": "refused",
        "why": "this is not JSON (Expecting value, column 1)",
    }
    # The answer is read whole here, in the same process; the 6 MB that came in must not come on top of it many times.
    assert after_kb - before_kb < 40_000


def test_a_message_is_triaged_like_any_other_and_its_edit_and_deletion_are_followed(site: Site, blog: Asking):
    channel = a_channel()
    created = blog.post(f"/channels/{channel}/messages", a_row(text=LATE))
    again = blog.post(f"/channels/{channel}/messages", a_row(text=LATE))
    edit = {"external_id": "c-1", "text": "Tout est arrivé, merci !", "edited_at": "2026-03-02T10:00:00Z"}

    edited = blog.post(f"/channels/{channel}/edits", edit).json()
    read = texts_on(site, channel)
    deletion = {"external_ids": ["c-1", "unknown"], "deleted_at": "2026-03-02T11:00:00Z"}
    deleted = blog.post(f"/channels/{channel}/deletions", deletion).json()

    assert (created.status_code, again.status_code) == (201, 200)
    assert created.json() == {"external_id": "c-1", "channel": f"api:{channel}", "status": "created"}
    assert (edited, read) == ({"changed": True}, ["Tout est arrivé, merci !"])
    assert (deleted, texts_on(site, channel)) == ({"deleted": 1}, [""])


def test_a_reply_waits_for_the_hold_a_second_is_refused_with_the_first_and_can_be_undone(site: Site, blog: Asking):
    conversation = site.hear(LATE, author="a-reply")
    with Asking(site, "crm") as crm:
        first = blog.post(f"/conversations/{conversation}/replies", {"text": REPLY})
        second = crm.post(f"/conversations/{conversation}/replies", {"text": "Bonjour, un instant."})
        undone = blog.post(f"/sends/{first.json()['id']}/undo")

    assert (first.status_code, first.json()["state"], first.json()["by"]) == (201, "waiting", "api/blog")
    assert (second.status_code, problem_in(second)["type"]) == (409, "urn:vigie:problem:collision")
    assert problem_in(second)["answer"] == REPLY
    assert problem_in(second)["draft"] > 0
    assert undone.json()["state"] == "cancelled"


def test_words_that_the_checks_keep_are_refused_with_what_they_find_and_kept_as_a_draft(site: Site, blog: Asking):
    conversation = site.hear(LATE, author="a-check")

    refused = problem_in(blog.post(f"/conversations/{conversation}/replies", {"text": "Bonjour {{first_name}}."}))

    assert (refused["type"], refused["may_insist"]) == ("urn:vigie:problem:unsendable", False)
    assert "first_name" in refused["findings"][0]
    whole = blog.get(f"/conversations/{conversation}").json()
    assert [one["state"] for one in whole["drafts"] if one["id"] == refused["draft"]] == ["open"]


def test_nothing_is_sent_for_a_program_while_sending_is_paused(site: Site, blog: Asking):
    conversation = site.hear(LATE, author="a-pause")
    switches.pause(site.desk.store, by=SETTER_UP, clock=site.clock)
    try:
        refused = problem_in(blog.post(f"/conversations/{conversation}/replies", {"text": REPLY}))
        draft = blog.post(f"/conversations/{conversation}/drafts", {"text": REPLY})
    finally:
        switches.resume(site.desk.store, held={}, by=SETTER_UP, clock=site.clock)

    assert (refused["status"], refused["type"]) == (409, "urn:vigie:problem:not-possible")
    assert (draft.status_code, draft.json()["state"]) == (201, "open")


def test_a_conversation_is_worked_on_and_each_act_stands_in_the_audit_log(site: Site, blog: Asking):
    conversation = site.hear(LATE, author="a-day")
    site.add("Nora", Role.AGENT)
    here = f"/conversations/{conversation}"
    message = blog.get(f"{here}/messages").json()["messages"][0]

    blog.post(f"{here}/notes", {"text": "@Nora, c'est pour vous."})
    blog.post(f"{here}/assignment", {"to": "Nora"})
    blog.post(f"{here}/escalation", {"queue": "customer-service", "severity": "high"})
    labels = blog.client.put(f"/messages/{message['id']}/labels", json={"labels": ["praise"]}).json()
    back = blog.client.delete(f"/messages/{message['id']}/labels").json()
    until = (site.clock() + timedelta(days=1)).isoformat()
    snoozed = blog.post(f"{here}/status", {"status": "snoozed", "until": until}).json()
    resolved = blog.post(f"{here}/status", {"status": "resolved"}).json()
    reopened = blog.post(f"{here}/status", {"status": "open"}).json()

    assert (labels["before"], labels["labels"], back["labels"]) == (["complaint"], ["praise"], ["complaint"])
    assert [one["status"] for one in (snoozed, resolved, reopened)] == ["snoozed", "resolved", "open"]
    assert (reopened["assignee"], reopened["escalation"]["severity"]) == ("Nora", "high")
    assert [one["text"] for one in reopened["notes"]] == ["@Nora, c'est pour vous."]
    by_program = [line.what for line in site.seen(conversation).audit if line.actor.name == "api/blog"]
    assert by_program[:3] == ["conversation.noted", "conversation.assigned", "conversation.escalated"]


def test_pages_of_the_queue_hold_every_conversation_once_in_the_order_of_the_queue(site: Site, blog: Asking):
    channel = a_channel()
    rows = [a_row(n, author=f"u-{n}", thread=f"t-{n}", text=LATE if n % 3 else "ok") for n in range(23)]
    blog.post(f"/channels/{channel}/messages/batch", {"messages": rows})
    asked: dict[str, Any] = {"channel": f"api:{channel}", "status": "any"}
    whole = [one["id"] for one in blog.get("/conversations", limit=200, **asked).json()["conversations"]]

    paged, cursor = [], None
    while True:
        more: dict[str, str] = {} if cursor is None else {"cursor": cursor}
        page = blog.get("/conversations", limit=5, **asked, **more).json()
        paged += [one["id"] for one in page["conversations"]]
        if (cursor := page["next"]) is None:
            break

    assert len(whole) == 23
    assert paged == whole


def test_a_program_of_one_brand_finds_nothing_of_another(site: Site, blog: Asking):
    theirs = site.hear(LATE, author="a-stranger", brand="merle")
    with Asking(site, "merle-blog", brand="merle") as merle:
        sent = merle.post(f"/conversations/{theirs}/replies", {"text": REPLY}).json()
        draft = merle.post(f"/conversations/{theirs}/drafts", {"text": "Autre chose."}).json()["id"]
        message = merle.get(f"/conversations/{theirs}/messages").json()["messages"][0]["id"]
    here = f"/conversations/{theirs}"
    asks: list[Callable[[], httpx.Response]] = [
        lambda: blog.get(here),
        lambda: blog.get(f"{here}/messages"),
        lambda: blog.post(f"{here}/replies", {"text": REPLY}),
        lambda: blog.post(f"{here}/drafts", {"text": REPLY}),
        lambda: blog.post(f"{here}/notes", {"text": "x"}),
        lambda: blog.post(f"{here}/status", {"status": "resolved"}),
        lambda: blog.post(f"{here}/assignment", {"to": "sales"}),
        lambda: blog.post(f"{here}/escalation", {"queue": "sales"}),
        lambda: blog.post(f"/sends/{sent['id']}/undo"),
        lambda: blog.client.patch(f"/drafts/{draft}", json={"text": "x"}),
        lambda: blog.client.delete(f"/drafts/{draft}"),
        lambda: blog.client.put(f"/messages/{message}/labels", json={"labels": []}),
        lambda: blog.client.delete(f"/messages/{message}/labels"),
    ]

    answers = [ask() for ask in asks]

    assert [one.status_code for one in answers] == [404] * len(asks)
    assert all(problem_in(one)["type"] == "urn:vigie:problem:not-found" for one in answers)
    assert theirs not in [
        one["id"] for one in blog.get("/conversations", status="any", limit=200).json()["conversations"]
    ]
    assert site.seen(theirs, brand="merle").status == "open"


def test_the_same_request_under_the_same_key_is_answered_again_and_another_body_is_refused(site: Site, blog: Asking):
    conversation = site.hear(LATE, author="a-key")
    here = f"/conversations/{conversation}/notes"

    first = blog.post(here, {"text": "Une fois."}, key="note-1")
    again = blog.post(here, {"text": "Une fois."}, key="note-1")
    other = blog.post(here, {"text": "Autre chose."}, key="note-1")
    odd = blog.post(here, {"text": "Une fois."}, key="k" * 256)

    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    assert again.json() == first.json()
    assert (other.status_code, problem_in(other)["type"]) == (422, "urn:vigie:problem:key-reused")
    assert odd.status_code == 422
    assert blog.post(here, {"text": "Une fois."}, key="a b").status_code == 422
    assert len(site.seen(conversation).notes) == 1


def test_a_refused_request_leaves_its_key_free(site: Site, blog: Asking):
    conversation = site.hear(LATE, author="a-free-key")
    here = f"/conversations/{conversation}/assignment"

    refused = blog.post(here, {"to": "nobody at all"}, key="assign-1")
    done = blog.post(here, {"to": "sales"}, key="assign-1")

    assert (refused.status_code, done.status_code) == (404, 200)


def test_of_two_requests_at_once_under_one_key_one_is_done(database_url: str):
    site = Site(database_url)
    with site.served(), Asking(site) as blog:
        conversation = site.hear(LATE)
        ready = threading.Barrier(4)

        def ask(_: int) -> int:
            with httpx.Client(base_url=site.address + API, headers=blog.client.headers, timeout=30) as client:
                ready.wait(timeout=30)
                headers = {"Idempotency-Key": "race"}
                return client.post(
                    f"/conversations/{conversation}/notes", json={"text": "Une."}, headers=headers
                ).status_code

        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(pool.map(ask, range(4)))

        assert set(statuses) <= {201, 409}
        assert statuses[0] == 201
        assert len(site.seen(conversation).notes) == 1
        assert blog.post(f"/conversations/{conversation}/notes", {"text": "Une."}, key="race").status_code == 201


def test_a_key_is_free_again_after_a_day_and_one_whose_process_died_after_a_while(database_url: str):
    site = Site(database_url)
    with site.served():
        token, _ = make_token(site.desk, "blog", scopes=[Scope.LABELS_WRITE], by=SETTER_UP)
        store, now = site.desk.store, site.clock()
        assert repeats.begin(store, token.id, "done", "d", now=now) is None
        repeats.end(store, token.id, "done", answer=repeats.KeptAnswer(200, "{}"))
        assert repeats.begin(store, token.id, "died", "d", now=now) is None

        with pytest.raises(repeats.KeyInUse):
            repeats.begin(store, token.id, "died", "d", now=now + timedelta(minutes=4))
        kept = repeats.begin(store, token.id, "done", "d", now=now + timedelta(hours=23))

        assert kept == repeats.KeptAnswer(200, "{}")
        assert repeats.begin(store, token.id, "died", "d", now=now + timedelta(minutes=6)) is None
        assert repeats.begin(store, token.id, "done", "d", now=now + timedelta(hours=25)) is None


def test_a_token_may_be_used_for_its_scopes_alone_and_not_once_it_is_revoked(site: Site):
    with Asking(site, "narrow", Scope.MESSAGES_WRITE) as narrow:
        taken = narrow.post(f"/channels/{a_channel()}/messages", a_row())
        read = narrow.get("/conversations")
        me = narrow.get("/token").json()
        revoke_token(site.desk, "Narrow", by=SETTER_UP)
        after = narrow.get("/token")

    assert (taken.status_code, read.status_code, after.status_code) == (201, 403, 401)
    assert me == {"name": "narrow", "brand": "loriot", "scopes": ["messages:write"]}
    assert problem_in(read)["scope"] == "conversations:read"
    assert problem_in(after)["detail"].startswith("This takes a token that works")
    assert after.headers["WWW-Authenticate"] == 'Bearer realm="vigie"'
    kept = next(one for one in list_tokens(site.desk) if one.name == "narrow")
    assert (kept.used_at is not None, kept.revoked_at is not None) == (True, True)


@pytest.mark.parametrize("given", ["", "Basic dmc6dmc=", "Bearer", "Bearer vg_", "Bearer vg_wrong", "Bearer \xff\xfe"])
def test_whoever_proves_no_token_is_let_into_nothing(site: Site, given: str):
    headers = {b"authorization": given.encode("latin-1")}

    answer = httpx.get(f"{site.address}{API}/conversations", headers=headers)

    assert (answer.status_code, problem_in(answer)["type"]) == (401, "urn:vigie:problem:unproven")


def test_a_token_is_not_taken_from_the_address(site: Site, blog: Asking):
    answer = httpx.get(f"{site.address}{API}/token", params={"access_token": blog.secret})

    assert answer.status_code == 401


def test_a_secret_is_never_kept(sqlite_url: str):
    site = Site(sqlite_url)
    with site.served(), Asking(site) as blog:
        assert blog.get("/token").status_code == 200
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        stored = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))

    assert b"loriot" in stored
    assert blog.secret.encode() not in stored
    assert len(blog.secret) > 40


@pytest.mark.parametrize(
    ("path", "body", "media_type", "status"),
    [
        ("/classify", b"[1,", "application/json", 422),
        ("/classify", b'{"texts": ["a\\u0000b"]}', "application/json", 422),
        ("/classify", b'{"texts": ["\\ud800"]}', "application/json", 422),
        ("/classify", b'{"te\\udfffxts": ["x"]}', "application/json", 422),
        ("/classify", b'{"texts": ["x"], "textes": 1}', "application/json", 422),
        ("/classify", b'"\xff"', "application/json", 400),
        ("/classify", b"[" * 200_000, "application/json", 400),
        ("/classify", b'{"texts": [' + b"9" * 5_000 + b"]}", "application/json", 400),
        ("/classify", b"texts=x", "application/x-www-form-urlencoded", 415),
        ("/classify", b'{"texts": ["x"]}', "text/plain", 415),
        ("/channels/blog/messages/stream", b"{}", "application/json", 415),
        ("/channels/UPPER/messages", b"{}", "application/json", 404),
        ("/channels/a%2Fb/messages", b"{}", "application/json", 404),
        ("/classify", b"x" * 10_000_001, "application/json", 413),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(blog: Asking, path: str, body: bytes, media_type: str, status: int):
    answer = blog.client.post(path, content=body, headers={"content-type": media_type})

    assert (answer.status_code, problem_in(answer)["status"]) == (status, status)


def test_hostile_lines_are_refused_each_and_stop_no_other(site: Site, blog: Asking):
    channel = a_channel()
    good = json.dumps(a_row(), ensure_ascii=False).encode()
    lines = [
        b"\xef\xbb\xbf" + good,
        b"",
        b"\xff\xff",
        b"[]",
        b"[" * 100_000,
        b"x" * 1_500_000,
        json.dumps(a_row(2, text="a\0b")).encode(),
        json.dumps(a_row(3, sent_at="yesterday")).encode(),
        json.dumps(a_row(4, author=" ")).encode(),
        b'{"external_i\\ud800d": "x"}',
        json.dumps(a_row(5)).encode() + b"\r",
        json.dumps(a_row(6)).encode(),
    ]

    answer = blog.client.post(f"/channels/{channel}/messages/stream", content=b"\n".join(lines), headers=LINES)

    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [(one["line"], one["status"]) for one in told[:-1]] == [
        (1, "created"),
        *((number, "refused") for number in range(3, 11)),
        (11, "created"),
        (12, "created"),
    ]
    assert told[-1] == {"created": 3, "skipped": 0, "refused": 8}


def test_an_address_that_is_not_there_and_a_method_that_is_not_are_told_as_problems(blog: Asking):
    nowhere = blog.get("/nowhere")
    wrong = blog.client.get("/drafts/1")

    assert (nowhere.status_code, problem_in(nowhere)["type"]) == (404, "urn:vigie:problem:not-found")
    assert (wrong.status_code, problem_in(wrong)["type"]) == (405, "urn:vigie:problem:method")
    assert wrong.headers["Allow"] == "DELETE, PATCH"


def test_problems_are_told_in_the_language_that_is_asked_for(blog: Asking):
    answer = blog.client.get("/conversations/999999", headers={"accept-language": "fr"})

    assert problem_in(answer)["detail"] != problem_in(blog.get("/conversations/999999"))["detail"]


def test_rules_are_tried_and_texts_labelled_and_nothing_is_kept(site: Site, blog: Asking):
    with site.desk.store.read() as books:
        before = books.summary()

    tried = blog.post("/rules/test", {"text": LATE, "lang": "fr"}).json()
    labelled = blog.post("/classify", {"texts": [LATE, ""], "explain": True}).json()["predictions"]

    assert Label.COMPLAINT in tried["prediction"]["labels"]
    assert tried["because"]
    assert {rule["rule"] for rule in tried["trace"] if rule["held"]} >= set(tried["because"])
    assert [one["labels"] for one in labelled] == [["complaint"], []]
    assert labelled[0]["reasons"]["complaint"]
    with site.desk.store.read() as books:
        assert books.summary() == before


def test_a_token_that_asks_too_often_is_told_when_to_ask_again(sqlite_url: str):
    site = Site(sqlite_url, asks_per_minute=12)
    with site.served(), Asking(site) as blog, Asking(site, "other") as other:
        statuses = [blog.get("/token").status_code for _ in range(3)]
        refused = blog.get("/token")

        assert statuses == [200, 200, 429]
        assert (refused.status_code, problem_in(refused)["type"]) == (429, "urn:vigie:problem:too-many")
        assert 1 <= int(refused.headers["Retry-After"]) <= 5
        assert other.get("/token").status_code == 200


def test_a_bucket_fills_steadily_and_never_overflows():
    now = 0.0
    buckets = Buckets(60, clock=lambda: now)
    at_once = [buckets.take(1) for _ in range(11)]
    now = 1.0
    later = buckets.take(1)
    now = 10_000.0
    full = [buckets.take(1) for _ in range(11)]

    assert at_once == [0] * 10 + [1.0]
    assert later == 0
    assert full == [0] * 10 + [1.0]


def test_the_page_of_the_api_names_every_act_and_loads_nothing_from_elsewhere(site: Site, blog: Asking):
    page = httpx.get(f"{site.address}{API}/").text
    described = httpx.get(f"{site.address}{API}/openapi.json").json()

    assert all(path in page for path in described["paths"])
    assert "<script" not in page
    assert "//" not in page.replace(site.address, "").replace("https://vigie", "")
