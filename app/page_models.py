"""The models at hand, as the page shows them and lets people choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from app.models import Act, InUse, Shelf, load_in_use
from inbox.doubt import Band
from inbox.errors import NotPossible
from inbox.model import UNDETERMINED, Actor, Label
from inbox.modelcard import AModel, ModelCard, ModelMove, ModelScore
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from app.settings import Settings
    from classifiers.corpora import Row


_Mark = tuple[str, int, int]


class PageModels:
    """The shelf of models behind the page. What costs time is done once for each model.

    Args:
        settings: The settings.
        rows: Gathers labelled texts, on which models are measured where they have not learnt from them.
    """

    def __init__(self, settings: Settings, *, rows: Callable[[], Sequence[Row]] | None = None) -> None:
        self._settings = settings
        self._rows = rows or _that_ship
        self._lock = Lock()
        self._card: tuple[frozenset[_Mark], ModelCard] | None = None
        self._loaded: tuple[str, InUse] | None = None
        self._scores: tuple[str, tuple[ModelScore, ...]] | None = None

    def card(self) -> ModelCard:
        """The model in use, and the others.

        Raises:
            ModelTrouble: The note on what is in use cannot be read.
        """
        # Each file is read whole to be listed, which is worth the while only when one of them has changed.
        stands = _marks(self._settings.models.folder)
        with self._lock:
            if self._card is not None and self._card[0] == stands:
                return self._card[1]
        card = self._made()
        with self._lock:
            self._card = (stands, card)
        return card

    def scores(self) -> tuple[ModelScore, ...]:
        """How well the model in use tells each label, measured once on the examples that ship and were held out."""
        from app.measuring import measured_rows
        from classifiers.evaluate import ask, score_rows

        model = self._in_use().model
        with self._lock:
            if self._scores is None or self._scores[0] != model.about["sha256"]:
                rows = measured_rows(self._rows())
                scores = score_rows(ask(model, rows), rows, by_source=False)
                told = tuple(
                    ModelScore(
                        label=one.head,
                        lang=one.lang,
                        n=one.n,
                        positives=one.positives,
                        average_precision=one.average_precision,
                        precision=one.acted.precision,
                        recall=one.acted.recall,
                        unsure=one.unsure_share,
                    )
                    for one in scores
                    if isinstance(one.head, Label)
                )
                self._scores = (model.about["sha256"], told)
            return self._scores[1]

    def bands(self) -> Mapping[str, Mapping[Label, Band]]:
        """Per language and label, the two thresholds of the model in use."""
        from classifiers.heads import LANGUAGES

        model = self._in_use().model
        return {
            lang: {label: Band(cut.no_at, cut.yes_at) for label, cut in model.cuts(lang).items()}
            for lang in (*LANGUAGES, UNDETERMINED)
        }

    def promote(self, name: str, *, why: str, by: Actor) -> ModelMove:
        """Measure a model beside the one in use, and put it in use when no label would be told worse.

        Raises:
            NotFound: There is no such model.
            NotPossible: It would be worse, is in use already, or the settings name a model.
            ModelTrouble: A file cannot be read.
        """
        from app.promoting import compare, promote

        compared = compare(self._settings, name, self._rows())
        if worse := compared.worse(self._settings.models.margin):
            raise NotPossible(
                Sentence(
                    "{candidate} stays where it is: it would be worse than {current}. {found}",
                    candidate=name,
                    current=compared.current,
                    found=_all(worse),
                )
            )
        return _to_move(promote(self._settings, name, why=why, by=by))

    def roll_back(self, *, why: str, by: Actor) -> ModelMove:
        """Put the former model in use again.

        Raises:
            NotPossible: There is none, or the settings name a model.
            ModelTrouble: Its file is gone or has changed.
        """
        from app.promoting import roll_back

        if self._settings.model is not None:
            raise NotPossible(
                Sentence(
                    "The setting model names {file}, and that one is used. Take the setting out.",
                    file=self._settings.model,
                )
            )
        return _to_move(roll_back(self._settings, why=why, by=by))

    def _made(self) -> ModelCard:
        shelf, fixed = Shelf(self._settings.models.folder), self._settings.model
        state = shelf.read()
        listed = shelf.all()
        in_use = self._in_use()
        return ModelCard(
            version=in_use.model.version,
            is_starter=fixed is None and state.in_use is None,
            models=tuple(
                AModel(
                    one.name,
                    one.version,
                    one.created_on,
                    one.is_in_use and fixed is None,
                    figure.macro_f1 if (figure := state.measured.get(one.sha256)) else None,
                    one.trouble,
                )
                for one in listed
            ),
            moves=tuple(_to_move(act) for act in reversed(state.history)),
            can_go_back=bool(state.former) and fixed is None,
            fixed=None if fixed is None else str(fixed),
            trouble=in_use.trouble,
        )

    def _in_use(self) -> InUse:
        """The model in use, read anew only when another has been chosen."""
        state = Shelf(self._settings.models.folder).read()
        wanted = str(self._settings.model) if self._settings.model else state.in_use.sha256 if state.in_use else ""
        with self._lock:
            if self._loaded is None or self._loaded[0] != wanted:
                self._loaded = (wanted, load_in_use(self._settings))
            return self._loaded[1]


def _marks(folder: Path) -> frozenset[_Mark]:
    """What tells whether a file of a folder has changed: name, moment, size."""
    if not folder.is_dir():
        return frozenset()
    found = ((one.name, one.stat()) for one in folder.iterdir() if one.is_file())
    return frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def _that_ship() -> Sequence[Row]:
    from app.measuring import gather

    return gather(None)


def _to_move(act: Act) -> ModelMove:
    return ModelMove(act.at, act.who, act.before.name, act.after.name, act.did == "rolled back", act.why)


def _all(found: list[Sentence]) -> Sentence:
    first, *others = found
    return Sentence("{first}; {rest}", first=first, rest=_all(others)) if others else first
