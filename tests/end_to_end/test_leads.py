"""F73: a question becomes a record in a CRM, once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.entities import entities_in
from bot.desks.crm import WebhookCrm
from classifiers.model import load_model
from data.store import SqlStore, open_store
from inbox import changes, pipeline, work
from inbox.brand import Brand
from inbox.dead_letters import dead_letters, replay_all
from inbox.delivery import LEASE
from inbox.desk import Desk
from inbox.hours import OpeningHours
from inbox.leads import LeadStatus
from inbox.leadwork import change_lead
from inbox.model import Actor, IncomingMessage
from inbox.rates import RateLimiter
from inbox.switches import pause
from inbox.views import SendState
from routing.responses import load_responses
from routing.rulebook import STARTER, read_rule_book
from tests.builders import AClock, a_message
from tests.end_to_end.shell import Shell, a_row
from tests.fakes.crm import FakeCrm

PRICE = "Bonjour ! Vous livrez à Lyon ? C'est combien, le vélo cargo ?"
AGAIN = "Et il coûte combien avec un casque ?"
HOLD, HOUR = timedelta(seconds=20), timedelta(hours=1)
INES = Actor.person("Inès")
QUIET = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
TEAMS = {"sales": {"fr": "notre équipe commerciale"}, "customer-service": {"fr": "notre service client"}}


class Shop:
    """A brand with the rules and the model that ship, whose sales team works in a CRM."""

    def __init__(self, store: SqlStore, crm: FakeCrm) -> None:
        self.crm = crm
        self.clock = AClock()
        self.limiter = RateLimiter()
        self.address = WebhookCrm(crm.url, crm.token, brand="loriot", clock=self.clock, patience=timedelta(seconds=5))
        self.desk = Desk(
            Brand("Loriot", OpeningHours(ZoneInfo("Europe/Paris")), teams=TEAMS),
            store,
            load_model(),
            read_rule_book(STARTER.read_text(encoding="utf-8")),
            1,
            load_responses(),
            self.clock,
            hold=HOLD,
            find_entities=partial(entities_in, products=("vélo cargo", "casque")),
            crm=self.address,
        )

    def hear(self, text: str, **more: Any) -> IncomingMessage:
        said = a_message(text, sent_at=self.clock(), **more)
        pipeline.receive(self.desk.store, [said], clock=self.clock)
        pipeline.triage(self.desk)
        return said

    async def later(self, after: timedelta = HOLD) -> None:
        self.clock.advance(after)
        while await pipeline.deliver(self.desk, {}, self.limiter):
            pass

    def told(self) -> dict[str, Any]:
        (one,) = self.crm.leads.values()
        assert isinstance(one, dict)
        return one

    def keys(self) -> list[str]:
        return [one.headers["Idempotency-Key"] for one in self.crm.exchanges]

    def states(self) -> list[tuple[str, str, SendState]]:
        return [(send.kind, send.channel, send.state) for send in work.find(self.desk, 1).sends]


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    async with FakeCrm() as crm:
        with open_store(database_url, brand="loriot") as store:
            made = Shop(store, crm)
            yield made
            await made.address.close()


async def test_f73_a_question_makes_a_lead_in_the_crm_and_a_second_one_updates_it(shop: Shop):
    shop.hear(PRICE)
    await shop.later()
    first = dict(shop.told())
    shop.hear(AGAIN)
    await shop.later(HOUR)

    assert (first["place"], first["products"], first["revision"]) == ("Lyon", ["vélo cargo"], 1)
    assert first["needs"] == ["Vous livrez à Lyon ? C'est combien, le vélo cargo ?"]
    assert first["contact"] == {"name": "Camille Rousseau", "id": "camille", "channel": "telegram"}
    second = shop.told()
    assert (second["lead"], second["revision"], second["status"]) == (first["lead"], 2, "new")
    assert second["products"] == ["vélo cargo", "casque"]
    assert len(second["messages"]) == 2
    assert second["score"] == sum(second["score_parts"].values()) > first["score"]
    assert shop.states() == [("lead", "crm", SendState.SENT)] * 2
    assert any(str(line.reason) == "The CRM knows how the lead stands, as C-1." for line in audit(shop))


def audit(shop: Shop) -> list[Any]:
    return [*work.find(shop.desk, 1).audit]


async def test_f73_two_questions_before_it_leaves_are_told_in_one(shop: Shop):
    shop.hear(PRICE)
    shop.hear(AGAIN)

    await shop.later()

    assert len(shop.crm.effects) == 1
    assert len(shop.told()["messages"]) == 2


async def test_f73_a_lost_answer_is_told_again_under_the_same_key_and_has_one_effect(shop: Shop):
    shop.crm.lose_answer("POST", "/")
    shop.hear(PRICE)

    await shop.later()
    in_between = shop.states()
    await shop.later(HOUR)

    assert in_between == [("lead", "crm", SendState.WAITING)]
    assert len(shop.crm.exchanges) == 2
    assert len(set(shop.keys())) == 1
    assert len(shop.crm.effects) == 1
    assert shop.states() == [("lead", "crm", SendState.SENT)]


async def test_f73_what_changes_while_an_answer_is_lost_is_not_lost_with_it(shop: Shop):
    shop.crm.lose_answer("POST", "/")
    shop.hear(PRICE)
    await shop.later()
    change_lead(shop.desk, 1, status=LeadStatus.CONTACTED, by=INES)

    await shop.later(HOUR)

    assert shop.told()["status"] == "contacted"
    assert len(set(shop.keys())) == 2


@pytest.mark.parametrize("status", [500, 503])
async def test_a_fault_of_the_crm_is_tried_again(shop: Shop, status: int):
    shop.crm.fail_next("POST", "/", status=status, says="<h1>Bad Gateway</h1>")
    shop.hear(PRICE)

    await shop.later()
    await shop.later(HOUR)

    assert len(shop.crm.effects) == 1


async def test_a_refusal_is_a_dead_letter_and_is_replayed(shop: Shop):
    shop.crm.fail_next("POST", "/", status=422, says={"error": "No such pipeline"})
    shop.hear(PRICE)
    work.resolve(shop.desk, 1, by=INES)
    await shop.later()
    (failed,) = dead_letters(shop.desk.store)

    replay_all(shop.desk.store, by=INES, clock=shop.clock)
    await shop.later()

    assert (failed.kind, failed.channel) == ("lead", "crm")
    assert str(failed.error) == "crm refuses this: 422: No such pipeline"
    assert str(work.find(shop.desk, 1).status_reason).startswith("The CRM could not be told of a lead: crm refuses")
    assert len(shop.crm.effects) == 1


async def test_a_wrong_secret_is_told_in_words(shop: Shop):
    wrong = WebhookCrm(shop.crm.url, "another", brand="loriot", clock=shop.clock)
    shop.desk = replace(shop.desk, crm=wrong)
    shop.hear(PRICE)

    await shop.later()
    await wrong.close()

    (failed,) = dead_letters(shop.desk.store)
    assert "crm refuses our token" in str(failed.error)
    assert shop.crm.leads == {}


async def test_a_crm_that_is_set_no_more_is_told_of_nothing_and_a_person_is_told_so(shop: Shop):
    shop.hear(PRICE)
    shop.desk = replace(shop.desk, crm=None)

    await shop.later()

    (failed,) = dead_letters(shop.desk.store)
    assert str(failed.error).startswith("No CRM is set any more")


async def test_a_pause_holds_no_lead(shop: Shop):
    pause(shop.desk.store, by=INES, clock=shop.clock)
    shop.hear(PRICE)

    await shop.later()

    assert len(shop.crm.leads) == 1


async def test_what_a_contact_takes_back_is_taken_back_from_the_crm_too(shop: Shop):
    shop.hear(PRICE)
    said = shop.hear("Écrivez-moi : lea@exemple.fr, c'est combien ?")
    await shop.later()
    before = shop.told()["email"]
    changes.receive_deletion(
        shop.desk.store,
        said.channel,
        [said.external_id],
        deleted_at=shop.clock(),
        keep_text=False,
        clock=shop.clock,
    )

    await shop.later(timedelta(0))

    assert (before, shop.told()["email"], shop.told()["place"]) == ("lea@exemple.fr", None, "Lyon")
    assert "lea@exemple.fr" not in str(shop.told())


async def test_each_change_of_status_and_owner_is_told(shop: Shop):
    shop.hear(PRICE)
    with shop.desk.store.begin() as books:
        books.meet("Paul", now=shop.clock())
    await shop.later()
    change_lead(shop.desk, 1, status=LeadStatus.WON, owner="Paul", by=INES)
    await shop.later()

    assert (shop.told()["status"], shop.told()["owner"]) == ("won", "Paul")


async def test_a_crm_says_whether_it_takes_our_signature(shop: Shop):
    (remark,) = await shop.address.examine()

    assert remark.is_well


async def test_f73_a_worker_that_is_killed_after_the_crm_has_it_tells_it_again_without_effect(
    database_url: str, tmp_path: Any
):
    async with FakeCrm() as crm:
        shell = a_shell(tmp_path, crm, database_url)
        rows = shell.write("said.jsonl", [a_row(1, PRICE)])
        assert (await asyncio.to_thread(shell.vigie, "import", str(rows), "--channel", "instagram")).code == 0
        running: list[subprocess.Popen[bytes]] = []

        def kill() -> None:
            running[0].kill()

        crm.on_told = kill
        with shell.start("run", "--until-done", **QUIET) as process:
            running.append(process)
            code = await asyncio.to_thread(process.wait, 120)
        crm.on_told = lambda: None
        first = len(crm.exchanges)

        with open_store(database_url, brand="main") as store:
            shop = Shop(store, crm)
            shop.clock.now = datetime.now(UTC) + LEASE + HOLD
            await shop.later()
            in_the_end = shop.states()
            await shop.address.close()

    assert code == -9
    assert (first, len(crm.exchanges), len(crm.effects)) == (1, 2, 1)
    assert len(set(shop.keys())) == 1
    assert in_the_end == [("lead", "crm", SendState.SENT)]


def a_shell(folder: Any, crm: FakeCrm, database_url: str) -> Shell:
    (folder / "vigie.toml").write_text(
        f'hold_seconds = 0\n[leads]\nwebhook_url = "{crm.url}"\n[brand]\nproducts = ["vélo cargo"]\n',
        encoding="utf-8",
    )
    (folder / "secret").write_text(crm.token, encoding="utf-8")
    return Shell(folder, {"VIGIE_DATABASE_URL": database_url, "VIGIE_LEADS__SECRET_FILE": str(folder / "secret")})
