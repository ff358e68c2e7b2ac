"""A model takes another's place only when no label is told worse, and the audit log has a line of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from app.models import Shelf
from app.promoting import compare, promote, roll_back
from app.settings import ModelsSettings, Settings
from classifiers.model import STARTER
from data.store import open_store
from inbox.errors import NotPossible, StoreTrouble
from inbox.model import Label
from tests.app.builders import a_model
from tests.classifiers.builders import some_corpus_rows


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = SecretStr(f"sqlite:///{tmp_path / 'vigie.db'}")
    return Settings(database_url=url, models=ModelsSettings(folder=tmp_path / "models", margin=0.02))


def test_f21_a_model_as_good_as_the_one_in_use_is_not_worse(settings: Settings):
    a_model(settings.models.folder, "same")

    compared = compare(settings, "same", some_corpus_rows())

    assert (compared.current, compared.candidate) == (STARTER.stem, "same")
    assert {(one.label, one.lang) for one in compared.labels} == {
        (label, lang) for label in Label for lang in ("fr", "en")
    }
    assert compared.worse(settings.models.margin) == []


def test_f21_what_would_be_told_worse_is_named_by_label_language_and_how_much(settings: Settings):
    a_model(settings.models.folder, "spoiled", spoiled=Label.OFFENSIVE)

    worse = [str(one) for one in compare(settings, "spoiled", some_corpus_rows()).worse(settings.models.margin)]

    assert len(worse) == 4
    assert all(one.startswith("offensive, ") for one in worse)
    assert worse[0].startswith("offensive, en: F1 would fall by 0.")


def test_a_wide_margin_lets_it_pass(settings: Settings):
    a_model(settings.models.folder, "spoiled", spoiled=Label.OFFENSIVE)

    assert compare(settings, "spoiled", some_corpus_rows()).worse(1.0) == []


def test_without_a_database_promoting_makes_none(settings: Settings, tmp_path: Path):
    a_model(settings.models.folder, "same")

    promote(settings, "same", why="")

    assert not (tmp_path / "vigie.db").exists()


def test_f21_promoting_and_rolling_back_leave_a_line_each(settings: Settings, sqlite_url: str):
    settings = settings.model_copy(update={"database_url": SecretStr(sqlite_url)})
    a_model(settings.models.folder, "same")

    promote(settings, "same", why="jargon")
    roll_back(settings, why="too eager")

    with open_store(sqlite_url, brand="main") as store, store.read() as books:
        lines = [sealed.line for sealed in books.read_audit()]
    assert [line.what for line in lines] == ["model.promoted", "model.rolled_back"]
    assert [str(line.reason) for line in lines] == [
        f"same took the place of {STARTER.stem}.",
        f"{STARTER.stem} was put back in the place of same.",
    ]
    assert [line.facts["why"] for line in lines] == ["jargon", "too eager"]
    assert lines[0].actor.is_person
    assert lines[0].facts["after"] == lines[1].facts["before"]


def test_a_database_that_cannot_take_the_line_leaves_the_model_where_it_is(settings: Settings, tmp_path: Path):
    (tmp_path / "vigie.db").write_bytes(b"this is no database, whatever its name says" * 100)
    a_model(settings.models.folder, "same")

    with pytest.raises(StoreTrouble):
        promote(settings, "same", why="")

    assert Shelf(settings.models.folder).read().in_use is None


def test_a_model_that_the_settings_name_cannot_be_replaced_by_promoting(settings: Settings):
    file = a_model(settings.models.folder, "same")

    with pytest.raises(NotPossible, match="Take the setting out"):
        compare(settings.model_copy(update={"model": file}), "same", [])
