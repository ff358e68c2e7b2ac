"""Corrections at the shell: what is learnt from them, what is left out, and who decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from app import words
from app.cli.consent import consent
from app.cli.label import label
from app.cli.learning import train
from app.corrections import read_lessons
from app.measuring import gather
from app.settings import read_settings
from classifiers.corpora import is_held_out
from classifiers.heads import LABELS
from classifiers.model import load_model
from data.store import SqlStore, open_store
from inbox.errors import NotPossible
from inbox.model import Label
from tests.app.test_learning import corpora  # noqa: F401  # a fixture
from tests.builders import a_message, an_outcome
from tests.data.steps import MODERATOR, take_in, the_queue, triage
from tests.inbox.builders import NOON, a_prediction

TEXT = "Le cadre grince depuis lundi"


@pytest.fixture
def store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SqlStore]:
    """The database that the commands open, too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_DATABASE_URL", sqlite_url)
    words.speak("en")
    with open_store(sqlite_url, brand=read_settings().brand.key) as store:
        yield store


def a_labelled_message(store: SqlStore, text: str = TEXT, *, channel: str = "discord") -> int:
    (message_id,) = take_in(store, a_message(text, channel=channel))
    triage(store, lambda message: an_outcome(message, a_prediction(Label.PRAISE)))
    assert message_id is not None
    return message_id


def confirmed(store: SqlStore, texts: list[str], *, channel: str = "discord") -> None:
    for text in texts:
        message_id = a_labelled_message(store, text, channel=channel)
        with store.begin() as books:
            books.keep_correction(message_id, after=[Label.COMPLAINT], why="", by=MODERATOR, now=NOON)


def test_a_message_is_labelled_confirmed_and_given_back_to_the_model(
    store: SqlStore, capsys: pytest.CaptureFixture[str]
):
    message_id = a_labelled_message(store)

    label(message_id, [Label.COMPLAINT, Label.SALES_LEAD], why="Il veut en racheter un.")
    (item,) = the_queue(store)
    assert item.labels == (Label.COMPLAINT, Label.SALES_LEAD)
    label(message_id, undo=True)
    label(message_id, [Label.PRAISE])
    label(message_id, none=True, as_json=True)

    *told, last = capsys.readouterr().out.splitlines()
    assert told == [
        f"Message {message_id} is now: complaint, sales lead.",
        f"Message {message_id} is labelled by the model again: praise.",
        f"Message {message_id} is confirmed: praise.",
    ]
    assert json.loads(last) == {
        "message": message_id,
        "before": ["praise"],
        "after": [],
        "withdrawn": 0,
        "may_train": False,
    }


def test_labels_and_none_of_them_is_mistyped(store: SqlStore):
    with pytest.raises(typer.BadParameter, match="--none"):
        label(1, [Label.PRAISE], none=True)
    with pytest.raises(typer.BadParameter, match="--none"):
        label(1)


def test_f27_consent_is_listed_given_and_taken_back(store: SqlStore, capsys: pytest.CaptureFixture[str]):
    confirmed(store, [TEXT], channel="import")

    consent(as_json=True)
    consent("import", allow=True)
    consent(as_json=True)
    consent("import", allow=False)
    consent()

    before, _allowed, after, _forbidden, _head, row = capsys.readouterr().out.splitlines()
    assert json.loads(before) == {"channel": "import", "may_train": False, "setting": None, "corrections": 1}
    assert json.loads(after)["may_train"] is True
    assert row.split() == ["import", "no", "vigie", "models", "consent", "1"]


def test_f27_where_a_setting_decides_the_command_does_not(store: SqlStore, monkeypatch: pytest.MonkeyPatch):
    confirmed(store, [TEXT])
    monkeypatch.setenv("VIGIE_DISCORD__TOKEN", "not-a-token")

    with pytest.raises(NotPossible, match=r"discord\.may_train decides"):
        consent("discord", allow=True)

    monkeypatch.setenv("VIGIE_DISCORD__MAY_TRAIN", "true")
    assert [row.text for row in read_lessons(read_settings()).rows] == [TEXT]
    monkeypatch.setenv("VIGIE_DISCORD__MAY_TRAIN", "false")
    assert read_lessons(read_settings()).rows == []


def test_a_correction_is_a_row_with_every_label_decided_and_outweighs_what_ships(store: SqlStore):
    (shipped, *_others) = [row for row in gather(None) if row.lang == "fr" and Label.PRAISE in row.holds]
    confirmed(store, [shipped.text], channel="import")
    consent("import", allow=True)

    lessons = read_lessons(read_settings())

    (row,) = lessons.rows
    assert (row.source, row.holds, row.known) == ("own/corrections", frozenset({Label.COMPLAINT}), frozenset(LABELS))
    assert row in gather(None, corrections=lessons.rows)
    assert shipped not in gather(None, corrections=lessons.rows)


def test_without_a_database_there_is_nothing_to_learn_from_and_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)

    assert read_lessons(read_settings()).rows == ()
    assert not (tmp_path / "var").exists()


@pytest.mark.usefixtures("corpora")
def test_f27_training_counts_what_is_left_out_and_says_why(store: SqlStore, capsys: pytest.CaptureFixture[str]):
    confirmed(store, [f"La pièce {n} est cassée" for n in range(12)])
    confirmed(store, ["Toujours pas de facture", "Le guidon a du jeu"], channel="import")
    consent("import", allow=True)
    capsys.readouterr()

    train(version="ours")

    told = capsys.readouterr()
    assert "discord: 12 left out: may_train is off" in told.out
    assert "import: 2 taken" in told.out
    assert "vigie models consent discord --allow" in told.err
    learnt = {
        source["name"]: source["rows"] for source in load_model(Path("var/models/ours.safetensors")).about["sources"]
    }
    taken = [row for row in read_lessons(read_settings()).rows if not is_held_out(row)]
    assert learnt["own/corrections"] == len(taken) == 2


@pytest.mark.usefixtures("corpora")
def test_f27_training_tells_machines_what_was_taken_and_what_was_not(
    store: SqlStore, capsys: pytest.CaptureFixture[str]
):
    confirmed(store, [TEXT])

    train(version="ours", as_json=True)

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {
        "model": "ours",
        "rows": "corrections",
        "channel": "discord",
        "may_train": False,
        "taken": 0,
        "left_out": {"no_consent": 1},
    }
    assert lines[-1]["file"].endswith("ours.safetensors")
