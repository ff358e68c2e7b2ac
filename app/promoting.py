"""Putting a model in use: only when it is not worse, with a way back, and on the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.measuring import measured_rows
from app.models import Act, Shelf, State, load_in_use
from app.wiring import now, open_store, shell_user
from classifiers.evaluate import EVERY, Score, ask, macro_f1, score_rows
from classifiers.model import load_model
from inbox.audit import AuditLine
from inbox.errors import NotPossible
from inbox.model import Actor, Label
from inbox.sentences import Sentence
from inbox.wording import said

if TYPE_CHECKING:
    from app.settings import Settings
    from classifiers.corpora import Row


@dataclass(frozen=True, slots=True)
class Compared:
    """One label in one language, on the same rows: what the model in use scores, and what the candidate does."""

    label: Label
    lang: str
    n: int
    positives: int
    f1: tuple[float, float]
    average_precision: tuple[float, float]

    def losses(self, margin: float) -> list[tuple[str, float]]:
        """The figures that are worse by more than the margin, each with by how much."""
        pairs = (("F1", self.f1), ("AP", self.average_precision))
        return [(name, was - would) for name, (was, would) in pairs if was - would > margin + 1e-9]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same held-out rows; `macro_f1` is that of the model in use, then that of the candidate."""

    current: str
    candidate: str
    rows: int
    labels: Sequence[Compared]
    macro_f1: tuple[float, float]

    def worse(self, margin: float) -> list[Sentence]:
        """What the candidate does worse by more than the margin, in words."""
        return [
            Sentence(
                "{label}, {lang}: {figure} would fall by {by}",
                label=said(one.label),
                lang=one.lang,
                figure=figure,
                by=f"{by:.3f}",
            )
            for one in self.labels
            for figure, by in one.losses(margin)
        ]


def compare(settings: Settings, name: str, rows: Sequence[Row]) -> Comparison:
    """Measure a model of the shelf and the one in use on the same rows, and note what both scored.

    Raises:
        NotFound: There is no such model.
        ModelTrouble: It cannot be read.
        NotPossible: The settings name a model, so that promoting one would change nothing.
    """
    if settings.model is not None:
        told = Sentence(
            "The setting model names {file}, and that one is used. Take the setting out.", file=settings.model
        )
        raise NotPossible(told)
    shelf = Shelf(settings.models.folder)
    file = shelf.find(name)
    current, candidate = load_in_use(settings).model, load_model(file)
    held_out = measured_rows(rows)
    was, would = (score_rows(ask(model, held_out), held_out, by_source=False) for model in (current, candidate))
    figures = macro_f1(was, forced=True), macro_f1(would, forced=True)
    shelf.note_measured(file, macro_f1=figures[1], rows=len(held_out), at=now())
    return Comparison(current.version, candidate.version, len(held_out), _pair(was, would), figures)


def promote(settings: Settings, name: str, *, why: str, by: Actor | None = None) -> Act:
    """Put a model in use, and leave a line in the audit log where there is a database; by whoever types unless named.

    Raises:
        NotFound: There is no such model.
        NotPossible: It is in use already.
        ModelTrouble: A file cannot be read.
        StoreTrouble: The database cannot take the line; nothing has changed.
    """
    shelf = Shelf(settings.models.folder)
    by = by or shell_user()
    state, act = shelf.promoted(name, who=by.name, why=why, at=now())
    _put_on_record(settings, shelf, state, act, by=by)
    return act


def roll_back(settings: Settings, *, why: str, by: Actor | None = None) -> Act:
    """Put the former model in use again, byte for byte, and leave a line in the audit log where there is a database.

    Raises:
        NotPossible: There is no former model.
        ModelTrouble: The former model is gone, has changed, or is of a format that this Vigie does not read.
        StoreTrouble: The database cannot take the line; nothing has changed.
    """
    shelf = Shelf(settings.models.folder)
    by = by or shell_user()
    state, act = shelf.rolled_back(who=by.name, why=why, at=now())
    _put_on_record(settings, shelf, state, act, by=by)
    return act


def _put_on_record(settings: Settings, shelf: Shelf, state: State, act: Act, *, by: Actor) -> None:
    """Write the note and the audit line, both or neither."""
    from data.migrate import DatabaseState
    from data.migrate import state as state_of

    if state_of(settings.database_url.get_secret_value()) is DatabaseState.EMPTY:
        shelf.write(state)
        return
    if act.did == "promoted":
        what, told = "model.promoted", Sentence("{after} took the place of {before}.")
    else:
        what, told = "model.rolled_back", Sentence("{after} was put back in the place of {before}.")
    facts = {"before": act.before.model_dump(), "after": act.after.model_dump(), "why": act.why}
    reason = told.filled(after=act.after.name, before=act.before.name)
    line = AuditLine(act.at, by, what, "model", 0, reason, facts)
    with open_store(settings) as store, store.begin() as books:
        books.write_audit([line])
        books.seal_audit()
        # Last, so that a database that refuses the line leaves the model where it is.
        shelf.write(state)


def _pair(was: Sequence[Score], would: Sequence[Score]) -> list[Compared]:
    theirs = {(score.head, score.lang): score for score in would}
    return [
        Compared(
            label=score.head,
            lang=score.lang,
            n=score.n,
            positives=score.positives,
            f1=(score.forced.f1, other.forced.f1),
            average_precision=(score.average_precision, other.average_precision),
        )
        for score in was
        if isinstance(score.head, Label)
        and score.source == EVERY
        and (other := theirs.get((score.head, score.lang))) is not None
    ]
