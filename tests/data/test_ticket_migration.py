"""Tickets that were open before help desks were asked: they are asked after, and known as far as they were told."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from data.engine import make_engine
from data.migrate import upgrade
from data.store import open_store
from inbox.views import SendState, TicketStatus
from tests.data.test_migrating import LIVE_AT_0001

OPENED = datetime(2026, 6, 10, 12, 5, tzinfo=UTC)
LIVE_AT_0006 = (
    "INSERT INTO message (id, brand_id, conversation_id, channel_account_id, external_id, is_ours, kind, visibility, "
    "text, version, sent_at, received_at) VALUES (2, 1, 1, 1, '2', false, 'comment', 'public', 'Allô ?', 1, "
    "'2026-06-10 12:30:00', '2026-06-10 12:30:00')",
    "INSERT INTO escalation (id, brand_id, conversation_id, queue, severity, opened_at, first_response_due_at, "
    "resolution_due_at) VALUES (1, 1, 1, 'customer-service', 'high', '2026-06-10 12:00:00', '2026-06-10 14:00:00', "
    "'2026-06-11 14:00:00')",
    "INSERT INTO outbox (id, brand_id, conversation_id, channel_account_id, message_version, kind, text, lang, "
    "idempotency_key, actor_kind, actor_name, queued_at, not_before, attempts, state) VALUES (1, 1, 1, 1, 0, "
    "'ticket', '', 'fr', 'ticket:1', 'rule', 'late', '2026-06-10 12:00:00', '2026-06-10 12:00:20', 1, 'sent')",
    "INSERT INTO ticket (id, brand_id, escalation_id, outbox_id, desk, key, status, external_id, opened_at) VALUES "
    "(1, 1, 1, 1, 'support', 'vigie-1-a', 'open', '42', '2026-06-10 12:05:00')",
)
"""Rows as a program of revision 0006 wrote them; never changed with the tables."""


def test_f69_a_ticket_of_before_is_asked_after_and_what_came_since_is_added(empty_url: str):
    for revision, statements in (("0001", LIVE_AT_0001), ("0006", LIVE_AT_0006)):
        upgrade(empty_url, to=revision)
        engine = make_engine(empty_url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    upgrade(empty_url)

    with open_store(empty_url, brand="Loriot") as store, store.begin() as books:
        (due,) = books.claim_tickets(now=OPENED, limit=9, lease=OPENED - OPENED)
        books.keep_additions(1, now=OPENED)
        view = books.conversation(1)
        # Both messages wait for triage: what is not triaged is left to it.
        assert view is not None
        assert [(send.kind, send.channel, send.state) for send in view.sends] == [("ticket", "support", SendState.SENT)]
    assert (due.external_id, due.status, due.assignee) == ("42", TicketStatus.OPEN, None)
    assert due.opened_at == OPENED
    engine = make_engine(empty_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT told_to FROM ticket")).scalar_one() == 1
    engine.dispose()
