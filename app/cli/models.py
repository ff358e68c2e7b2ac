"""`vigie train` and `vigie evaluate`: learn a model, measure one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import err, note, out, say, say_json, table, word
from app.words import _, tell
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from classifiers.evaluate import Score

_Datasets = Annotated[
    Path | None, typer.Option(help=_("A folder of public labelled sets; else only the examples that ship."))
]


def train(
    datasets: _Datasets = None,
    version: Annotated[str | None, typer.Option(help=_("The name of the model; else one made of the day."))] = None,
    target: Annotated[
        Path | None, typer.Option("--out", help=_("Where the file goes; else var/models/VERSION.safetensors."))
    ] = None,
    unknown_too: Annotated[
        bool, typer.Option("--unknown-too", help=_("Learn from sets whose licence Vigie does not know, too."))
    ] = False,
) -> None:
    """Train a model on the examples that ship, and on public sets whose licence allows it."""
    from rich.progress import Progress

    from app.measuring import gather
    from classifiers.train import train as learn

    today = datetime.now(UTC).date()
    name = version or f"own-{today:%Y.%m.%d}"
    file = target or Path("var/models") / f"{name}.safetensors"
    rows = gather(datasets)
    if datasets is None:
        note(_("Only the examples that ship are learnt from; the model that ships knows more. See --datasets."))
    with Progress(console=err, disable=not err.is_terminal) as progress:
        bar = progress.add_task("", total=None)

        def watch(doing: Sentence, done: int, of: int) -> None:
            progress.update(bar, description=tell(doing), completed=done, total=of)

        file.parent.mkdir(parents=True, exist_ok=True)
        learn(rows, file, version=name, created_on=today, unknown_too=unknown_too, progress=watch)
    say(_("The model is in {file}. Measure it: vigie evaluate --model {file}").format(file=file))


def evaluate(
    datasets: _Datasets = None,
    model: Annotated[Path | None, typer.Option(help=_("A model file, rather than the one that ships."))] = None,
    baseline: Annotated[
        bool, typer.Option("--baseline", help=_("Beside a plain TF-IDF and logistic regression, on the same rows."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False,
) -> None:
    """Measure a model on examples it has not learnt from, and on sets left out whole."""
    from app.measuring import gather, measure
    from app.wiring import build_classifier

    classifier = build_classifier(model)
    measured = measure(classifier, gather(datasets), with_baseline=baseline)
    if as_json:
        for kind, scores in (("held out", measured.held_out), ("left out", measured.left_out)):
            for score in scores:
                say_json({"model": classifier.version, "rows": kind} | _to_json(score))
        for kind, scores in (("held out", measured.baseline), ("left out", measured.baseline_left_out)):
            for score in scores:
                say_json({"model": "baseline", "rows": kind} | _to_json(score))
        return
    _show(_("{model} on rows held out").format(model=classifier.version), measured.held_out, measured.baseline)
    if measured.left_out:
        out.print()
        _show(_("On sets left out whole"), measured.left_out, measured.baseline_left_out)
    out.print()
    beside = measured.baseline_macro_f1
    say(
        _("Mean F1 over labels and languages: {ours}").format(ours=f"{measured.macro_f1:.3f}")
        + (_(" (plain baseline: {theirs})").format(theirs=f"{beside:.3f}") if beside is not None else "")
    )
    say(_("Messages with a label left to a person: {share}").format(share=f"{measured.unsure_share:.0%}"))


def _show(title: str, scores: Sequence[Score], theirs: Sequence[Score]) -> None:
    plain = {(score.head, score.lang, score.source): score for score in theirs}
    columns = [_("label"), _("language"), _("set"), "n", _("true"), _("precision"), _("recall"), _("unsure")]
    columns += ["F1", "AP", _("calibration error")] + ([_("F1 of the baseline")] if plain else [])
    rows = []
    for score in scores:
        beside = plain.get((score.head, score.lang, score.source))
        row = [word(score.head), score.lang, score.source, str(score.n), str(score.positives)]
        row += [f"{score.acted.precision:.2f}", f"{score.acted.recall:.2f}", f"{score.unsure_share:.0%}"]
        row += [f"{score.forced.f1:.3f}", f"{score.average_precision:.3f}", f"{score.calibration_error:.3f}"]
        rows.append(row + ([f"{beside.forced.f1:.3f}"] if beside else []))
    say(title, style="bold")
    out.print(table(columns, rows, right=len(columns) - 3))


def _to_json(score: Score) -> dict[str, object]:
    return {
        "label": score.head,
        "lang": score.lang,
        "set": score.source,
        "n": score.n,
        "true": score.positives,
        "precision": round(score.acted.precision, 4),
        "recall": round(score.acted.recall, 4),
        "unsure": round(score.unsure_share, 4),
        "f1": round(score.forced.f1, 4),
        "average_precision": round(score.average_precision, 4),
        "calibration_error": round(score.calibration_error, 4),
    }
