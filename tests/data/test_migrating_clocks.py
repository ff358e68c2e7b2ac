"""The revision that lets calls be about any conversation keeps every call, and how it stands on its board."""

from __future__ import annotations

from sqlalchemy import text

from data.engine import make_engine
from data.migrate import upgrade
from data.store import open_store

BEFORE, AFTER = "0010", "0011"


def test_calls_made_before_are_there_after_with_their_posts(empty_url: str):
    upgrade(empty_url, to=BEFORE)
    engine = make_engine(empty_url)
    with engine.begin() as connection:
        no = "false" if engine.dialect.name == "postgresql" else "0"
        moment = "'2026-06-10 12:00:00.000000'"
        for statement in (
            "INSERT INTO brand (id, key) VALUES (1, 'Loriot')",
            "INSERT INTO channel_account (id, brand_id, kind, name, settings, may_train) "
            f"VALUES (1, 1, 'telegram', 'telegram', '{{}}', {no})",
            f"INSERT INTO contact (id, brand_id, name, created_at) VALUES (1, 1, 'Camille', {moment})",
            "INSERT INTO conversation (id, brand_id, channel_account_id, thread, contact_id, visibility, status, "
            "priority, priority_parts, scores, waiting_since, last_message_at) VALUES "
            f"(1, 1, 1, 't', 1, 'public', 'open', 0, '{{}}', '{{}}', {moment}, {moment})",
            "INSERT INTO escalation (id, brand_id, conversation_id, queue, severity, opened_at, first_response_due_at, "
            f"resolution_due_at, climbed) VALUES (1, 1, 1, 'sav', 'high', {moment}, {moment}, {moment}, 1)",
            "INSERT INTO ping (id, brand_id, escalation_id, people, called_at) "
            f"VALUES (3, 1, 1, '[\"Léa\"]', {moment})",
            "INSERT INTO ping_post (id, brand_id, ping_id, board, external_id, attempts) "
            "VALUES (5, 1, 3, 'discord', 'c-1', 2)",
        ):
            connection.execute(text(statement))
    engine.dispose()

    report = upgrade(empty_url)

    assert AFTER in report.applied
    with open_store(empty_url, brand="Loriot") as store, store.read() as books:
        (kept,) = books.pings_on("discord")
    assert (kept.ping_id, kept.people, kept.external_id, kept.attempts) == (3, ("Léa",), "c-1", 2)
    assert (kept.conversation_id, kept.queue, kept.rule) == (1, "sav", None)
