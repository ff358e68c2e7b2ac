"""`vigie rules`: read the rule book, check it, try it on a text; see `app.cli.modes`, `versions`, `backtest`, too."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from app.cli.backtest import backtest
from app.cli.brand import Brand, settings_of
from app.cli.help import add, group
from app.cli.modes import demote, modes, promote
from app.cli.output import named, note, out, prediction_text, quoted, say, say_json, table
from app.cli.versions import diff, rollback, versions
from app.words import _, tell
from inbox.model import Kind, Visibility

app = group(_("The rule book: list it, check it, try it on a text."))
_Json = Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))]


def check(brand: Brand = None) -> None:
    """Check the rule book and say what is wrong or doubtful in it."""
    from app.wiring import known_abilities, read_responses, read_rules, rules_path
    from routing.lint import lint

    settings = settings_of(brand)
    book = read_rules(settings, read_responses(settings))
    doubts = lint(book, abilities=known_abilities())
    for doubt in doubts:
        say(tell(doubt), style="yellow")
    path = rules_path(settings)
    name = str(path) if path else _("the rule book that ships")
    say(_("{name}: {n} rules. Doubts: {doubts}.").format(name=name, n=len(book.rules), doubts=len(doubts)))


def list_rules(as_json: _Json = False, brand: Brand = None) -> None:
    """List the rules in the order they are asked."""
    from app.wiring import read_responses, read_rules
    from inbox.actions import to_words

    settings = settings_of(brand)
    book = read_rules(settings, read_responses(settings))
    rows = []
    for number, rule in enumerate(book.rules, start=1):
        actions = [to_words(action) for action in rule.actions]
        conditions = [condition.says for condition in rule.conditions]
        if as_json:
            told = {"rule": rule.name, "when": conditions, "then": actions, "mode": rule.mode, "stop": rule.stop}
            say_json(told)
        stops = _("yes") if rule.stop else ""
        rows.append((str(number), _(rule.name), "\n".join(conditions), _then(actions), rule.mode.value, stops))
    if not as_json:
        out.print(table(("", _("rule"), _("when all hold"), _("then"), _("mode"), _("stops")), rows))


def try_text(
    text: Annotated[str, typer.Argument(help=_("What somebody might write."))],
    channel: Annotated[str, typer.Option(help=_("The channel it would come by."))] = "console",
    kind: Annotated[Kind, typer.Option(help=_("How it would come."))] = Kind.COMMENT,
    private: Annotated[bool, typer.Option("--private", help=_("As a private message."))] = False,
    lang: Annotated[str | None, typer.Option(help=_("The language that the channel tells, such as fr."))] = None,
    as_json: _Json = False,
    brand: Brand = None,
) -> None:
    """Show what the rule book would do with a text, condition by condition. Nothing is done."""
    from app.classify import to_object
    from app.cli.conversation import action_words
    from app.entities import KINDS, entities_in
    from app.entities import to_object as entity_to_object
    from app.wiring import build_classifier, now, read_responses, read_rules
    from inbox.actions import to_words
    from inbox.trying import try_text as try_

    settings = settings_of(brand)
    tried = try_(
        text,
        rules=read_rules(settings, read_responses(settings)),
        classifier=build_classifier(settings),
        channel=channel,
        kind=kind,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        lang=lang,
        hours=settings.brand.to_brand().hours,
        now=now(),
    )
    prediction, decision = tried.prediction, tried.decision
    entities = entities_in(text, prediction.lang)
    if as_json:
        rules = [
            {
                "rule": asked.rule,
                "held": asked.held,
                "conditions": [{"says": condition.says, "held": condition.held} for condition in asked.conditions],
            }
            for asked in decision.trace
        ]
        actions = [to_words(plan.action) | {"rule": plan.rule, "mode": plan.mode} for plan in decision.actions]
        told = {"prediction": to_object(prediction, None, explain=True), "because": list(decision.because)}
        named_in_text = [entity_to_object(entity) for entity in entities]
        notes = [tell(remark) for remark in decision.notes]
        say_json(told | {"entities": named_in_text, "actions": actions, "notes": notes, "trace": rules})
        return
    out.print(prediction_text(prediction) + Text(f"  ({prediction.lang}, {prediction.model})", "dim"))
    for entity in entities:
        read_as = f" = {entity.value}" if entity.value not in {None, entity.text} else ""
        say(f"  {named(tell(KINDS[entity.kind]), entity.text)}{read_as}")
    for asked in decision.trace:
        out.print(Text(f"{_mark(asked.held)} {_(asked.rule)}", style="bold" if asked.held else "dim"))
        for condition in asked.conditions:
            out.print(Text(f"    {_mark(condition.held)} {condition.says}", style="" if condition.held else "dim"))
    for plan in decision.actions:
        say(f"→ {action_words(to_words(plan.action))}  {quoted(_(plan.rule))}")
    for remark in decision.notes:
        say(f"  {tell(remark)}", style="yellow")
    if not decision.because:
        say(_("No rule holds: a person decides."))
    note(_("Nothing was done."))


def _mark(held: bool) -> str:
    return "✓" if held else "✗"


def _then(actions: list[dict[str, object]]) -> str:
    from app.cli.conversation import action_words

    return "\n".join(action_words(action) for action in actions)


add("check", check, to=app)
add("list", list_rules, to=app)
add("test", try_text, to=app)
add("backtest", backtest, to=app)
add("modes", modes, to=app)
add("promote", promote, to=app)
add("demote", demote, to=app)
add("versions", versions, to=app)
add("diff", diff, to=app)
add("rollback", rollback, to=app)
