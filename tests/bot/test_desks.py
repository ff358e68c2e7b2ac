"""Each help desk on its own: what it is asked, what its refusals come to, what is completed later."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError

from bot.desks.answers import plain
from bot.desks.chatwoot import KEY, ChatwootDesk, identifier_of
from bot.desks.mail import MailDesk
from bot.desks.signing import SIGNATURE, TIMESTAMP
from bot.desks.webhook import WebhookDesk
from bot.desks.zammad import ZammadDesk
from bot.desks.zendesk import ZendeskDesk
from inbox.errors import SendFailed
from inbox.model import Label, Severity
from inbox.tickets import MOST_LINES, Addition, Opened, Ticket, TicketLine, told, told_more
from inbox.views import TicketStatus
from tests.builders import AClock
from tests.end_to_end.helpdesks import ASKED, HelpDeskWorld, OnChatwoot, OnMail, OnWebhook, OnZammad, OnZendesk
from tests.fakes.desks import LEILA, PAUL, FakeWebhook
from tests.inbox.builders import NOON

SPEC = Path(__file__).parents[3] / "shared" / "specs" / "chatwoot-application-api.yml"
SECOND = timedelta(seconds=1)


def a_ticket(**changes: Any) -> Ticket:
    made = Ticket(
        key="vigie-7-0123456789ab",
        customer="Camille Rousseau",
        customer_id="42",
        channel="discord",
        conversation_id=12,
        queue="customer-service",
        severity=Severity.HIGH,
        first_response_due_at=NOON,
        lines=(
            TicketLine(NOON, "Camille Rousseau", False, "Toujours rien reçu !\nQue faites-vous ?", ("photo.jpg",)),
            TicketLine(NOON + SECOND, "Inès", True, "Nous regardons."),
        ),
        labels=(Label.COMPLAINT,),
        tags=("bug",),
        permalink="https://discord.com/channels/1/2/3",
    )
    return replace(made, **changes)


def an_addition(**changes: Any) -> Addition:
    made = Addition(
        key="vigie-7-0123456789ab-31",
        ticket="101",
        ticket_key="vigie-7-0123456789ab",
        status=TicketStatus.OPEN,
        customer="Camille Rousseau",
        customer_id="42",
        channel="discord",
        line=TicketLine(NOON, "Camille Rousseau", False, "Et alors ?\n<b>Réponse</b> ?"),
        permalink="https://discord.com/channels/1/2/4",
    )
    return replace(made, **changes)


@pytest.fixture(params=ASKED, ids=lambda world: world.name)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[HelpDeskWorld]:
    async with request.param() as server:
        yield server


@pytest.fixture
async def desk(world: HelpDeskWorld) -> AsyncIterator[Any]:
    made = world.desk()
    yield made
    await made.close()


@pytest.fixture
async def chatwoot() -> AsyncIterator[OnChatwoot]:
    async with OnChatwoot() as server:
        yield server


@pytest.fixture
async def zammad() -> AsyncIterator[OnZammad]:
    async with OnZammad() as server:
        yield server


def test_a_ticket_is_told_in_plain_text():
    assert told(a_ticket(), str).splitlines() == [
        "Customer: Camille Rousseau (42 on discord)",
        "Severity: high",
        "First answer due: 2026-06-10 12:00 UTC",
        "Labels: complaint",
        "Message: https://discord.com/channels/1/2/3",
        "In Vigie: conversation 12, queue customer-service",
        "",
        "2026-06-10 12:00 UTC · Camille Rousseau",
        "    Toujours rien reçu !",
        "    Que faites-vous ?",
        "    [file: photo.jpg]",
        "2026-06-10 12:00 UTC · Inès (for the brand)",
        "    Nous regardons.",
    ]


def test_what_a_transcript_has_no_room_for_is_counted():
    assert f"{MOST_LINES} earlier messages are in Vigie." in told(a_ticket(earlier=MOST_LINES), str)


def test_a_subject_is_one_line_of_bearable_length():
    endless = a_ticket(lines=(TicketLine(NOON, "Camille", False, "Au secours,\nça brûle ! " * 50),))

    assert len(endless.subject) <= 120
    assert "\n" not in endless.subject
    assert a_ticket(lines=()).subject == "Camille Rousseau (discord)"


async def test_what_was_not_opened_is_not_found(world: HelpDeskWorld, desk: Any):
    await desk.open_ticket(a_ticket(key="vigie-8-another00000"))

    assert await desk.find_ticket(a_ticket()) is None


async def test_what_was_opened_is_found_by_its_key(world: HelpDeskWorld, desk: Any):
    opened = await desk.open_ticket(a_ticket())
    await desk.open_ticket(a_ticket(key="vigie-8-another00000"))

    assert await desk.find_ticket(a_ticket()) == opened
    assert opened.url == world.filed()[0].url


async def test_a_connection_that_was_closed_is_made_anew(world: HelpDeskWorld, desk: Any):
    await desk.open_ticket(a_ticket())
    await desk.close()

    assert await desk.find_ticket(a_ticket()) is not None


@pytest.mark.parametrize(
    ("refusal", "told_as"),
    [
        ((422, {"error": "x", "error_human": "Pas de groupe"}, {}), "support refuses this: 422: Pas de groupe x"),
        ((400, {"errors": [{"field": "email", "message": "is wrong"}]}, {}), "refuses this: 400: email: is wrong"),
        ((400, None, {}), "support refuses this: 400"),
        ((404, {"error": "gone"}, {}), "support finds nothing at "),
        ((301, None, {"Location": "https://new.example"}), "sends us on to https://new.example"),
        ((200, "<html>a proxy</html>", {}), "support answers with something else than its API does"),
        ((200, {"what": "else"}, {}), "support has answered in a way that we do not understand"),
        ((201, [], {}), "support has answered in a way that we do not understand"),
    ],
)
async def test_what_another_attempt_cannot_help_is_given_up_with_a_reason(
    world: HelpDeskWorld, desk: Any, refusal: tuple[int, Any, dict[str, str]], told_as: str
):
    status, says, headers = refusal
    world.fail_next(*world.creating, status=status, says=says, **headers)

    with pytest.raises(SendFailed) as refused:
        await desk.open_ticket(a_ticket())

    assert told_as in str(refused.value)
    assert refused.value.permanent
    assert refused.value.outcome_unknown is (status < 300)


async def test_a_help_desk_that_is_out_of_reach_has_opened_nothing(world: HelpDeskWorld):
    async with type(world)() as away:
        desk = away.desk()
    with pytest.raises(SendFailed, match="out of reach") as refused:
        await desk.open_ticket(a_ticket())
    await desk.close()

    assert (refused.value.permanent, refused.value.outcome_unknown) == (False, False)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [("7", 7 * SECOND), ("Wed, 21 Oct 2015 07:28:00 GMT", SECOND), ("soon", 60 * SECOND), ("999999", 21_600 * SECOND)],
)
async def test_the_wait_that_a_help_desk_asks_for_is_kept(world: HelpDeskWorld, desk: Any, asked: str, wait: timedelta):
    world.fail_next(*world.creating, status=429, Retry_After=asked)

    with pytest.raises(SendFailed) as refused:
        await desk.open_ticket(a_ticket())

    assert refused.value.retry_after == wait


async def test_zammad_gets_a_note_that_is_sent_to_nobody(zammad: OnZammad):
    desk = zammad.desk()
    await desk.open_ticket(a_ticket(severity=Severity.CRITICAL, tags=("a,b",)))
    await desk.close()

    (asked,) = zammad.calls("POST", "/tickets")
    assert asked["article"]["type"] == "note"
    assert asked["customer"]["login"] == "vigie-discord-42"
    assert asked["tags"] == "vigie-7-0123456789ab,vigie,discord,complaint,a b,urgent"


async def test_a_customer_of_zammad_is_made_once(zammad: OnZammad):
    desk = zammad.desk()
    await desk.open_ticket(a_ticket())
    await desk.open_ticket(a_ticket(key="vigie-8-another00000"))
    await desk.close()

    assert list(zammad.users) == ["vigie-discord-42"]


async def test_a_group_that_zammad_does_not_have_is_said(zammad: OnZammad):
    desk = ZammadDesk("support", zammad.url, zammad.token, group="Ailleurs", put=str)
    with pytest.raises(SendFailed, match="No lookup value found for 'group'"):
        await desk.open_ticket(a_ticket())
    await desk.close()


async def test_chatwoot_gets_the_contact_the_conversation_with_our_key_and_the_transcript(chatwoot: OnChatwoot):
    desk = chatwoot.desk()
    await desk.open_ticket(a_ticket())
    await desk.close()

    (conversation,) = chatwoot.conversations
    (contact,) = chatwoot.contacts
    asked = [
        (one.method, one.path.removeprefix("/api/v1/accounts/1"), one.body)
        for one in chatwoot.exchanges
        if one.method == "POST"
    ]
    assert asked == [
        ("POST", "/contacts", {"inbox_id": 4, "name": "Camille Rousseau", "identifier": "vigie:discord:42"}),
        (
            "POST",
            "/conversations",
            {
                "source_id": f"source-{contact}",
                "inbox_id": 4,
                "contact_id": contact,
                "status": "open",
                "custom_attributes": {"vigie_key": "vigie-7-0123456789ab"},
                "additional_attributes": {
                    "subject": a_ticket().subject,
                    "link": "https://discord.com/channels/1/2/3",
                },
            },
        ),
        (
            "POST",
            f"/conversations/{conversation}/messages",
            {"content": told(a_ticket(), str), "message_type": "incoming", "private": False},
        ),
        (
            "POST",
            f"/conversations/{conversation}/labels",
            {"labels": ["vigie", "discord", "complaint", "bug"]},
        ),
        ("POST", f"/conversations/{conversation}/toggle_priority", {"priority": "high"}),
    ]
    assert all(one.headers["api_access_token"] == chatwoot.token for one in chatwoot.exchanges)


@pytest.mark.parametrize("as_served", [False, True], ids=["as described", "as served"])
async def test_a_contact_of_chatwoot_is_made_once(as_served: bool):
    async with OnChatwoot(as_served=as_served) as chatwoot:
        desk = chatwoot.desk()
        await desk.open_ticket(a_ticket())
        await desk.open_ticket(a_ticket(key="vigie-8-another00000"))
        await desk.close()

        assert len(chatwoot.contacts) == 1
        assert {one["custom_attributes"][KEY] for one in chatwoot.conversations.values()} == {
            "vigie-7-0123456789ab",
            "vigie-8-another00000",
        }


async def test_a_contact_of_another_inbox_of_chatwoot_is_let_into_ours(chatwoot: OnChatwoot):
    chatwoot.leave_inbox(identifier_of(a_ticket()))
    desk = chatwoot.desk()

    await desk.open_ticket(a_ticket())
    await desk.close()

    assert len(chatwoot.contacts) == len(chatwoot.conversations) == 1


@pytest.mark.parametrize("ending", ["/messages", "/labels", "/toggle_priority"])
@pytest.mark.parametrize("status", [503, 422, 429, None])
async def test_a_conversation_of_chatwoot_that_was_left_half_done_is_completed_where_it_is_found(
    chatwoot: OnChatwoot, ending: str, status: int | None
):
    desk = chatwoot.desk()
    if status is None:
        chatwoot.lose_answer("POST", ending)
    else:
        chatwoot.fail_next("POST", ending, status=status)
    with pytest.raises(SendFailed) as failed:
        await desk.open_ticket(a_ticket())

    found = await desk.find_ticket(a_ticket())
    await desk.close()

    assert failed.value.outcome_unknown
    assert found is not None
    (filed,) = chatwoot.filed()
    assert filed.text == told(a_ticket(), str)
    assert filed.labels == {"vigie", "discord", "complaint", "bug"}
    assert filed.priority == "high"
    assert len(chatwoot.messages[int(found.external_id)]) == 1


@pytest.mark.parametrize(
    ("inbox", "kind", "says"),
    [
        (9, "Channel::Api", "there is no inbox 9 that this token may see"),
        (4, "Channel::Email", "the inbox Vigie is not of the kind API: make one that is"),
    ],
)
async def test_an_inbox_of_chatwoot_that_will_not_do_is_said(chatwoot: OnChatwoot, inbox: int, kind: str, says: str):
    listed = {"payload": [{"id": 4, "name": "Vigie", "channel_type": kind}]}
    chatwoot.fail_next("GET", "/inboxes", status=200, says=listed)
    desk = ChatwootDesk("support", chatwoot.url, chatwoot.token, account=1, inbox=inbox, put=str)

    (remark,) = await desk.examine()
    await desk.close()

    assert (remark.is_well, str(remark.sentence)) == (False, says)


async def test_a_token_that_is_refused_is_said_at_once(world: HelpDeskWorld):
    desk: Any = world.desk()
    type(world).token, right = "another", world.token
    try:
        with pytest.raises(SendFailed, match="refuses our token") as refused:
            await desk.open_ticket(a_ticket())
    finally:
        type(world).token = right
        await desk.close()

    assert refused.value.permanent


async def test_zendesk_says_so_where_it_takes_us_for_a_stranger():
    async with OnZendesk() as zendesk:
        desk = ZendeskDesk("support", zendesk.url, "wrong", email=zendesk.email, put=str)
        (remark,) = await desk.examine()
        await desk.close()

    assert (remark.is_well, str(remark.sentence)) == (False, "the address and the token are not those of an agent")


async def test_zendesk_gets_a_comment_that_is_sent_to_nobody():
    async with OnZendesk() as zendesk:
        desk = zendesk.desk()
        await desk.open_ticket(a_ticket(tags=("two words",)))
        await desk.close()

        (asked,) = zendesk.calls("POST", "/tickets.json")
        assert asked["ticket"]["comment"]["public"] is False
        assert asked["ticket"]["tags"] == ["vigie", "discord", "complaint", "two_words"]
        assert zendesk.exchanges[-1].headers["Idempotency-Key"] == "vigie-7-0123456789ab"


async def test_a_webhook_is_signed_over_its_moment_and_its_bytes():
    async with OnWebhook() as webhook:
        desk = webhook.desk()
        opened = await desk.open_ticket(a_ticket())
        again = await desk.open_ticket(a_ticket())
        await desk.close()

        exchange = webhook.exchanges[0]
        expected = hmac.new(
            webhook.token.encode(), exchange.headers[TIMESTAMP].encode() + b"." + exchange.raw, hashlib.sha256
        )
        assert exchange.headers[SIGNATURE] == f"sha256={expected.hexdigest()}"
        assert exchange.headers["Idempotency-Key"] == "vigie-7-0123456789ab"
        assert (opened, again) == (Opened("T-1", "https://desk.example/vigie-7-0123456789ab"), opened)
        assert exchange.body["messages"][0]["text"] == "Toujours rien reçu !\nQue faites-vous ?"
        assert exchange.body["link"] == "https://discord.com/channels/1/2/3"


async def test_a_webhook_that_says_nothing_calls_a_ticket_by_its_key():
    async with FakeWebhook(answers=False) as webhook:
        desk = WebhookDesk("support", webhook.url, webhook.token, put=str, clock=AClock())
        opened = await desk.open_ticket(a_ticket())
        await desk.close()

    assert opened == Opened("vigie-7-0123456789ab")


async def test_a_webhook_with_another_secret_refuses_us():
    async with FakeWebhook() as webhook:
        desk = WebhookDesk("support", webhook.url, "another", put=str, clock=AClock())
        with pytest.raises(SendFailed, match="refuses our token"):
            await desk.examine()
        await desk.close()


async def test_a_mail_is_named_by_the_key_and_answered_by_no_machine():
    async with OnMail() as mailbox:
        opened = await mailbox.desk().open_ticket(a_ticket())

    (mail,) = mailbox.mails.values()
    assert opened.external_id == mail["Message-ID"] == "<vigie-7-0123456789ab@loriot.example>"
    assert (mail["From"], mail["To"]) == ("vigie@loriot.example", "help@loriot.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Importance"] == "high"
    assert mail.get_content().splitlines() == told(a_ticket(), str).splitlines()


async def test_a_name_with_a_line_break_adds_no_line_to_the_head_of_a_mail():
    async with OnMail() as mailbox:
        await mailbox.desk().open_ticket(a_ticket(customer="Camille\r\nBcc: all@example.org\x00"))

    (mail,) = mailbox.mails.values()
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("says", "permanent", "told_as"),
    [
        ("550 No such user", True, "support refuses this: 550 No such user"),
        ("451 Try later", False, "support does not take mail now (451 Try later). It is tried again."),
    ],
)
async def test_a_refusal_of_a_mail_server_is_told(says: str, permanent: bool, told_as: str):
    async with OnMail() as mailbox:
        mailbox.refuse_next(says)
        with pytest.raises(SendFailed) as refused:
            await mailbox.desk().open_ticket(a_ticket())

    assert (str(refused.value), refused.value.permanent) == (told_as, permanent)
    assert not refused.value.outcome_unknown


async def test_a_mail_server_that_hangs_up_may_have_taken_the_mail():
    async with OnMail() as mailbox:
        mailbox.lose_next()
        with pytest.raises(SendFailed) as failed:
            await mailbox.desk().open_ticket(a_ticket())

    assert (failed.value.permanent, failed.value.outcome_unknown) == (False, True)


@pytest.mark.parametrize(("scheme", "says"), [("smtp", "does not offer what is needed"), ("smtps", "is out of reach")])
async def test_a_mail_server_without_encryption_gets_no_mail_unless_that_is_asked_for(scheme: str, says: str):
    async with OnMail() as mailbox:
        url = mailbox.url.replace("smtp+plain", scheme)
        desk = MailDesk(
            "support", url, sender="a@b.example", to="c@d.example", user=None, password=None, put=str, clock=AClock()
        )
        with pytest.raises(SendFailed, match=says):
            await desk.open_ticket(a_ticket())

    assert mailbox.mails == {}


# --- what is added to a ticket, and what comes back ---


async def test_an_addition_is_found_again_by_its_key_and_not_by_that_of_another(world: Any, desk: Any):
    ticket = (await desk.open_ticket(a_ticket())).external_id
    before = await desk.find_added(an_addition(ticket=ticket))
    added = await desk.add(an_addition(ticket=ticket))
    await desk.add(an_addition(ticket=ticket, key="vigie-7-0123456789ab-32"))

    assert before is None
    assert await desk.find_added(an_addition(ticket=ticket)) == added
    assert await desk.find_added(an_addition(ticket=ticket, key="vigie-7-0123456789ab-3")) is None


async def test_an_addition_is_told_word_for_word(world: Any, desk: Any):
    ticket = (await desk.open_ticket(a_ticket())).external_id
    await desk.add(an_addition(ticket=ticket))

    (text,) = world.told_later()
    assert text.startswith(told_more(an_addition(), str))


async def test_an_addition_to_a_ticket_that_is_gone_is_refused_for_good(world: Any, desk: Any):
    with pytest.raises(SendFailed, match="finds nothing at") as refused:
        await desk.add(an_addition(ticket="999"))

    assert refused.value.permanent


async def test_an_addition_far_down_a_long_ticket_is_found(world: Any, desk: Any):
    ticket = (await desk.open_ticket(a_ticket())).external_id
    for number in range(130):
        world.says(int(ticket), f"Réponse {number}")
    added = await desk.add(an_addition(ticket=ticket))

    assert await desk.find_added(an_addition(ticket=ticket)) == added


async def test_f69_what_an_agent_says_to_the_customer_comes_back_and_what_is_internal_does_not(world: Any, desk: Any):
    ticket = (await desk.open_ticket(a_ticket())).external_id
    await desk.add(an_addition(ticket=ticket))
    world.says(int(ticket), "Client pénible, attention.", by=LEILA, internal=True)
    world.says(int(ticket), "Nous cherchons.", by=LEILA)
    world.says(int(ticket), "Votre colis repart demain.")
    world.stands(int(ticket), "pending", by=LEILA)

    news = await desk.read_ticket(ticket)
    known = await desk.read_ticket(ticket, told=frozenset({news.answers[0].id}))

    assert (news.ticket, news.status, news.assignee) == (ticket, TicketStatus.PENDING, LEILA)
    assert [(one.by, one.text) for one in news.answers] == [
        (LEILA, "Nous cherchons."),
        (PAUL, "Votre colis repart demain."),
    ]
    assert [one.text for one in known.answers] == ["Votre colis repart demain."]


@pytest.mark.parametrize("status", ["open", "pending", "solved"])
async def test_f69_how_a_ticket_stands_is_said_in_our_words(world: Any, desk: Any, status: str):
    ticket = (await desk.open_ticket(a_ticket())).external_id
    world.stands(int(ticket), status, by=None)

    news = await desk.read_ticket(ticket)

    assert (news.status, news.assignee) == (TicketStatus(status), None)


async def test_a_ticket_that_is_gone_is_said(world: Any, desk: Any):
    with pytest.raises(SendFailed, match="finds nothing at"):
        await desk.read_ticket("999")


@pytest.mark.parametrize("said", [{}, [], {"ticket": {}}, {"status": None, "state": None, "updated_at": "soon"}])
async def test_what_a_help_desk_says_in_another_way_is_told_and_believed_in_nothing(
    world: HelpDeskWorld, desk: Any, said: Any
):
    ticket = (await desk.open_ticket(a_ticket())).external_id
    world.fail_next("GET", f"/{ticket}.json" if world.name == "zendesk" else f"/{ticket}", status=200, says=said)

    with pytest.raises(SendFailed, match="in a way that we do not understand"):
        await desk.read_ticket(ticket)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Bonjour&nbsp;!</p><p>C&#39;est r&eacute;gl&eacute;.</p>", "Bonjour !\n\nC'est réglé."),
        ("Un<br>deux<br/>trois", "Un\ndeux\ntrois"),
        ("<ul><li>un</li><li>deux</li></ul>", "un\n\ndeux"),
        ("Oui<blockquote>Toujours rien <b>reçu</b></blockquote>", "Oui"),
        ("Oui<div data-signature='true'>-- <br>Paul</div>", "Oui"),
        ("<style>p { color: red }</style><script>alert(1)</script>Oui", "Oui"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("<div>a\nb</div>", "a b"),
        ("<b>jamais fermé", "jamais fermé"),
        ("</div></div>Oui", "Oui"),
    ],
)
def test_what_is_written_in_html_is_read_as_words(html: str, text: str):
    assert plain(html) == text


@given(st.text(max_size=200))
def test_whatever_html_comes_is_read(html: str):
    assert isinstance(plain(html), str)


# --- Chatwoot's own description of its API ---


@pytest.fixture(scope="module")
def described() -> Any:
    if not SPEC.is_file():
        pytest.skip(f"Chatwoot's description is not here: {SPEC}")
    # It calls itself 3.0 and has a type of 3.1 where we do not come by: the description is not checked itself.
    return OpenAPI.from_file_path(str(SPEC), config=Config(spec_validator_cls=None))


class _Request:
    """One exchange with the fake as openapi-core asks for it."""

    content_type = "application/json"

    def __init__(self, exchange: Any) -> None:
        self.host_url = "https://app.chatwoot.com"
        self.path = exchange.path
        self.method = exchange.method.lower()
        self.body = exchange.raw or None
        self.parameters = RequestParameters(query=dict(exchange.query), header=dict(exchange.headers))


class _Response:
    content_type = "application/json"

    def __init__(self, exchange: Any) -> None:
        self.status_code = exchange.status
        self.data = None if exchange.answer is None else json.dumps(exchange.answer).encode()
        self.headers = {"Content-Type": self.content_type}


async def test_f68_what_chatwoot_is_asked_and_what_the_fake_answers_are_as_chatwoot_describes_them(
    chatwoot: OnChatwoot, described: Any
):
    desk = chatwoot.desk()
    await desk.examine()
    await desk.open_ticket(a_ticket())
    await desk.find_ticket(a_ticket())
    chatwoot.leave_inbox(identifier_of(a_ticket(customer_id="43")))
    opened = await desk.open_ticket(a_ticket(key="vigie-9-elsewhere000", customer_id="43"))
    chatwoot.says(int(opened.external_id), "Votre colis repart demain.")
    chatwoot.stands(int(opened.external_id), "solved")
    await desk.read_ticket(opened.external_id)
    await desk.add(an_addition(ticket=opened.external_id))
    await desk.find_added(an_addition(ticket=opened.external_id))
    await desk.close()

    asked = {(one.method, one.path.rpartition("/")[2]) for one in chatwoot.exchanges}
    assert {what for _, what in asked} >= {
        "inboxes",
        "search",
        "contacts",
        "contact_inboxes",
        "conversations",
        "messages",
        "labels",
        "toggle_priority",
    }
    weighed = next(one for one in chatwoot.exchanges if one.path.endswith("/toggle_priority"))
    wrong = replace(weighed, raw=b'{"priority": "very"}')
    with pytest.raises(OpenAPIError):
        described.validate_request(_Request(wrong))
    for exchange in chatwoot.exchanges:
        described.validate_request(_Request(exchange))
        if exchange.answer is not None:
            described.validate_response(_Request(exchange), _Response(exchange))
