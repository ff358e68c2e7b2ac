"""The command `vigie`: one verb per command, each a few lines over a function that others can import."""

from __future__ import annotations

from app.cli import (
    appeals,
    approvals,
    cases,
    classify,
    crisis,
    demo,
    inbox,
    intake,
    label,
    leads,
    learning,
    models,
    moderate,
    operate,
    outbox,
    report,
    responses,
    rules,
    run,
    suggest,
    team,
    tokens,
)
from app.cli.help import add, group
from app.shell import run_app
from app.words import _

app = group(
    _("Vigie reads what people write to a brand, labels it, drafts replies and escalates. A person sends."),
    name="vigie",
    pretty_exceptions_enable=False,
)

_DAY = _("A moderator's day")
_TRY = _("Try and check")
_OPERATE = _("Operate")


add("import", intake.import_file, to=app, panel=_DAY)
add("triage", inbox.triage, to=app, panel=_DAY)
add("inbox", inbox.queue, to=app, panel=_DAY)
add("show", inbox.show, to=app, panel=_DAY)
add("label", label.label, to=app, panel=_DAY)
add("suggest", suggest.suggest, to=app, panel=_DAY)
add("send", inbox.send, to=app, panel=_DAY)
add("undo", inbox.undo, to=app, panel=_DAY)
add("edit", inbox.edit, to=app, panel=_DAY)
add("retract", inbox.retract, to=app, panel=_DAY)
add("discard", inbox.discard, to=app, panel=_DAY)
app.add_typer(moderate.app, name="moderate", rich_help_panel=_DAY)
app.add_typer(cases.app, name="cases", rich_help_panel=_DAY)
app.add_typer(appeals.app, name="appeals", rich_help_panel=_DAY)
app.add_typer(approvals.app, name="approvals", rich_help_panel=_DAY)
app.add_typer(leads.app, name="leads", rich_help_panel=_DAY)
add("report", report.report, to=app, panel=_DAY)
add("demo", demo.demo, to=app, panel=_TRY)
add("classify", classify.classify, to=app, panel=_TRY)
app.add_typer(responses.app, name="responses", rich_help_panel=_TRY)
app.add_typer(rules.app, name="rules", rich_help_panel=_TRY)
add("train", learning.train, to=app, panel=_TRY)
add("evaluate", learning.evaluate, to=app, panel=_TRY)
app.add_typer(models.app, name="models", rich_help_panel=_TRY)
add("run", run.run, to=app, panel=_OPERATE)
add("gateway", run.gateway, to=app, panel=_OPERATE)
add("worker", run.worker, to=app, panel=_OPERATE)
add("web", run.web, to=app, panel=_OPERATE)
app.add_typer(team.app, name="user", rich_help_panel=_OPERATE)
app.add_typer(tokens.app, name="token", rich_help_panel=_OPERATE)
add("pause", operate.pause, to=app, panel=_OPERATE)
add("resume", operate.resume, to=app, panel=_OPERATE)
app.add_typer(crisis.app, name="crisis", rich_help_panel=_OPERATE)
app.add_typer(outbox.app, name="outbox", rich_help_panel=_OPERATE)
app.add_typer(operate.audit, name="audit", rich_help_panel=_OPERATE)
app.add_typer(operate.db, name="db", rich_help_panel=_OPERATE)
add("doctor", operate.doctor, to=app, panel=_OPERATE)


def main() -> None:
    """Run the command line; an error of ours is told in words and ends with exit code 1."""
    run_app(app)


if __name__ == "__main__":
    main()
