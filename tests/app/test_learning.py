"""`vigie train` and `vigie evaluate`, on a small part of the corpora."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import app.measuring
from app import words
from app.cli.learning import evaluate, train
from app.cli.output import out
from classifiers.corpora import share_of
from inbox.model import Label
from tests.classifiers.builders import CORPORA, a_row


@pytest.fixture
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder, and a seventh of what ships in the place of all of it, so that learning is quick."""
    small = tmp_path / "corpora"
    small.mkdir()
    for path in CORPORA.glob("[ef]*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if share_of(a_row(json.loads(line)["text"]), salt="tests") < 0.15]
        (small / path.name).write_text("".join(kept), encoding="utf-8")
    monkeypatch.setattr(app.measuring, "CORPORA", small)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(out, "width", 160)
    words.speak("en")
    return small


def test_f21_training_on_ones_own_examples_tells_scores_with_their_number(
    corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    names = [f"{first}{second}" for first in "abcdefghij" for second in "klmno"]
    rows = [{"text": f"votre {name} est en panne", "lang": "fr", "labels": ["complaint"]} for name in names]
    rows += [{"text": f"avez-vous encore {name}", "lang": "fr", "labels": ["sales_lead"]} for name in names]
    examples = tmp_path / "mine.jsonl"
    examples.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    train(examples=[examples], version="mine")

    told = capsys.readouterr().out
    assert (tmp_path / "var" / "models" / "mine.safetensors").is_file()
    assert "mine on the fifth held out" in told
    mine = [line.split() for line in told.splitlines() if "own/mine" in line]
    assert {line[0] for line in mine} >= {"complaint"}
    n, true = int(mine[0][3]), int(mine[0][4])
    assert 5 < n < 40
    assert 0 < true < n
    assert "vigie models promote mine" in told


def test_evaluating_tells_every_kind_of_figure_to_machines(corpora: Path, capsys: pytest.CaptureFixture[str]):
    evaluate(as_json=True)

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    kinds = {line["rows"] for line in lines}
    assert kinds >= {"held out", "confusion", "function", "total"}
    scores = [line for line in lines if line["rows"] == "held out" and line["set"] == "all"]
    assert {(line["label"], line["lang"]) for line in scores} >= {
        (label, lang) for label in Label for lang in ("fr", "en")
    }
    assert all(0 <= line["roc_auc"] <= 1 for line in scores)


def test_evaluating_shows_tables_and_writes_the_page(corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    evaluate(page=tmp_path / "out" / "page.html")

    told = capsys.readouterr().out
    assert "What messages were called (fr)" in told
    assert "Functional tests" in told
    assert "Mean F1 over labels and languages" in told
    assert "</html>" in (tmp_path / "out" / "page.html").read_text(encoding="utf-8")
