"""F56: rules and responses that change in their files while we work are taken up, unless they are faulty."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.in_force import BookFiles
from app.settings import Settings
from app.wiring import for_brand, now
from data.store import SqlStore, open_store
from inbox.errors import BadRuleBook, NotPossible
from inbox.model import Actor
from inbox.taking_up import FAULTY
from routing.responses import STARTER
from routing.rulebook import STARTER as SHIPPED

RULE = '[[rule]]\nname = "{name}"\nwhen = {{}}\nthen = [{{ action = "draft", response = "{response}" }}]\n'
INES = Actor.person("Ines")


class Place:
    """A folder in which the rules and the responses of a brand stand, and its store."""

    def __init__(self, folder: Path, store: SqlStore) -> None:
        self.folder, self.store = folder, store
        self.rules, self.responses = folder / "rules.toml", folder / "responses.toml"
        self.responses.write_bytes(STARTER.read_bytes())
        self.write("first")

    def write(self, name: str, *, response: str = "thanks") -> None:
        self.write_text(RULE.format(name=name, response=response))

    def write_text(self, text: str, *, to: Path | None = None) -> None:
        (to or self.rules).write_text(text, encoding="utf-8")

    def files(self, **settings: Any) -> BookFiles:
        files = BookFiles(Settings(**settings), self.store)
        with self.store.begin() as books:
            files.put_on_record(books, author=INES)
        return files

    def audit(self, what: str) -> list[Any]:
        with self.store.read() as books:
            return [one.line for one in books.read_audit() if one.line.what == what]

    @property
    def versions(self) -> list[str]:
        with self.store.read() as books:
            return [str(one.author) for one in books.rule_books()]

    def is_faulty(self) -> bool:
        with self.store.read() as books:
            return books.switch(FAULTY).is_on


@pytest.fixture
def place(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("VIGIE_")]:
        monkeypatch.delenv(name)
    with open_store(database_url, brand="main") as store:
        yield Place(tmp_path, store)


def test_f56_a_file_that_has_changed_is_in_force_at_the_next_look_and_kept_as_a_version_by_the_file(place: Place):
    files = place.files()
    before = files.look()
    place.write("second")
    after = files.look()

    assert (before.rules.names, before.version) == (("first",), 1)
    assert (after.rules.names, after.version) == (("second",), 2)
    assert files.look() is after
    assert place.versions == ["person:Ines", "vigie:file"]
    (line,) = place.audit("rules.changed")
    assert str(line.reason) == "rules.toml has changed: it is version 2 of the rule book."


def test_f56_a_faulty_file_leaves_in_force_what_was_and_is_told_once_by_however_many_processes(place: Place):
    one, other = place.files(), place.files()
    place.write("second", response="thnaks")
    looks = [files.look() for files in (one, other, one, other)]

    assert [look.rules.names for look in looks] == [("first",)] * 4
    (line,) = place.audit("rules.faulty")
    assert 'there is no response "thnaks"' in str(line.reason)
    assert place.is_faulty()
    with pytest.raises(NotPossible, match="has been changed meanwhile, or is faulty"):
        one.write("# mine\n")

    place.write("third")

    assert [files.look().version for files in (one, other)] == [2, 2]
    assert not place.is_faulty()
    assert len(place.audit("rules.mended")) == len(place.audit("rules.changed")) == 1


@pytest.mark.parametrize("lost", ["rules.toml is gone.", "responses.toml is gone.", "rules.toml: there are no rules"])
def test_f56_a_file_that_is_gone_or_empty_is_taken_for_one_that_is_being_written(place: Place, lost: str):
    files = place.files()
    if "no rules" in lost:
        place.write_text("# nothing yet\n")
    else:
        (place.folder / lost.partition(" ")[0]).unlink()

    assert files.look().rules.names == ("first",)
    (line,) = place.audit("rules.faulty")
    assert lost in str(line.reason)


def test_f56_responses_are_taken_up_with_the_rules_that_name_them(place: Place):
    files = place.files()
    text = place.responses.read_text(encoding="utf-8")
    place.write_text(text.replace('code = "thanks"\n', 'code = "merci"\n', 1), to=place.responses)
    early = files.look()
    place.write("second", response="merci")
    both = files.look()

    assert "thanks" in early.responses
    assert (both.rules.names, "merci" in both.responses, "thanks" in both.responses) == (("second",), True, False)
    assert not place.is_faulty()


def test_f56_rules_that_appear_beside_those_that_ship_are_taken_up(place: Place):
    place.rules.unlink()
    files = place.files()
    shipped = files.look()
    place.write("mine")

    assert len(shipped.rules.names) > 1
    assert files.look().rules.names == ("mine",)


def test_what_is_written_from_here_is_no_version_of_the_file(place: Place):
    files = place.files()
    text = RULE.format(name="second", response="thanks")
    with place.store.begin() as books:
        books.keep_rule_book(text, author=INES, now=now())
        told = files.write(text)

    assert told == "rules.toml"
    assert files.look().version == 2
    assert place.versions == ["person:Ines", "person:Ines"]
    assert place.audit("rules.changed") == []


def test_rules_that_do_not_hold_together_at_the_start_are_an_error(place: Place):
    place.write_text("[[rule]]\n")

    with pytest.raises(BadRuleBook):
        place.files()


def test_a_brand_that_follows_the_rules_of_the_main_one_cannot_change_them(place: Place):
    settings = Settings(brands={"second": {"name": "Second"}})
    files = BookFiles(for_brand(settings, "second"), place.store)

    with pytest.raises(NotPossible, match=r"brands\.second\.rules"):
        files.write("# mine\n")


def test_the_rules_that_ship_are_not_written_over_and_their_place_says_so(place: Place):
    files = BookFiles(Settings(rules=SHIPPED), place.store)
    before = SHIPPED.read_bytes()

    with pytest.raises(NotPossible, match="These are the rules that ship"):
        files.write("# mine\n")

    assert SHIPPED.read_bytes() == before
    assert str(files.place().why_not).startswith("These are the rules that ship")


def test_where_no_file_is_yet_the_place_names_the_one_that_will_be_written(place: Place):
    place.rules.unlink()

    there = BookFiles(Settings(), place.store).place()

    assert (there.name, there.ships, there.why_not) == ("rules.toml", True, None)


def test_a_text_is_checked_once_and_anew_when_what_is_in_force_has_changed(place: Place):
    files = place.files()
    text = RULE.format(name="x", response="merci")
    first, again = files.checked(text), files.checked(text)
    responses = place.responses.read_text(encoding="utf-8")
    place.write_text(responses.replace('code = "thanks"\n', 'code = "merci"\n', 1), to=place.responses)
    place.write("second", response="merci")
    files.look()

    assert first is again
    assert [one.line for one in first.faults] == [4]
    assert files.checked(text).faults == ()
