"""How soon the list of the inbox is there over a large store: a whole request over HTTP, on each database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any

import httpx
from rich.table import Table
from sqlalchemy import Table as Rows
from sqlalchemy import select

from data.engine import make_engine
from data.many import insert_many
from data.migrate import upgrade
from data.store import open_store
from data.tables import (
    brand,
    channel_account,
    contact,
    conversation,
    conversation_label,
    conversation_tag,
    message,
)
from data.transaction import Transaction
from inbox.model import Label, Status
from tests.web.sites import Site
from web.filters import Filters, write_spot

MESSAGES_EACH = 5
RARE, COMMON = "zanzibar", "bonjour"
_BATCH = 5_000
_NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
_CHANNELS = ("telegram", "discord", "instagram", "mail", "webhook", "import")
_LABELS = (Label.COMPLAINT.value, Label.PRAISE.value, Label.SALES_LEAD.value, Label.OFFENSIVE.value, "unsure")

ASKED: Mapping[str, Filters] = {
    "first page": Filters(),
    "complaints": Filters(label=Label.COMPLAINT.value),
    "offensive, resolved": Filters(label=Label.OFFENSIVE.value, status=Status.RESOLVED.value),
    "a channel": Filters(channel="mail"),
    "a queue": Filters(queue="sales"),
    "somebody's": Filters(assignee="Ines"),
    "nobody's": Filters(assignee="-"),
    "a tag of few": Filters(tag="presse", status="any"),
    "reviews": Filters(kind="review"),
    "private": Filters(visibility="private"),
    "a language": Filters(lang="de"),
    "a day": Filters(since="2026-11-20", until="2026-11-20"),
    "every status": Filters(status="any"),
    f"search of a common word ({COMMON})": Filters(q=COMMON, status="any"),
    f"search of a rare word ({RARE})": Filters(q=RARE, status="any"),
    "search of two words": Filters(q=f"{COMMON} {RARE}", status="any"),
    "search of a word nobody said": Filters(q="xylophone", status="any"),
    "search of a name": Filters(q="contact 4711", status="any"),
}


@dataclass(frozen=True, slots=True)
class _Made:
    """Rows to put in, table by table, in the order in which they refer to each other."""

    contacts: list[dict[str, Any]]
    conversations: list[dict[str, Any]]
    labels: list[dict[str, Any]]
    tags: list[dict[str, Any]]
    messages: list[dict[str, Any]]

    def tables(self) -> Iterator[tuple[Rows, list[dict[str, Any]]]]:
        yield contact, self.contacts
        yield conversation, self.conversations
        yield conversation_label, self.labels
        yield conversation_tag, self.tags
        yield message, self.messages


def fill(url: str, texts: Sequence[str], *, messages: int) -> None:
    """Have so many messages in a store: a tenth of the conversations open, most of the others resolved."""
    upgrade(url)
    with open_store(url, brand="loriot"):
        pass  # its brand is there now
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            tx = Transaction(connection, connection.scalar(select(brand.c.id).where(brand.c.key == "loriot")) or 0)
            accounts = [
                {"brand_id": tx.brand_id, "kind": name, "name": name, "settings": {}, "may_train": False}
                for name in _CHANNELS
            ]
            insert_many(tx, channel_account, accounts)
            ids = list(connection.scalars(select(channel_account.c.id).order_by(channel_account.c.id)))
            chance = Random(8)
            everybody, step = range(1, messages // MESSAGES_EACH + 1), _BATCH // MESSAGES_EACH
            for numbers in (everybody[start : start + step] for start in range(0, len(everybody), step)):
                for table, some in _made(tx.brand_id, ids, texts, numbers, chance).tables():
                    insert_many(tx, table, some)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if connection.dialect.name == "postgresql":
                # As autovacuum does in time; SQLite is left as it is used, without statistics.
                connection.exec_driver_sql("VACUUM ANALYZE")
                for table in (contact, conversation, message):
                    asked = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"
                    connection.exec_driver_sql(asked)
    finally:
        engine.dispose()


def _made(
    brand_id: int, accounts: Sequence[int], texts: Sequence[str], numbers: Sequence[int], chance: Random
) -> _Made:
    made = _Made([], [], [], [], [])
    for number in numbers:
        one = _conversation(brand_id, accounts, number, chance)
        made.contacts.append(
            {"id": number, "brand_id": brand_id, "name": f"Contact {number}", "created_at": one["waiting_since"]}
        )
        made.conversations.append(one)
        if one["status"] != Status.RESOLVED.value:
            share = (0.3, 0.3, 0.08, 0.05, 0.1)
            holds = [label for label, odds in zip(_LABELS, share, strict=True) if chance.random() < odds]
            made.labels.extend({"conversation_id": number, "label": label, "brand_id": brand_id} for label in holds)
        if number % 997 == 0:
            made.tags.append({"conversation_id": number, "tag": "presse", "brand_id": brand_id})
        made.messages.extend(
            _message(one, number * MESSAGES_EACH + place, chance.choice(texts), chance)
            for place in range(MESSAGES_EACH)
        )
    return made


def _conversation(brand_id: int, accounts: Sequence[int], number: int, chance: Random) -> dict[str, Any]:
    status = chance.choices([*Status], weights=[10, 5, 5, 80])[0]
    is_open = status is Status.OPEN
    priority = chance.choice((0, 5, 10, 25, 30, 40, 45, 50, 65, 95)) if is_open else 0
    at = _NOW - timedelta(seconds=chance.randrange(365 * 86_400))
    return {
        "id": number,
        "brand_id": brand_id,
        "channel_account_id": chance.choices(accounts, weights=[30, 25, 20, 10, 10, 5])[0],
        "thread": f"thread-{number}",
        "contact_id": number,
        "visibility": "private" if chance.random() < 0.3 else "public",
        "status": status.value,
        "priority": priority,
        "priority_parts": {"complaint": priority} if priority else {},
        "scores": {},
        "lang": chance.choices(("fr", "en", "de"), weights=[70, 28, 2])[0],
        "queue": chance.choices((None, "customer-service", "sales"), weights=[70, 25, 5])[0],
        "assignee": chance.choices((None, "Ines", "Omar"), weights=[80, 2, 18])[0],
        "waiting_since": at,
        "last_message_at": at + timedelta(minutes=MESSAGES_EACH),
    }


def _message(one: Mapping[str, Any], number: int, text: str, chance: Random) -> dict[str, Any]:
    begins = chance.random()
    said = f"{'Bonjour, ' if begins < 0.3 else ''}{text}{' Zanzibar' if begins > 0.9999 else ''}"
    place = number % MESSAGES_EACH
    at = one["waiting_since"] + timedelta(minutes=place)
    return {
        "id": number,
        "brand_id": one["brand_id"],
        "conversation_id": one["id"],
        "channel_account_id": one["channel_account_id"],
        "external_id": f"m{number}",
        "is_ours": place == 1,
        "author": str(one["id"]),
        "kind": "review" if one["id"] % 50 == 0 else "comment",
        "visibility": one["visibility"],
        "text": said,
        "version": 1,
        "sent_at": at,
        "received_at": at,
        "triaged_at": at,
    }


def measure(urls: Mapping[str, str], texts: Sequence[str], *, messages: int, times: int = 40) -> Table:
    """Each thing that is asked of the list, in milliseconds."""
    table = Table(
        title=f"the list of the inbox over {messages:,} messages, {messages // MESSAGES_EACH:,} conversations",
        title_justify="left",
    )
    for column in ("", "median", "p95"):
        table.add_column(column, justify="right" if column else "left")
    for database, url in urls.items():
        began = perf_counter()
        fill(url, texts, messages=messages)
        table.add_row(f"{database}: filled, in {perf_counter() - began:.0f} s", "", "")
        site = Site(url, open_to_all=True)
        with site.served(), httpx.Client(base_url=site.address, timeout=120) as client:
            for told, asked in {**ASKED, **_deep(site)}.items():
                took = [_took(client, f"/b/loriot/inbox{asked.query()}") for _ in range(times)]
                p95 = quantiles(took, n=20)[-1]
                table.add_row(f"{database}: {told}", f"{sorted(took)[times // 2]:.0f} ms", f"{p95:.0f} ms")
    return table


def _deep(site: Site) -> dict[str, Filters]:
    """The page that 200 presses of «next» lead to, among all conversations."""
    everything = Filters(status="any")
    with site.desk.store.read() as books:
        asked = everything.wanted(me="", zone=site.desk.brand.hours.zone, limit=200 * 50)
        last = books.queue(asked)[-1].spot
    return {"every status, 200 pages on": Filters(status="any", after=write_spot(last))}


def _took(client: httpx.Client, path: str) -> float:
    began = perf_counter()
    client.get(path).raise_for_status()
    return (perf_counter() - began) * 1000
