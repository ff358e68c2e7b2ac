"""`vigie train` and `vigie evaluate`: learn a model, measure one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from app.cli.output import err, named, note, out, say, say_json, table, word
from app.words import _, tell
from inbox.learning import WHY, LeftOut
from inbox.model import Label
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from app.measuring import Measured
    from app.models import Shelf
    from app.settings import Settings
    from classifiers.evaluate import Confusion, Score
    from classifiers.functions import FunctionScore
    from inbox.learning import ChannelLessons

Datasets = Annotated[
    Path | None, typer.Option(help=_("A folder of public labelled sets; else only the examples that ship."))
]
Examples = Annotated[
    list[Path] | None,
    typer.Option(help=_("JSON lines that you have labelled: text, lang, labels. May be repeated.")),
]
_WEAKEST = 12


def train(
    datasets: Datasets = None,
    examples: Examples = None,
    version: Annotated[str | None, typer.Option(help=_("The name of the model; else one made of the day."))] = None,
    target: Annotated[
        Path | None, typer.Option("--out", help=_("Where the file goes; else among the trained models."))
    ] = None,
    unknown_too: Annotated[
        bool, typer.Option("--unknown-too", help=_("Learn from sets whose licence Vigie does not know, too."))
    ] = False,
    corrections: Annotated[
        bool,
        typer.Option(
            "--corrections/--no-corrections", help=_("Learn from what people have said of messages in the inbox.")
        ),
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False,
) -> None:
    """Train a model on the examples that ship, on yours, on corrections, and on public sets that allow it."""
    from rich.progress import Progress

    from app.corrections import Lessons, read_lessons
    from app.measuring import gather, measured_rows
    from app.settings import read_settings
    from classifiers.evaluate import EVERY, ask, score_rows
    from classifiers.model import load_model
    from classifiers.sources import YOURS
    from classifiers.train import train as learn

    today = datetime.now(UTC).date()
    name = version or f"own-{today:%Y.%m.%d}"
    settings = read_settings()
    file = target or settings.models.folder / f"{name}.safetensors"
    lessons = read_lessons(settings) if corrections else Lessons()
    rows = gather(datasets, examples or (), corrections=lessons.rows)
    if not as_json:
        _show_lessons(lessons.channels, settings)
    if datasets is None:
        note(_("Of public sets nothing is learnt; the model that ships knows more of them. See --datasets."))
    with Progress(console=err, disable=not err.is_terminal) as progress:
        bar = progress.add_task("", total=None)

        def watch(doing: Sentence, done: int, of: int) -> None:
            progress.update(bar, description=tell(doing), completed=done, total=of)

        file.parent.mkdir(parents=True, exist_ok=True)
        learn(rows, file, version=name, created_on=today, unknown_too=unknown_too, progress=watch)
    held_out = measured_rows(rows)
    scores = score_rows(ask(load_model(file), held_out), held_out)
    shown = [one for one in scores if one.source == EVERY or one.source.startswith(f"{YOURS}/")]
    if as_json:
        for line in (
            *map(_lessons_to_json, lessons.channels),
            *({"rows": "held out"} | _to_json(one) for one in shown),
        ):
            say_json({"model": name} | line)
        say_json({"model": name, "rows": "file", "file": str(file)})
        return
    _show(_("{model} on the fifth held out").format(model=name), shown)
    out.print()
    if target is None:
        say(_("The model is in {file}. To use it: vigie models promote {name}").format(file=file, name=name))
    else:
        say(_("The model is in {file}. Measure it: vigie evaluate --model {file}").format(file=file))


def evaluate(
    datasets: Datasets = None,
    examples: Examples = None,
    model: Annotated[
        str | None, typer.Option(help=_("A model file, or the name of a trained model, rather than the one in use."))
    ] = None,
    baseline: Annotated[
        bool, typer.Option("--baseline", help=_("Beside a plain TF-IDF and logistic regression, on the same rows."))
    ] = False,
    sources: Annotated[bool, typer.Option("--sources", help=_("Every set by itself, too."))] = False,
    page: Annotated[
        Path | None, typer.Option(help=_("Write everything with pictures to an HTML file that stands by itself."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON, every set by itself."))] = False,
) -> None:
    """Measure a model on examples it has not learnt from, on sets left out whole, and on functional tests."""
    from app.measuring import gather, measure
    from app.models import Shelf
    from app.settings import read_settings
    from app.wiring import build_classifier, now

    settings = read_settings()
    shelf = Shelf(settings.models.folder)
    named = None if model is None else _file_of(shelf, model)
    classifier = build_classifier(settings, file=named)
    measured = measure(classifier, gather(datasets, examples or ()), with_baseline=baseline)
    if named is not None and named.parent == settings.models.folder:
        shelf.note_measured(named, macro_f1=measured.macro_f1, rows=measured.n, at=now())
    if page is not None:
        from app.model_page import model_page

        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(model_page(classifier, measured, made_at=now()), encoding="utf-8")
    if as_json:
        for told in _lines(measured):
            say_json({"model": classifier.version} | told)
    else:
        _tell_all(classifier.version, measured, sources=sources)
        if page is not None:
            say(_("With pictures: {file}").format(file=page))


def _show_lessons(channels: Sequence[ChannelLessons], settings: Settings) -> None:
    """How many corrections are learnt from, channel by channel, how many are not, and what that is owed to."""
    from app.consents import setting_of

    if not channels:
        return
    say(_("Corrections to learn from"), style="bold")
    for one in channels:
        parts = [_("{n} taken").format(n=one.taken)] if one.taken or not one.left_out else []
        parts += [_("{n} left out: {why}").format(n=n, why=tell(WHY[reason])) for reason, n in one.left_out.items()]
        say(named(one.channel, "; ".join(parts)))
    for one in channels:
        if LeftOut.NO_CONSENT in one.left_out:
            setting = setting_of(settings, one.channel)
            way = _("the setting {setting}").format(setting=setting) if setting else _consent_to(one.channel)
            note(_("If the terms of {channel} allow it, let them in: {way}").format(channel=one.channel, way=way))
    out.print()


def _consent_to(channel: str) -> str:
    return f"vigie models consent {channel} --allow"


def _lessons_to_json(lessons: ChannelLessons) -> dict[str, object]:
    told: dict[str, object] = {"rows": "corrections", "channel": lessons.channel, "may_train": lessons.may_train}
    return told | {"taken": lessons.taken, "left_out": dict(lessons.left_out)}


def _file_of(shelf: Shelf, model: str) -> Path:
    """A model by the path of its file, else by its name."""
    file = Path(model)
    return file if file.suffix or file.is_file() else shelf.find(model)


def _tell_all(name: str, measured: Measured, *, sources: bool) -> None:
    from classifiers.evaluate import EVERY

    held_out = [one for one in measured.held_out if sources or one.source == EVERY]
    _show(_("{model} on rows held out").format(model=name), held_out, measured.baseline)
    if measured.left_out:
        out.print()
        left_out = [one for one in measured.left_out if one.source != EVERY]
        _show(_("On sets left out whole"), left_out, measured.baseline_left_out)
    for confusion in measured.confusions:
        out.print()
        _show_confusion(confusion)
    if measured.functions:
        out.print()
        _show_functions(measured.functions)
    out.print()
    for rates in measured.mixes:
        told = _(
            "Everyday inbox ({lang}): {wrong} of 1,000 messages wrongly called offensive, "
            "{praised} of 200 complaints called praise"
        )
        wrong, praised = rates.wrongly_offensive_per_1000, rates.complaints_as_praise_per_200
        say(told.format(lang=rates.lang, wrong=f"{wrong:.1f}", praised=f"{praised:.1f}"))
    beside = measured.baseline_macro_f1
    say(
        _("Mean F1 over labels and languages: {ours}").format(ours=f"{measured.macro_f1:.3f}")
        + (_(" (plain baseline: {theirs})").format(theirs=f"{beside:.3f}") if beside is not None else "")
    )
    say(_("Messages with a label left to a person: {share}").format(share=f"{measured.unsure_share:.0%}"))


def _show(title: str, scores: Sequence[Score], theirs: Sequence[Score] = ()) -> None:
    """Scores as two tables that fit a terminal: what the model acts on, where labels have thresholds; how it orders."""
    from classifiers.evaluate import EVERY

    by_set = any(score.source != EVERY for score in scores)
    group = [_("label"), _("language"), *([_("set")] if by_set else [])]
    plain = {(score.head, score.lang, score.source): score for score in theirs}
    acting, ordering = [], []
    for score in scores:
        row = [word(score.head), score.lang, *([score.source] if by_set else []), str(score.n), str(score.positives)]
        if isinstance(score.head, Label):
            hits = [f"{figure:.2f}" for figure in (score.acted.precision, score.acted.recall, score.acted.f1)]
            acting.append([*row, *hits, f"{score.found or 0:.0%}", f"{score.sure_share:.0%}"])
        figures = [f"{score.forced.f1:.3f}", "" if score.roc_auc is None else f"{score.roc_auc:.3f}"]
        figures += [f"{score.average_precision:.3f}", f"{score.calibration_error:.3f}"]
        beside = plain.get((score.head, score.lang, score.source))
        ordering.append([*row, *figures, *([f"{beside.forced.f1:.3f}" if beside else ""] if plain else [])])
    say(title, style="bold")
    columns = ["n", _("true"), _("precision"), _("recall"), "F1", _("found"), _("told")]
    out.print(table([*group, *columns], acting, right=len(columns)))
    out.print()
    columns = ["n", _("true"), _("F1 at ½"), "AUC", "AP", _("gap"), *([_("F1 of the baseline")] if plain else [])]
    out.print(table([*group, *columns], ordering, right=len(columns)))


def _show_confusion(confusion: Confusion) -> None:
    from classifiers.evaluate import KINDS, VERDICTS

    say(_("What messages were called ({lang})").format(lang=confusion.lang), style="bold")
    rows = []
    for kind, counts in zip(KINDS, confusion.counts, strict=True):
        cells = [
            Text(str(count), style="green" if verdict == kind else "" if count else "dim")
            for verdict, count in zip(VERDICTS, counts, strict=True)
        ]
        rows.append([Text(_kind_word(kind)), *cells])
    columns = ["", *(_kind_word(verdict) for verdict in VERDICTS)]
    out.print(table(columns, rows, right=len(VERDICTS)))


def _show_functions(scores: Sequence[FunctionScore]) -> None:
    weak = sum(score.is_weak for score in scores)
    told = _("Functional tests: {weak} of {all} functions under 70 %, the lowest first")
    say(told.format(weak=weak, all=len(scores)), style="bold")
    rows = [
        [
            Text(score.function, style="red" if score.is_weak else ""),
            Text(score.lang),
            Text(str(score.n)),
            Text(f"{score.right:.0%}"),
            Text(f"{score.sure_and_wrong:.0%}"),
        ]
        for score in scores[:_WEAKEST]
    ]
    out.print(table([_("function"), _("language"), "n", _("right"), _("sure and wrong")], rows, right=3))
    if len(scores) > _WEAKEST:
        note(_("All of them: --page or --json."))


def _kind_word(kind: str) -> str:
    """What a message is or was called, in the reader's language."""
    others = {"several": _("several"), "other": _("other"), "unsure": _("not sure")}
    return others.get(kind) or word(Label(kind))


def _lines(measured: Measured) -> Iterator[dict[str, object]]:
    """Everything measured, as objects for machines."""
    for kind, scores in (("held out", measured.held_out), ("left out", measured.left_out)):
        yield from ({"rows": kind} | _to_json(score) for score in scores)
    for kind, scores in (("held out", measured.baseline), ("left out", measured.baseline_left_out)):
        yield from ({"model": "baseline", "rows": kind} | _to_json(score) for score in scores)
    yield from ({"rows": "confusion"} | _confusion_to_json(confusion) for confusion in measured.confusions)
    yield from ({"rows": "everyday mix"} | _rounded(asdict(rates)) for rates in measured.mixes)
    yield from ({"rows": "function"} | _rounded(asdict(score)) for score in measured.functions)
    total = {"rows": "total", "n": measured.n, "macro_f1": measured.macro_f1, "unsure": measured.unsure_share}
    yield _rounded(total)


def _to_json(score: Score) -> dict[str, object]:
    return _rounded(
        {
            "label": score.head,
            "lang": score.lang,
            "set": score.source,
            "n": score.n,
            "true": score.positives,
            "precision": score.acted.precision,
            "recall": score.acted.recall,
            "f1_acted": score.acted.f1,
            "f1": score.forced.f1,
            "roc_auc": score.roc_auc,
            "average_precision": score.average_precision,
            "found": score.found,
            "unsure": score.unsure_share,
            "calibration_error": score.calibration_error,
        }
    )


def _confusion_to_json(confusion: Confusion) -> dict[str, object]:
    from classifiers.evaluate import KINDS, VERDICTS

    counts = zip(KINDS, confusion.counts, strict=True)
    return {"lang": confusion.lang, "counts": {kind: dict(zip(VERDICTS, row, strict=True)) for kind, row in counts}}


def _rounded(told: Mapping[str, object]) -> dict[str, object]:
    return {name: round(fact, 4) if isinstance(fact, float) else fact for name, fact in told.items()}
