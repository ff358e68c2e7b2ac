"""The model on the page: its doubts judged by one click or one key, its place given and taken back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from pydantic import SecretStr

from app.page_models import PageModels
from app.settings import BrandSettings, ModelsSettings, Settings
from inbox.model import Label
from inbox.people import Role
from tests.app.builders import a_model
from tests.classifiers.builders import some_corpus_rows
from tests.web.browsers import is_well, opened
from tests.web.sites import LATE, RUDE, THANKS, Browsing, Site

TEXTS = (
    "Does it fit in the overhead rack of a train? Asking for a very tired commuter (me)",
    "Impossible d'exporter mes trajets, le PDF sort vide. Mon employeur attend ça lundi !",
    "31 km, zéro crevaison, un gâteau au chocolat signé Hervé.",
    "Still no reply. You had your chance to speak first.",
    LATE,
    THANKS,
    RUDE,
)


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A brand with a few messages that are in doubt; each test judges others of them."""
    place = tmp_path_factory.mktemp("model")
    shutil.copyfile(sqlite_template, place / "vigie.db")
    url = f"sqlite:///{place / 'vigie.db'}"
    brand = BrandSettings.model_validate({"key": "loriot"})
    models = ModelsSettings(folder=place / "models")
    settings = Settings(database_url=SecretStr(url), models=models, brand=brand)
    a_model(place / "models", "same")
    a_model(place / "models", "spoiled", spoiled=Label.OFFENSIVE)
    site = Site(url, models=PageModels(settings, rows=some_corpus_rows))
    with site.served():
        site.add("Inès", Role.ADMIN)
        site.add("Léo", Role.AGENT)
        site.add("Vera", Role.VIEWER)
        for number, text in enumerate(TEXTS):
            site.hear(text, author=f"contact-{number}")
        yield site


def offered(page: str) -> list[int]:
    """The messages whose judgement is asked for, in their order."""
    return [int(number) for number in re.findall(r'<li id="m-(\d+)">', page)]


def judged(site: Site, message: int) -> tuple[Label, ...] | None:
    """What a person said of a message."""
    with site.desk.store.read() as books:
        found = books.labels_of(message)
    assert found is not None
    return found.person


def lines(site: Site, what: str) -> list[str]:
    """Who did something, by the audit log."""
    with site.desk.store.read() as books:
        return [sealed.line.actor.name for sealed in books.read_audit() if sealed.line.what == what]


def test_f22_one_click_labels_what_is_doubted_most_and_the_next_comes_up(site: Site):
    leo = site.visitor("Léo")
    before = offered(leo.get("/b/loriot/model").text)

    answer = leo.post("/b/loriot/model/label", on="/b/loriot/me", message=before[0], label="sales_lead")
    page = leo.get(answer.headers["location"].partition("#")[0]).text

    assert judged(site, before[0]) == (Label.SALES_LEAD,)
    assert offered(page) == before[1:]
    assert f"Message {before[0]} is judged: sales lead." in page
    assert lines(site, "message.corrected")[-1] == "Léo"

    leo.post("/b/loriot/model/undo-label", on="/b/loriot/me", message=before[0])
    assert judged(site, before[0]) is None
    assert offered(leo.get("/b/loriot/model").text) == before


def test_the_model_is_confirmed_and_none_is_a_label_too(site: Site):
    leo = site.visitor("Léo")
    *_others, least, last = offered(leo.get("/b/loriot/model").text)

    leo.post("/b/loriot/model/label", on="/b/loriot/me", message=least, label="as-it-is")
    leo.post("/b/loriot/model/label", on="/b/loriot/me", message=last, label="none")

    with site.desk.store.read() as books:
        confirmed = books.labels_of(least)
    assert confirmed is not None
    assert confirmed.person == confirmed.model
    assert judged(site, last) == ()
    page = leo.get("/b/loriot/model").text
    assert "confirmed" in page
    assert page.count("<td>Léo</td>") == 2


@pytest.mark.parametrize(
    ("message", "label", "status"), [("1", "spam", 422), ("x", "praise", 422), ("999", "none", 404)]
)
def test_what_is_no_judgement_is_refused(site: Site, message: str, label: str, status: int):
    answer = site.visitor("Léo").post("/b/loriot/model/label", on="/b/loriot/me", message=message, label=label)

    assert answer.status_code == status


def test_each_may_do_what_his_role_allows(site: Site):
    vera, leo = site.visitor("Vera"), site.visitor("Léo")
    page = vera.get("/b/loriot/model").text
    number = offered(page)[0]

    assert "data-act" not in page
    assert "model/promote" not in leo.get("/b/loriot/model").text
    assert vera.post("/b/loriot/model/label", on="/b/loriot/inbox", message=number, label="none").status_code == 403
    assert leo.post("/b/loriot/model/promote", on="/b/loriot/me", name="same", why="x").status_code == 403
    assert vera.get("/b/merle/model").status_code == 404
    assert judged(site, number) is None


def test_an_offensive_text_is_not_shown_here_but_where_it_is_asked_for(site: Site):
    page = site.visitor("Vera").get("/b/loriot/model").text

    assert "connard" not in page


def test_f21_a_worse_model_is_refused_and_another_takes_the_place_and_gives_it_back(site: Site):
    ines = site.visitor("Inès")

    def act(path: str, **filled: str) -> int:
        return ines.post(f"/b/loriot/model/{path}", on="/b/loriot/me", **filled).status_code

    refused = ines.post("/b/loriot/model/promote", on="/b/loriot/me", name="spoiled", why="new")
    assert refused.status_code == 409
    assert "offensive, en: F1 would fall by" in refused.text
    assert act("promote", name="same") == 409
    assert act("roll-back", why="x") == 409

    assert act("promote", name="same", why="learnt our jargon") == 303
    page = ines.get("/b/loriot/model").text
    assert "The model same" in page
    assert "put there by Inès. learnt our jargon" in page
    assert "This process still works with" in page
    assert lines(site, "model.promoted") == ["Inès"]

    assert act("roll-back", why="too eager") == 303
    assert "was put back in the place of same" in ines.get("/b/loriot/model").text
    assert lines(site, "model.rolled_back") == ["Inès"]


def test_scores_and_thresholds_are_told_per_label_and_language(site: Site):
    page = site.visitor("Vera", **{"accept-language": "fr"}).get("/b/loriot/model").text
    table = page[page.index('id="scores"') : page.index("</table>", page.index('id="scores"'))]

    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr><th scope=.row.>.*?</tr>", table)]
    assert len(rows) == 8
    assert {row[0] for row in rows} == {"compliment", "réclamation", "piste", "injurieux"}


def test_f22_keys_judge_the_message_at_the_top_in_a_browser(site: Site, browser: Browser):
    page = opened(browser, site, "/b/loriot/model", color_scheme="dark", viewport={"width": 390, "height": 800})
    first, second, *_others = offered(page.content())

    for key in ("2", "0"):
        with page.expect_navigation():
            page.keyboard.press(key)

    assert (judged(site, first), judged(site, second)) == ((Label.COMPLAINT,), ())
    with page.expect_navigation():
        page.keyboard.press("z")
    assert judged(site, second) is None
    assert offered(page.content())[0] == second
    found = Axe().run(page).response["violations"]
    grave = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in grave] == []
    assert is_well(page)


def test_without_script_one_click_judges_as_well(site: Site, browser: Browser):
    page = opened(browser, site, "/b/loriot/model", java_script_enabled=False)
    first = offered(page.content())[0]

    page.click(f"#m-{first} button[value=praise]")

    assert judged(site, first) == (Label.PRAISE,)
    assert page.locator(".bar.done").count() == 1
    Browsing(site.visitor("Inès").client).post("/b/loriot/model/undo-label", on="/b/loriot/me", message=first)
