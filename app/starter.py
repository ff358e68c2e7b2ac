"""The model that ships with its card: `make starter` trains the one, measures it, and writes the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.cli.help import Command
from app.cli.output import note, say
from app.measuring import Measured, gather, measure, measured_rows
from app.shell import run_app
from app.words import _, tell
from classifiers.corpora import Row
from classifiers.evaluate import EVERY, REAL_MIX, Score, ask, score_rows
from classifiers.functions import PASSES, FunctionScore
from classifiers.heads import LABELS, LANGUAGES
from classifiers.model import STARTER, StarterModel, load_model
from classifiers.net import HIDDEN
from classifiers.sources import may_train
from classifiers.train import FOLDS, MISSED_AT_MOST, PRECISION, UNSURE_AT_MOST, Progress, train
from classifiers.vectors import PAIR_SIZE, WORD_SIZE
from inbox.model import UNDETERMINED, Label, Signal
from inbox.sentences import Sentence

FOLDER = STARTER.parent
CARD = "MODEL_CARD.md"

_TEMPLATE = f"{CARD}.jinja"
_LANGUAGES = {"fr": "French", "en": "English", UNDETERMINED: "no letters"}


@dataclass(frozen=True, slots=True)
class Figures:
    """What the card tells of a model.

    Attributes:
        ours: On held-out rows of our own corpora, on sets that licences keep out of training, on functional tests.
        public: On the held-out rows of each public set that trains.
    """

    ours: Measured
    public: Sequence[Score]


@dataclass(frozen=True, slots=True)
class SetScores:
    """The scores of one set in one language, by label; a label of which the set holds no true row has none."""

    source: str
    lang: str
    n: int
    by_label: Mapping[Label | Signal, Score]


def make_starter(
    rows: Sequence[Row],
    folder: Path,
    *,
    version: str,
    created_on: date,
    trains: bool = True,
    progress: Progress | None = None,
) -> tuple[Path, Path]:
    """Train a model and write its card beside it; the two files.

    Args:
        rows: From `gather`.
        folder: Where both go.
        version: The model's name, and its file's.
        created_on: The day, for the record.
        trains: Or only write the card anew, of the file that is there.
        progress: Told of every step of the training.

    Raises:
        ModelTrouble: Nothing is trained, and there is no whole file.
        NotPossible: There are not rows enough to learn from.
    """
    file, card = folder / f"{version}.safetensors", folder / CARD
    if trains:
        train(rows, file, version=version, created_on=created_on, progress=progress)
    model = load_model(file)
    card.write_text(card_of(model, measure_apart(model, rows), size=file.stat().st_size), encoding="utf-8")
    return file, card


def measure_apart(model: StarterModel, rows: Sequence[Row]) -> Figures:
    """Ask about our own corpora by themselves, as public sets would drown them, and set by set about the others."""
    public = [row for row in measured_rows(rows) if not row.is_ours]
    return Figures(
        ours=measure(model, [row for row in rows if row.is_ours or not may_train(row.source)]),
        public=score_rows(ask(model, public), public),
    )


def card_of(model: StarterModel, figures: Figures, *, size: int) -> str:
    """The card as Markdown, in English; `size` is that of the model's file in bytes."""
    measured = figures.ours
    shelf = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=False,  # noqa: S701 — it is Markdown
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    shelf.filters |= {"count": _count, "two": _two, "percent": _percent, "language": _LANGUAGES.__getitem__}
    return shelf.get_template(_TEMPLATE).render(
        model=model,
        megabytes=f"{size / 1e6:.1f}",
        sizes={"hidden": HIDDEN, "words": WORD_SIZE, "pairs": PAIR_SIZE},
        labels=LABELS,
        measured=measured,
        n_by_language={one.lang: one.n for one in measured.held_out if one.source == EVERY and one.head is LABELS[0]},
        scores=[one for one in measured.held_out if one.source == EVERY],
        sets=[*by_set(measured.held_out), *by_set(figures.public)],
        left_out=[one for one in measured.left_out if one.source != EVERY],
        functions=by_function(measured.functions),
        passes=PASSES,
        n_weak=sum(score.is_weak for score in measured.functions),
        mix=REAL_MIX,
        cuts={kind: model.cuts(kind) for kind in _LANGUAGES},
        languages=LANGUAGES,
        precision=PRECISION,
        missed_at_most=MISSED_AT_MOST,
        unsure_at_most=UNSURE_AT_MOST,
        folds=FOLDS,
    )


def by_set(scores: Sequence[Score]) -> list[SetScores]:
    """The scores of labels gathered by set and language, in the order of their names."""
    groups: dict[tuple[str, str], dict[Label | Signal, Score]] = {}
    for one in scores:
        if one.source != EVERY and isinstance(one.head, Label):
            groups.setdefault((one.source, one.lang), {})[one.head] = one
    return [
        SetScores(source, lang, max(one.n for one in by_label.values()), by_label)
        for (source, lang), by_label in sorted(groups.items())
    ]


def by_function(scores: Sequence[FunctionScore]) -> dict[str, dict[str, FunctionScore]]:
    """Functional tests by function, then language; first the function that is lowest in either.

    Args:
        scores: The lowest first, as `score_functions` gives them.
    """
    functions: dict[str, dict[str, FunctionScore]] = {}
    for score in scores:
        functions.setdefault(score.function, {})[score.lang] = score
    return functions


def _count(n: int) -> str:
    return f"{n:,}"


def _two(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.2f}"


def _percent(share: float) -> str:
    return f"{share:.0%}"


def make(
    datasets: Annotated[Path, typer.Option(help=_("A folder of public labelled sets."))],
    version: Annotated[str, typer.Option(help=_("The name of a model."))],
    trains: Annotated[
        bool, typer.Option("--train/--no-train", help=_("Or only write the card of the model that is there."))
    ] = True,
) -> None:
    """Train the model that ships, measure it, and write its card."""
    today = datetime.now(UTC).date()
    made = make_starter(gather(datasets), FOLDER, version=version, created_on=today, trains=trains, progress=_watch)
    for path in made:
        say(str(path))


def _watch(doing: Sentence, done: int, of: int) -> None:
    note(f"{done}/{of} {tell(doing)}")


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command(cls=Command, help=_("Train the model that ships, measure it, and write its card."))(make)


def main() -> None:
    """Run the command; an error of ours is told in words and ends with exit code 1."""
    run_app(app)


if __name__ == "__main__":
    main()
