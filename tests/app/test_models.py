"""The shelf of models: which one is in use, the way back, and what happens when a file is no longer whole."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models import COPIES, NOTE, Act, Shelf, load_in_use
from app.settings import ModelsSettings, Settings
from classifiers.model import STARTER
from inbox.errors import ModelTrouble, NotFound, NotPossible
from tests.app.builders import a_model, flip_a_byte

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings(models=ModelsSettings(folder=folder, margin=0.02))


def promote(folder: Path, name: str, why: str = "") -> Act:
    shelf = Shelf(folder)
    state, act = shelf.promoted(name, who="shell/ada", why=why, at=AT)
    shelf.write(state)
    return act


def roll_back(folder: Path) -> Act:
    shelf = Shelf(folder)
    state, act = shelf.rolled_back(who="shell/ada", why="", at=AT)
    shelf.write(state)
    return act


def bytes_in_use(folder: Path) -> bytes:
    return (Shelf(folder).file_in_use() or STARTER).read_bytes()


def test_with_nothing_promoted_the_starter_is_in_use_and_nothing_is_written(settings: Settings, folder: Path):
    in_use = load_in_use(settings)

    assert (in_use.is_starter, in_use.trouble) == (True, None)
    assert not folder.exists()


def test_f21_what_is_promoted_is_used_and_on_record(settings: Settings, folder: Path):
    a_model(folder, "march")

    promote(folder, "march", why="it knows our jargon")

    assert load_in_use(settings).model.version == "march"
    (act,) = Shelf(folder).read().history
    assert (act.who, act.why, act.before.name, act.after.name) == (
        "shell/ada",
        "it knows our jargon",
        STARTER.stem,
        "march",
    )


def test_f21_rolling_back_restores_the_former_model_byte_for_byte(folder: Path):
    first = a_model(folder, "first").read_bytes()
    a_model(folder, "second")
    promote(folder, "first")
    promote(folder, "second")
    # Trained anew under the same name: what was promoted is still to be had.
    a_model(folder, "first").write_bytes(b"something else")

    roll_back(folder)

    assert bytes_in_use(folder) == first
    roll_back(folder)
    assert bytes_in_use(folder) == STARTER.read_bytes()
    assert Shelf(folder).read().in_use is None


def test_there_is_no_way_back_from_the_first_model(folder: Path):
    with pytest.raises(NotPossible, match="no former model"):
        roll_back(folder)


def test_f21_a_former_model_that_has_changed_is_not_put_back(folder: Path):
    a_model(folder, "first")
    a_model(folder, "second")
    promote(folder, "first")
    act = promote(folder, "second")
    flip_a_byte(folder / COPIES / f"{act.before.sha256}.safetensors")

    with pytest.raises(ModelTrouble, match="not the one that was promoted as first"):
        roll_back(folder)

    assert Shelf(folder).read().in_use == act.after


def test_the_model_in_use_cannot_be_promoted_again(folder: Path):
    a_model(folder, "march")
    promote(folder, "march")

    with pytest.raises(NotPossible, match="in use already"):
        promote(folder, "march")


def test_a_name_that_is_not_there_is_told_with_those_that_are(folder: Path):
    a_model(folder, "march")

    with pytest.raises(NotFound, match=f"There are: {STARTER.stem}, march"):
        Shelf(folder).find("may")


def test_training_anew_under_the_same_name_changes_nothing_in_use(settings: Settings, folder: Path):
    file = a_model(folder, "march")
    promote(folder, "march")
    file.write_bytes(a_model(folder, "april").read_bytes())

    assert load_in_use(settings).model.version == "march"
    assert [one.is_in_use for one in Shelf(folder).all()] == [False, False, False, True]


def test_f25_one_flipped_byte_makes_way_for_the_starter_and_is_told(settings: Settings, folder: Path):
    a_model(folder, "march")
    act = promote(folder, "march")
    flip_a_byte(folder / COPIES / f"{act.after.sha256}.safetensors")

    in_use = load_in_use(settings)

    assert (in_use.is_starter, in_use.model.version) == (True, STARTER.stem)
    assert "not the one that was promoted as march" in str(in_use.trouble)
    assert "the starter model works in its place" in str(in_use.trouble)


def test_f25_a_flipped_byte_in_the_file_that_the_settings_name_makes_way_for_the_starter(folder: Path):
    file = a_model(folder, "march")
    flip_a_byte(file)

    in_use = load_in_use(Settings(model=file))

    assert in_use.is_starter
    assert "is damaged or was changed" in str(in_use.trouble)


class Trap:
    """Leaves a mark when somebody unpickles it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return (Path.touch, (self.mark,))


def test_f25_a_pickle_is_refused_without_being_unpickled(tmp_path: Path):
    file, mark = tmp_path / "model.safetensors", tmp_path / "sprung"
    file.write_bytes(pickle.dumps(Trap(mark)))

    in_use = load_in_use(Settings(model=file))

    assert in_use.is_starter
    assert in_use.trouble is not None
    assert not mark.exists()


def test_a_note_that_cannot_be_read_makes_way_for_the_starter_and_is_left_alone(settings: Settings, folder: Path):
    folder.mkdir()
    (folder / NOTE).write_text("{")

    assert "cannot be read" in str(load_in_use(settings).trouble)
    with pytest.raises(ModelTrouble):
        Shelf(folder).promoted("march", who="x", why="", at=AT)
    assert (folder / NOTE).read_text() == "{"


def test_a_file_that_cannot_be_read_is_listed_with_its_trouble(folder: Path):
    flip_a_byte(a_model(folder, "march"))

    starter, march = Shelf(folder).all()

    assert (starter.trouble, starter.is_in_use) == (None, True)
    assert "damaged" in str(march.trouble)


def test_what_a_model_scored_is_kept_by_its_bytes(folder: Path):
    file = a_model(folder, "march")
    shelf = Shelf(folder)

    shelf.note_measured(file, macro_f1=0.71234, rows=900, at=AT)

    (figure,) = shelf.read().measured.values()
    assert (figure.macro_f1, figure.rows) == (0.7123, 900)
    assert list(shelf.read().measured) == [one.sha256 for one in shelf.all() if one.name == "march"]
    assert list(folder.glob("*.part")) == []
