"""Canned responses on the page: looked at, changed with a preview and checks, retired, brought back; never lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.in_force import BookFiles
from app.response_files import BrandResponses
from app.settings import Settings
from data.store import SqlStore
from inbox.desk import Desk
from inbox.people import Role
from tests.web.sites import LATE, SETTER_UP, Browsing, Site
from web.house import House, Served

HERE = "/b/loriot/responses"
THEIRS = """# Ours, kept by hand.
[[response]]
code = "late"
title = { fr = "Retard", en = "Late" }
polarity = "apology"
owner = "support"
words = ["colis", "parcel*"]

  [[response.variant]]
  lang = "fr"
  text = 'Bonjour {{contact.first_name|default:"à vous"}}, nous sommes désolés.'

# Below, what thanks.
[[response]]
code = "thanks"
polarity = "thanks"
generic = true

  [[response.variant]]
  lang = "fr"
  text = "Merci !"
"""
RULES = """[[rule]]
name = "late parcel"
when = { label = "complaint" }
then = [{ action = "draft", response = "late" }]
"""


SEEN = re.compile(r'name="base" value="([0-9a-f]+)"')


class WrittenSite(Site):
    """A page whose first brand has rules and responses of its own, in files."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url)
        self.file = folder / "responses.toml"
        self.file.write_text(THEIRS, encoding="utf-8")
        (folder / "rules.toml").write_text(RULES, encoding="utf-8")
        self.settings = Settings(rules=folder / "rules.toml", responses=self.file)

    def _house(self, served: Served) -> House:
        return replace(super()._house(served), response_files={"loriot": BrandResponses(self.settings)})

    def _desk(self, name: str, store: SqlStore) -> Desk:
        desk = super()._desk(name, store)
        if name != "Loriot":
            return desk
        files = BookFiles(self.settings, store)
        with store.begin() as books:
            files.put_on_record(books, author=SETTER_UP)
        return replace(desk, in_force=files).as_of_now()


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path) -> Iterator[WrittenSite]:
    site = WrittenSite(sqlite_url, tmp_path)
    with site.served():
        site.add("Inès", Role.ADMIN)
        yield site


def filled(code: str = "late", **other: Any) -> dict[str, Any]:
    """The form of a response as its reader sees it, with what he changes."""
    late = {
        "code": "late",
        "title-fr": "Retard",
        "title-en": "Late",
        "polarity": "apology",
        "owner": "support",
        "words": "colis, parcel*",
        "text-fr": ['Bonjour {{contact.first_name|default:"à vous"}}, nous sommes désolés.'],
        "text-en": [""],
    }
    return late | {"code": code} | {name.replace("_", "-"): value for name, value in other.items()}


def saved(visitor: Browsing, form: dict[str, Any], *, on: str = f"{HERE}/one?code=late") -> httpx.Response:
    """Save the form of a page, which says what its reader has seen."""
    seen = SEEN.search(visitor.get(on).text)
    return visitor.post(f"{HERE}/save", on=on, base=seen.group(1) if seen else "", **form)


def versions(site: Site) -> list[tuple[int, str, str]]:
    with site.desk.store.read() as books:
        return [(one.version, one.author.name, one.why) for one in books.response_books()]


def test_a_response_is_changed_in_its_file_and_all_else_stays(site: WrittenSite):
    ines = site.visitor("Inès")

    words = ["Bonjour,\r\nnous sommes désolés.", "Toutes nos « excuses ».", ""]
    done = saved(ines, filled(text_fr=words, text_en=["We are sorry."], until="2031-01-31", why="Plus court"))

    text = site.file.read_text(encoding="utf-8")
    late = site.house.desk("loriot").responses["late"]
    assert done.status_code == 303
    assert [(one.lang, one.text) for one in late.variants] == [
        ("fr", "Bonjour,\nnous sommes désolés."),
        ("fr", "Toutes nos « excuses »."),
        ("en", "We are sorry."),
    ]
    assert str(late.valid_until) == "2031-01-31"
    assert text.startswith("# Ours, kept by hand.\n[[response]]\n")
    assert text.endswith(THEIRS[THEIRS.index("# Below") :])
    assert versions(site) == [(1, "test", ""), (2, "Inès", "Plus court")]


def test_the_new_words_are_offered_at_once(site: WrittenSite):
    late = site.hear(LATE)
    ines = site.visitor("Inès")

    saved(ines, filled(text_fr=["Toutes nos excuses, vraiment."]))

    assert "Toutes nos excuses, vraiment." in ines.get(f"/b/loriot/c/{late}/responses").text


def test_what_the_checks_would_stop_is_kept_only_when_insisted_on(site: WrittenSite):
    ines = site.visitor("Inès")
    form = filled(text_fr=["{{contact.first_name}}, nous vous rembourserons demain."])

    refused = saved(ines, form)
    before = site.file.read_text(encoding="utf-8")
    kept = saved(ines, form | {"insists": "1"})

    assert refused.status_code == 409
    assert "The checks would stop these words." in refused.text
    assert "Camille, nous vous rembourserons demain." in refused.text
    assert before == THEIRS
    assert kept.status_code == 303


def test_a_preview_keeps_nothing_and_loses_nothing(site: WrittenSite):
    ines = site.visitor("Inès")

    form = filled(text_fr=["Bonjour {{contact.name}} <b>!"], why="Essai")
    shown = ines.post(f"{HERE}/check", on=f"{HERE}/one?code=late", base="seen", **form)

    assert "Bonjour Camille Rousseau &lt;b&gt;!" in shown.text
    assert 'value="Essai"' in shown.text
    assert site.file.read_text(encoding="utf-8") == THEIRS


def test_a_fault_is_told_beside_the_words_that_were_typed(site: WrittenSite):
    ines = site.visitor("Inès")

    unknown = saved(ines, filled(text_fr=['Bonjour {{contact.age|default:"ami"}} !'], insists="1"))
    empty = saved(ines, filled(text_fr=[""]))
    badly = saved(ines, filled("Late Parcel", text_fr=["Bonjour !"]), on=f"{HERE}/new")
    taken = saved(ines, filled("thanks", text_fr=["Bonjour !"]), on=f"{HERE}/new")

    assert "nothing is called contact.age" in html.unescape(unknown.text)
    assert "contact.age|default" in html.unescape(unknown.text)
    assert "there is no [[response.variant]]" in html.unescape(empty.text)
    assert "small letters, digits and hyphens" in badly.text
    assert "There is a response thanks already." in taken.text
    assert {one.status_code for one in (unknown, empty, badly, taken)} == {409}
    assert site.file.read_text(encoding="utf-8") == THEIRS


def test_two_who_change_the_same_response_do_not_overwrite_each_other(site: WrittenSite):
    site.add("Omar", Role.ADMIN)
    ines, omar = site.visitor("Inès"), site.visitor("Omar")
    seen = SEEN.search(omar.get(f"{HERE}/one?code=late").text)
    assert seen is not None

    saved(ines, filled(text_fr=["De la part d’Inès."]))
    second = omar.post(
        f"{HERE}/save", on=f"{HERE}/one?code=late", base=seen.group(1), **filled(text_fr=["De la part d’Omar."])
    )
    beside = saved(omar, filled("new-one", text_fr=["Autre chose."]), on=f"{HERE}/new")

    assert second.status_code == 409
    assert "has been changed meanwhile" in second.text
    assert "De la part d’Omar." in second.text
    assert beside.status_code == 303
    assert [one.text for one in site.house.desk("loriot").responses["late"].variants] == ["De la part d’Inès."]


def test_what_a_rule_uses_is_not_retired_and_what_none_uses_is(site: WrittenSite):
    ines = site.visitor("Inès")

    def retired(code: str) -> httpx.Response:
        on = f"{HERE}/one?code={code}"
        seen = SEEN.search(ines.get(on).text)
        return ines.post(f"{HERE}/retire", on=on, code=code, base=seen.group(1) if seen else "", why="Inutile")

    used, unused = retired("late"), retired("thanks")

    assert used.status_code == 409
    assert 'rule 1 "late parcel"' in html.unescape(used.text)
    assert unused.status_code == 303
    assert list(site.house.desk("loriot").responses) == ["late"]


def test_an_earlier_version_is_brought_back_to_the_letter_as_a_new_one(site: WrittenSite):
    ines = site.visitor("Inès")
    saved(ines, filled(text_fr=["Plus court."], why="Plus court"))

    shown = ines.get(f"{HERE}/versions/2").text
    here = f"{HERE}/versions"
    back = ines.post(f"{here}/back", on=here, version="1", why="Trop court")
    again = ines.post(f"{here}/back", on=here, version="1")

    assert '<span class="added">+  text = &#34;Plus court.&#34;</span>' in shown
    assert back.status_code == 303
    assert site.file.read_text(encoding="utf-8") == THEIRS
    assert versions(site)[-1] == (3, "Inès", "Trop court")
    assert "read as in version 1 already" in again.text
    assert ines.get(f"{here}/9").status_code == 404


def test_what_was_written_into_the_file_by_hand_is_a_version_too(site: WrittenSite):
    site.file.write_text(THEIRS.replace("Merci !", "Merci beaucoup !"), encoding="utf-8")

    saved(site.visitor("Inès"), filled(text_fr=["Plus court."]))

    assert [(number, author) for number, author, _ in versions(site)] == [(1, "test"), (2, "file"), (3, "Inès")]


def test_a_brand_without_a_file_of_its_own_reads_its_responses_and_a_moderator_changes_none(site: WrittenSite):
    site.add("Max", Role.ADMIN, brand="merle")
    site.add("Omar", Role.MODERATOR)
    max_, omar = site.visitor("Max"), site.visitor("Omar")

    assert max_.get("/b/merle/responses").status_code == 200
    assert max_.get("/b/merle/responses/new").status_code == 404
    assert max_.get(HERE).status_code == 404
    assert "nous sommes désolés" in omar.get(f"{HERE}/one?code=late").text
    assert "<textarea" not in omar.get(f"{HERE}/one?code=late").text
    assert omar.post(f"{HERE}/save", on=HERE, **filled()).status_code == 403
