"""Models at the shell: learned from one's own examples, put in use, taken back, and done without when damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models import COPIES
from classifiers.model import STARTER
from inbox.model import Label
from tests.app.builders import a_model, flip_a_byte
from tests.end_to_end.shell import Shell

TEXT = '{"text": "Merci beaucoup, super équipe !"}\n'


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def models(shell: Shell) -> Path:
    return shell.folder / "var" / "models"


def in_use(shell: Shell) -> str:
    (answer,) = shell.vigie("classify", typed=TEXT).lines()
    return str(answer["model"])


def test_f21_a_model_is_promoted_used_everywhere_and_rolled_back(shell: Shell, models: Path):
    a_model(models, "march")
    shell.vigie("db", "upgrade")

    promoted = shell.vigie("models", "promote", "march", "--reason", "our jargon")

    assert promoted.code == 0, promoted.err
    assert "march" in promoted.out
    assert in_use(shell) == "march"
    assert "march" in shell.vigie("rules", "test", "Merci beaucoup").out
    assert '"march, whole"' in shell.vigie("doctor", "--json").out
    listed = {one["name"]: one for one in shell.vigie("models", "list", "--json").lines()}
    assert (listed["march"]["in_use"], listed[STARTER.stem]["in_use"]) == (True, False)
    assert 0 < listed["march"]["macro_f1"] < 1
    assert "our jargon" in shell.vigie("models", "show", "march").out

    assert shell.vigie("models", "rollback").code == 0
    assert in_use(shell) == STARTER.stem
    assert shell.vigie("audit", "verify", "--json").lines()[0]["sealed"] == 2


def test_f21_a_model_that_is_worse_is_refused_unless_a_reason_is_given(shell: Shell, models: Path):
    a_model(models, "spoiled", spoiled=Label.COMPLAINT)

    refused = shell.vigie("models", "promote", "spoiled")
    without_reason = shell.vigie("models", "promote", "spoiled", "--anyway")

    assert refused.code == 1
    assert "complaint, fr: F1 would fall by 0." in refused.err
    assert "praise" not in refused.err
    assert without_reason.code == 2
    assert in_use(shell) == STARTER.stem

    anyway = shell.vigie("models", "promote", "spoiled", "--anyway", "--reason", "a drill")

    assert anyway.code == 0
    assert in_use(shell) == "spoiled"


def test_f25_one_flipped_byte_and_the_starter_works_in_its_place(shell: Shell, models: Path):
    a_model(models, "march")
    shell.vigie("models", "promote", "march")
    (copy,) = [file for file in (models / COPIES).iterdir() if file.read_bytes() != STARTER.read_bytes()]
    flip_a_byte(copy)

    classified = shell.vigie("classify", typed=TEXT)
    doctor = shell.vigie("doctor")

    assert classified.code == 0
    assert classified.lines()[0]["model"] == STARTER.stem
    assert "is not the one that was promoted as march" in classified.err
    assert "the starter model works in its place" in classified.err
    assert "Traceback" not in classified.err
    assert doctor.code == 1
    assert "✗ model: The model file" in doctor.out


def test_a_file_named_for_one_command_is_not_silently_replaced(shell: Shell, models: Path):
    file = a_model(models, "march")
    flip_a_byte(file)

    refused = shell.vigie("classify", "--model", str(file), typed=TEXT)

    assert (refused.code, refused.out) == (1, "")
    assert "damaged" in refused.err
