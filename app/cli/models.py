"""`vigie models`: the trained models at hand, which one is in use, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.consent import consent
from app.cli.help import add, group
from app.cli.learning import Datasets, Examples
from app.cli.output import note, out, say, say_json, table, word
from app.words import _, tell
from inbox.errors import NotPossible
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from app.models import Act, Listed, State
    from app.promoting import Comparison

app = group(_("The trained models: list them, put one in use, go back."))
_Json = Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))]
_Reason = Annotated[str, typer.Option(help=_("Why, for the record."))]


def list_models(as_json: _Json = False) -> None:
    """List the models at hand, with what each scored when it was last measured."""
    from app.models import Shelf
    from app.settings import read_settings

    settings = read_settings()
    shelf = Shelf(settings.models.folder)
    state = shelf.read()
    rows = []
    for one in shelf.all():
        figure = state.measured.get(one.sha256)
        if as_json:
            told: dict[str, object] = {
                "name": one.name,
                "version": one.version,
                "created_on": one.created_on,
                "sha256": one.sha256,
            }
            told |= {"macro_f1": figure and figure.macro_f1, "in_use": one.is_in_use and settings.model is None}
            say_json(told | {"trouble": tell(one.trouble) if one.trouble else None})
        mark = _("in use") if one.is_in_use and settings.model is None else ""
        scored = f"{figure.macro_f1:.3f}" if figure else ""
        rows.append([one.name, one.created_on, one.sha256[:12], scored, _("unreadable") if one.trouble else mark])
    if not as_json:
        out.print(table((_("model"), _("created"), _("checksum"), _("mean F1"), ""), rows))
        if settings.model is not None:
            note(_("The setting model names {file}, and that one is used.").format(file=settings.model))


def show(name: Annotated[str, typer.Argument(help=_("The name of a model."))], as_json: _Json = False) -> None:
    """Show a model: what it learnt from, its thresholds, when it was put in use and why."""
    from app.models import Shelf
    from app.settings import read_settings
    from classifiers.heads import LANGUAGES
    from classifiers.model import load_model

    shelf = Shelf(read_settings().models.folder)
    state = shelf.read()
    (listed,) = [one for one in shelf.all() if one.file == shelf.find(name)]
    model = load_model(listed.file)
    acts = [act for act in state.history if listed.sha256 in {act.before.sha256, act.after.sha256}]
    thresholds = {
        lang: {label.value: [cut.no_at, cut.yes_at] for label, cut in model.cuts(lang).items()} for lang in LANGUAGES
    }
    if as_json:
        figure = state.measured.get(listed.sha256)
        told: dict[str, object] = {"name": listed.name, "version": listed.version, "created_on": listed.created_on}
        told |= {"sha256": listed.sha256, "file": str(listed.file), "in_use": listed.is_in_use}
        told |= {"measured": figure and figure.model_dump(mode="json"), "sources": model.about["sources"]}
        say_json(told | {"thresholds": thresholds, "history": [act.model_dump(mode="json") for act in acts]})
        return
    for line in _facts(listed, state):
        say(line)
    out.print()
    say(_("Learnt from"), style="bold")
    sources = [[source["name"], source["licence"], f"{source['rows']:,}"] for source in model.about["sources"]]
    out.print(table((_("set"), _("licence"), _("rows")), sources, right=1))
    out.print()
    say(_("Thresholds: holds from the second on, does not up to the first, between them a person looks"), style="bold")
    rows = [
        [lang, word(label), f"{cut.no_at:.2f}", f"{cut.yes_at:.2f}"]
        for lang in LANGUAGES
        for label, cut in model.cuts(lang).items()
    ]
    out.print(table((_("language"), _("label"), _("no up to"), _("yes from")), rows, right=2))
    if acts:
        out.print()
        say(_("History"), style="bold")
        for act in acts:
            say(f"{act.at:%Y-%m-%d %H:%M}  {_told(act)}")


def promote(
    name: Annotated[str, typer.Argument(help=_("The name of a model."))],
    reason: _Reason = "",
    datasets: Datasets = None,
    examples: Examples = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help=_("Even when it is worse; a reason must be given, too."))
    ] = False,
    as_json: _Json = False,
) -> None:
    """Measure a model beside the one in use, and put it in use when no label would be told worse."""
    from app.measuring import gather
    from app.promoting import compare
    from app.promoting import promote as put_in_use
    from app.settings import read_settings

    if anyway and not reason.strip():
        raise typer.BadParameter(_("--anyway needs a --reason."))
    settings = read_settings()
    compared = compare(settings, name, gather(datasets, examples or ()))
    worse = compared.worse(settings.models.margin)
    if not as_json:
        _show_comparison(compared)
    if worse and not anyway:
        raise NotPossible(
            Sentence(
                "{candidate} stays where it is: it would be worse than {current} by more than {margin}. {found} "
                "To put it in use all the same: --anyway --reason WHY",
                candidate=name,
                current=compared.current,
                margin=settings.models.margin,
                found=_sentences(worse),
            )
        )
    act = put_in_use(settings, name, why=reason.strip())
    if as_json:
        say_json(act.model_dump(mode="json") | {"worse": [tell(one) for one in worse]})
        return
    for one in worse:
        note(tell(one), style="yellow")
    say(_told(act))
    note(_("Whatever starts from now on uses it. To go back: vigie models rollback"))


def rollback(reason: _Reason = "", as_json: _Json = False) -> None:
    """Put the former model in use again, byte for byte."""
    from app.promoting import roll_back
    from app.settings import read_settings

    act = roll_back(read_settings(), why=reason.strip())
    if as_json:
        say_json(act.model_dump(mode="json"))
    else:
        say(_told(act))
        note(_("Whatever starts from now on uses it."))


def _show_comparison(compared: Comparison) -> None:
    rows = [
        [
            *(word(one.label), one.lang, str(one.n), str(one.positives)),
            *(_step(*one.f1), _step(*one.average_precision)),
        ]
        for one in compared.labels
    ]
    title = _("{current} → {candidate}, on {n} rows held out")
    say(title.format(current=compared.current, candidate=compared.candidate, n=compared.rows), style="bold")
    out.print(table((_("label"), _("language"), "n", _("true"), _("F1 at ½"), "AP"), rows, right=4))
    say(_("Mean F1 over labels and languages: {ours}").format(ours=_step(*compared.macro_f1)))


def _step(was: float, would: float) -> str:
    return f"{was:.3f} → {would:.3f}"


def _sentences(worse: list[Sentence]) -> str:
    return "; ".join(tell(one) for one in worse) + "."


def _told(act: Act) -> str:
    facts = {"after": act.after.name, "before": act.before.name, "sha256": act.after.sha256[:12], "who": act.who}
    if act.did == "promoted":
        told = _("{after} ({sha256}) took the place of {before}, by {who}.").format(**facts)
    else:
        told = _("{after} ({sha256}) was put back in the place of {before}, by {who}.").format(**facts)
    return f"{told} {act.why}".rstrip()


def _facts(listed: Listed, state: State) -> list[str]:
    from app.cli.output import named

    lines = [named(listed.name, _("in use") if listed.is_in_use else _("not in use"))]
    lines.append(named(_("version"), listed.version))
    lines.append(named(_("created"), listed.created_on))
    lines.append(named(_("checksum"), listed.sha256))
    if figure := state.measured.get(listed.sha256):
        told = _("{f1} over {n} rows on {day}").format(f1=f"{figure.macro_f1:.3f}", n=figure.rows, day=figure.at.date())
        lines.append(named(_("mean F1"), told))
    return lines


add("list", list_models, to=app)
add("show", show, to=app)
add("promote", promote, to=app)
add("rollback", rollback, to=app)
add("consent", consent, to=app)
