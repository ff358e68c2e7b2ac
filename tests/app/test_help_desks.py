"""Help desks as the settings have them: each brand has its own, and no other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import read_settings
from app.wiring import open_desks
from inbox import pipeline, work
from inbox.model import Actor, Status
from inbox.rates import RateLimiter
from inbox.views import QueueFilter, SendState
from tests.builders import a_message
from tests.end_to_end.helpdesks import OnFreshdesk

INES = Actor.person("Inès")


async def test_f68_a_brand_never_opens_tickets_in_the_help_desk_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with OnFreshdesk() as ours, OnFreshdesk() as theirs, OnFreshdesk() as everybodys:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "vigie.toml").write_text(
            f"""
hold_seconds = 0
[brands.merle]
name = "Merle"
[desks.ours]
kind = "freshdesk"
url = "{ours.url}"
token = "{ours.token}"
queues = ["customer-service"]
brands = ["main"]
[desks.theirs]
kind = "freshdesk"
url = "{theirs.url}"
token = "{theirs.token}"
queues = ["customer-service"]
brands = ["merle"]
[desks.all]
kind = "freshdesk"
url = "{everybodys.url}"
token = "{everybodys.token}"
queues = ["sales"]
"""
        )
        (tmp_path / "var").mkdir()
        with open_desks(read_settings({})) as desks:
            for key, author in (("main", "camille"), ("merle", "omar")):
                desk = desks[key]
                pipeline.receive(desk.store, [a_message("Bonjour", author=author)], clock=desk.clock)
                pipeline.triage(desk)
                with desk.store.read() as books:
                    (item,) = [one for one in books.queue(QueueFilter()) if one.status is Status.OPEN]
                work.escalate(desk, item.conversation_id, by=INES)
                await pipeline.deliver(desk, {}, RateLimiter())
                with desk.store.read() as books:
                    view = books.conversation(item.conversation_id)
                assert view is not None
                assert [(send.kind, send.state) for send in view.sends] == [("ticket", SendState.SENT)]
            known = {key: set(desk.help_desks) for key, desk in desks.items()}
            for desk in desks.values():
                for one in desk.help_desks.values():
                    await one.close()

    assert known == {"main": {"ours", "all"}, "merle": {"theirs", "all"}}
    assert len(ours.tickets) == len(theirs.tickets) == 1
    assert everybodys.tickets == {}
