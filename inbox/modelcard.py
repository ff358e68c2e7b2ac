"""What people are told of the models at hand, and the port through which they choose one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inbox.doubt import Band
from inbox.model import Actor, Label
from inbox.sentences import Sentence


@dataclass(frozen=True, slots=True)
class ModelScore:
    """How well one label is told in one language, on rows that nobody learnt from.

    Of `n` rows `positives` hold the label. `precision` and `recall` are those of what the model is sure of, `unsure` is
    the share of rows left to a person; `average_precision` tells how well the probabilities order the rows.
    """

    label: Label
    lang: str
    n: int
    positives: int
    average_precision: float
    precision: float
    recall: float
    unsure: float


@dataclass(frozen=True, slots=True)
class AModel:
    """A model at hand: its name, when it was made, what it scored when last measured (the mean F1).

    `trouble` says why it cannot be read.
    """

    name: str
    version: str
    created_on: str
    is_in_use: bool
    macro_f1: float | None = None
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class ModelMove:
    """Who put which model in the place of which, when and why; `is_back` when it went back to the former one."""

    at: datetime
    who: str
    before: str
    after: str
    is_back: bool
    why: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The model in use, and the others.

    `version` is as predictions carry it. `moves` are those on record, the latest first. `can_go_back` says whether
    there is a former model. `fixed` is the file that the settings name, where they do: then nothing can be chosen here.
    `trouble` says why the starter works in the place of the model that was chosen.
    """

    version: str
    is_starter: bool
    models: tuple[AModel, ...]
    moves: tuple[ModelMove, ...]
    can_go_back: bool
    fixed: str | None = None
    trouble: Sentence | None = None

    @property
    def since(self) -> ModelMove | None:
        """What put it in use; None for the starter that has been in use from the beginning."""
        return self.moves[0] if self.moves else None


class ModelShelf(Protocol):
    """The models at hand."""

    def card(self) -> ModelCard:
        """The model in use, and the others.

        Raises:
            ModelTrouble: The note on what is in use cannot be read.
        """

    def scores(self) -> tuple[ModelScore, ...]:
        """How well the model in use tells each label, measured once on the examples that ship and were held out."""

    def bands(self) -> Mapping[str, Mapping[Label, Band]]:
        """Per language and label, the two thresholds of the model in use."""

    def promote(self, name: str, *, why: str, by: Actor) -> ModelMove:
        """Measure a model beside the one in use, and put it in use when no label would be told worse.

        Raises:
            NotFound: There is no such model.
            NotPossible: It would be worse, is in use already, or the settings name a model.
            ModelTrouble: A file cannot be read.
        """

    def roll_back(self, *, why: str, by: Actor) -> ModelMove:
        """Put the former model in use again.

        Raises:
            NotPossible: There is none, or the settings name a model.
            ModelTrouble: Its file is gone or has changed.
        """
