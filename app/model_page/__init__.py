"""One page about a model: everything measured, with pictures, in a single file that loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.measuring import Measured
from app.model_page import plots
from app.words import _, spoken, tell
from classifiers.curves import Curves
from classifiers.evaluate import EVERY, KINDS, VERDICTS, Confusion, Mixed, Score
from classifiers.heads import LABELS
from classifiers.model import StarterModel
from inbox.model import Label, Signal
from inbox.wording import said


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, what it shows, and the same in words for those who cannot see it."""

    title: str
    svg: str
    told: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `share` tints it, from 0 to 1, and `style` names a class."""

    text: str
    share: float = 0.0
    style: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first `words` columns are words, the others numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    words: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A single figure with what it means."""

    figure: str
    means: str


def model_page(model: StarterModel, measured: Measured, *, made_at: datetime) -> str:
    """The page as HTML, in the language that this process speaks."""
    shelf = Environment(loader=PackageLoader("app.model_page", "."), autoescape=True, undefined=StrictUndefined)
    shelf.trim_blocks = shelf.lstrip_blocks = True
    words = {
        "lang": spoken(),
        "title": _("The model {name}, measured").format(name=model.version),
        "made": _("{n} rows held out, measured on {day}").format(n=_count(measured.n), day=f"{made_at:%Y-%m-%d}"),
        "labels": _("Labels and signals"),
        "everyday": _("In an everyday inbox"),
        "everyday_how": _(
            "Of 100 messages 40 are none of the four, 25 complaints, 20 praise, 10 sales leads and 5 offensive."
        ),
        "pictures": _("Each label, in pictures"),
        "pictures_how": _(
            "First: on the slanting line a probability can be taken at its word. Second: the diamond is where the "
            "model acts. Third: between the two dashed lines a person looks; blue rows hold the label."
        ),
        "confusion": _("What messages were called"),
        "confusion_how": _("A row is what messages truly are, a column what the model said of them."),
        "bars": _("Set by set"),
        "bars_how": _(
            "ROC-AUC: how likely a message with the label scores above one without. At the dashed line, chance."
        ),
        "functions": _("Functional tests"),
        "functions_how": _(
            "Each tries one thing a model should be able to do, the lowest first; under 70 % is marked."
        ),
        "rest": _("Every set in figures"),
    }
    page = shelf.get_template("page.html.jinja")
    return page.render(
        words=words,
        tiles=_tiles(measured),
        everyday=list(_everyday(measured.mixes)),
        scores=_score_table([one for one in measured.held_out if one.source == EVERY], measured.baseline),
        reading=list(_reading()),
        sections=[(tell(said(label)), list(_figures(label, measured.curves))) for label in LABELS],
        confusions=[(_in(one.lang), _confusion_table(one)) for one in measured.confusions],
        bars=list(_bars([*measured.held_out, *measured.left_out])),
        functions=_function_table(measured),
        every_set=_score_table([one for one in (*measured.held_out, *measured.left_out) if one.source != EVERY]),
    )


def _tiles(measured: Measured) -> Iterator[Tile]:
    yield Tile(_number(measured.macro_f1, 3), _("mean F1 over labels and languages, at a half"))
    if measured.baseline_macro_f1 is not None:
        yield Tile(_number(measured.baseline_macro_f1, 3), _("the same of a plain baseline"))
    yield Tile(_percent(measured.unsure_share), _("of messages have a label left to a person"))
    if measured.functions:
        weak = sum(score.is_weak for score in measured.functions)
        yield Tile(f"{weak} / {len(measured.functions)}", _("functional tests under 70 %"))


def _everyday(mixes: Sequence[Mixed]) -> Iterator[Tile]:
    for one in mixes:
        wrong = _("of 1,000 messages wrongly called offensive ({lang})").format(lang=_in(one.lang))
        yield Tile(_number(one.wrongly_offensive_per_1000, 1), wrong)
        praised = _("of 200 complaints called praise ({lang})").format(lang=_in(one.lang))
        yield Tile(_number(one.complaints_as_praise_per_200, 1), praised)


def _reading() -> Iterator[tuple[str, str]]:
    """What each column of the tables means."""
    yield _("precision, recall, F1"), _("of what the model is sure enough of to act on")
    yield _("F1 at ½"), _("counting every probability of a half or more, as if it might not abstain")
    yield "AUC, AP", _("ROC-AUC and average precision: how well scores order messages, whatever the thresholds")
    yield _("found"), _("the share of true rows that can be found at the precision the thresholds are set for")
    yield _("told"), _("the share of rows told yes or no rather than left to a person")
    yield _("gap"), _("how far stated probability lies from observed frequency, on average")


def _score_table(scores: Sequence[Score], theirs: Sequence[Score] = ()) -> Table:
    plain = {(score.head, score.lang, score.source): score for score in theirs}
    several = any(score.source != EVERY for score in scores)
    columns = [_("label"), _("language"), *([_("set")] if several else []), "n", _("true"), _("precision"), _("recall")]
    columns += ["F1", _("F1 at ½"), "AUC", "AP", _("found"), _("told"), _("gap")]
    columns += [_("F1 of the baseline")] if plain else []
    rows = []
    for score in scores:
        is_label = isinstance(score.head, Label)
        row = [Cell(_word(score.head)), Cell(score.lang), *([Cell(score.source)] if several else [])]
        row += [Cell(_count(score.n)), Cell(_count(score.positives))]
        row += [Cell(_number(figure, 2)) for figure in (score.acted.precision, score.acted.recall)]
        row += [Cell(_number(score.acted.f1, 3)), Cell(_number(score.forced.f1, 3), style="strong")]
        row += [Cell(_number(figure, 3)) for figure in (score.roc_auc, score.average_precision)]
        row += [Cell(_percent(score.found)), Cell(_percent(score.sure_share if is_label else None))]
        row.append(Cell(_number(score.calibration_error, 3)))
        if plain:
            beside = plain.get((score.head, score.lang, score.source))
            row.append(Cell(_number(beside.forced.f1 if beside else None, 3)))
        rows.append(row)
    return Table(columns, rows, words=3 if several else 2)


def _figures(label: Label, curves: Sequence[Curves]) -> Iterator[tuple[str, Sequence[Figure]]]:
    for one in curves:
        if one.label is not label:
            continue
        acts = _("The model acts on nothing here.")
        if one.acts is not None:
            acts = _("At the threshold {cut}, precision {precision} and recall {recall}.").format(
                cut=_number(one.acts.threshold, 2),
                precision=_percent(one.acts.precision),
                recall=_percent(one.acts.recall),
            )
        between = _("Thresholds at {no} and {yes}.").format(
            no=_number(one.cuts.no_at, 2), yes=_number(one.cuts.yes_at, 2)
        )
        means = "; ".join(f"{_percent(step.stated)} → {_percent(step.seen)}" for step in one.reliability)
        figures = [
            Figure(_("Can it be taken at its word?"), plots.reliability(one), means),
            Figure(_("What thresholds bring"), plots.trade_off(one), acts),
            Figure(_("How probabilities lie"), plots.histogram(one), between),
        ]
        held = _("{n} rows, {true} hold it").format(n=_count(one.n), true=_count(one.positives))
        yield f"{_in(one.lang)} · {held}", figures


def _confusion_table(confusion: Confusion) -> Table:
    rows = []
    for kind, counts in zip(KINDS, confusion.counts, strict=True):
        total = max(sum(counts), 1)
        cells = [
            Cell(_count(count), count / total, "right" if verdict == kind else "")
            for verdict, count in zip(VERDICTS, counts, strict=True)
        ]
        rows.append([Cell(_kind(kind)), *cells])
    return Table(["", *map(_kind, VERDICTS)], rows)


def _bars(scores: Sequence[Score]) -> Iterator[Figure]:
    for label in LABELS:
        of_label = [one for one in scores if one.head is label and one.source != EVERY and one.roc_auc is not None]
        if of_label:
            told = "; ".join(f"{plots.set_name(one.source, one.lang)} {_number(one.roc_auc, 2)}" for one in of_label)
            yield Figure(_word(label), plots.auc_bars(of_label), told)


def _function_table(measured: Measured) -> Table:
    rows = [
        [
            Cell(score.function.replace("_", " "), style="weak" if score.is_weak else ""),
            Cell(score.lang),
            Cell(_count(score.n)),
            Cell(_percent(score.right), style="weak" if score.is_weak else ""),
            Cell(_percent(score.sure_and_wrong)),
        ]
        for score in measured.functions
    ]
    return Table([_("function"), _("language"), "n", _("right"), _("sure and wrong")], rows, words=2)


def _word(head: Label | Signal) -> str:
    return tell(said(head))


def _kind(kind: str) -> str:
    others: Mapping[str, str] = {"several": _("several"), "other": _("other"), "unsure": _("not sure")}
    return others.get(kind) or _word(Label(kind))


def _in(lang: str) -> str:
    return {"fr": _("French"), "en": _("English")}.get(lang, lang)


def _number(figure: float | None, places: int) -> str:
    if figure is None:
        return ""
    told = f"{figure:.{places}f}"
    return told.replace(".", ",") if spoken() == "fr" else told


def _percent(share: float | None) -> str:
    if share is None:
        return ""
    return f"{share * 100:.0f}\u202f%" if spoken() == "fr" else f"{share:.0%}"


def _count(n: int) -> str:
    return f"{n:,}".replace(",", "\u202f") if spoken() == "fr" else f"{n:,}"
