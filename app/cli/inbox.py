"""The moderator's commands: triage, the queue, one conversation, and what becomes of a draft."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from app.cli.output import (
    err,
    note,
    out,
    say,
    say_json,
)
from app.words import _
from inbox.abilities import NOTHING
from inbox.errors import NotFound, Unsendable
from inbox.model import Label, SlaState, Status, Visibility
from inbox.sentences import Sentence

_WORTH_A_RATE = 500


class SlaWord(StrEnum):
    """What can come of a promise."""

    DUE_SOON = "due_soon"
    BREACHED = "breached"


_Json = Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))]


def triage() -> None:
    """Label, decide and draft for every message that waits, then stop. Nothing is sent."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from app.settings import read_settings
    from app.wiring import open_desk
    from inbox import pipeline

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with open_desk(read_settings()) as desk:
        with desk.store.read() as books:
            waiting = books.count_waiting()
        done, began = 0, time.perf_counter()
        with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
            bar = progress.add_task(_("triage"), total=waiting)
            while batch := pipeline.triage(desk):
                done += batch
                progress.update(bar, completed=done, total=max(waiting, done))
    rate = round(done / max(time.perf_counter() - began, 0.001))
    say(_("{done} messages triaged.").format(done=done))
    if done >= _WORTH_A_RATE:
        note(_("{rate} a second. See them with: vigie inbox").format(rate=rate))


def queue(
    label: Annotated[
        str | None, typer.Option(help=_("Only praise, complaint, sales_lead, offensive, or unsure."))
    ] = None,
    status: Annotated[Status | None, typer.Option(help=_("Only open, pending, snoozed or resolved."))] = None,
    channel: Annotated[str | None, typer.Option(help=_("Only what came by this channel."))] = None,
    queue_name: Annotated[str | None, typer.Option("--queue", help=_("Only what waits in this queue."))] = None,
    sla: Annotated[
        SlaWord | None, typer.Option(help=_("Only what is due soon (due_soon), or late (breached)."))
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=_("How many at the most."))] = 30,
    as_json: _Json = False,
) -> None:
    """List the conversations, the most pressing first."""
    from app.cli.conversation import queue_to_json, queue_view
    from app.settings import read_settings
    from app.wiring import now, open_store
    from inbox.views import QueueFilter

    known = [*(word.value for word in Label), "unsure"]
    if label is not None and label not in known:
        raise typer.BadParameter(_("one of: {known}").format(known=", ".join(known)), param_hint="--label")
    state = None if sla is None else SlaState(sla)
    wanted = QueueFilter(label=label, status=status, channel=channel, queue=queue_name, limit=limit, sla=state)
    settings = read_settings()
    hours = settings.brand.to_brand().hours
    with open_store(settings) as store, store.read() as books:
        items = books.queue(wanted)
    if as_json:
        for item in items:
            say_json(queue_to_json(item, now=now(), hours=hours))
    elif items:
        for line in queue_view(items, now(), hours=hours, width=out.width):
            out.print(line)
        if len(items) == limit:
            note(_("There may be more: --limit {more}").format(more=limit * 2))
    else:
        say(_("Nothing here. Take messages in with: vigie import FILE"))


def show(
    conversation: Annotated[int, typer.Argument(metavar="ID", help=_("The number of the conversation."))],
    reveal: Annotated[bool, typer.Option("--reveal", help=_("Show offensive text, too."))] = False,
    as_json: _Json = False,
) -> None:
    """Show one conversation: messages, labels with reasons, the rule that decided, drafts, clocks, the audit log."""
    from app.cli.conversation import conversation_to_json, show_conversation
    from app.settings import read_settings
    from app.wiring import known_abilities, now, open_store

    settings = read_settings()
    hours = settings.brand.to_brand().hours
    with open_store(settings) as store, store.read() as books:
        found = books.conversation(conversation)
    if found is None:
        raise NotFound(Sentence("There is no conversation {id}. List them with: vigie inbox", id=conversation))
    if as_json:
        say_json(conversation_to_json(found, now=now(), hours=hours))
    else:
        abilities = known_abilities().get(found.channel, NOTHING)
        show_conversation(found, now=now(), hours=hours, reveal=reveal, abilities=abilities)


def send(
    draft: Annotated[int, typer.Argument(metavar="DRAFT", help=_("The number of the draft."))],
    text: Annotated[str | None, typer.Option(help=_("Other words than the draft's."))] = None,
    privately: Annotated[
        bool, typer.Option("--private", help=_("To the contact alone, though the message is public."))
    ] = False,
    all_the_same: Annotated[
        bool, typer.Option("--all-the-same", help=_("Although a check stops it, where a person may."))
    ] = False,
    mend: Annotated[bool, typer.Option("--mend", help=_("With the spaces of French typography set right."))] = False,
) -> None:
    """Send a draft in your name. It leaves when the hold is over, while `vigie run` is running."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.drafting import mended_draft
    from inbox.replies import send_draft

    settings = read_settings()
    with open_desk(settings) as desk:
        by = shell_user(desk.store)
        if mend:
            text = mended_draft(desk, draft, text=text)
        with _offers_insisting():
            sent = send_draft(desk, draft, by=by, text=text, privately=privately, insists=all_the_same)
        with desk.store.read() as books:
            place = books.conversation(sent.conversation_id)
    seconds = f"{settings.hold_seconds:g}"
    say(_("Number {id} leaves in {seconds} s. To take it back: vigie undo {id}").format(id=sent.id, seconds=seconds))
    if place is not None and place.visibility is Visibility.PUBLIC and not privately:
        note(_("It is public: everyone there can read it."))
    elif place is not None:
        note(_("It is private: only the contact can read it."))


@contextmanager
def _offers_insisting() -> Iterator[None]:
    """Where a check stops words that a person may send all the same, say how."""
    try:
        yield
    except Unsendable as error:
        if error.may_insist:
            note(_("To send it all the same, add --all-the-same."))
        raise


def undo(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=_("The number that vigie send gave."))],
) -> None:
    """Take back what has not left yet; its draft is open again."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.replies import undo_send

    with open_desk(read_settings()) as desk:
        undo_send(desk, number, by=shell_user(desk.store))
    say(_("Number {id} was taken back. Nothing has left.").format(id=number))


def edit(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=_("The number of a reply that has left."))],
    text: Annotated[str, typer.Argument(help=_("How it is to read."))],
    all_the_same: Annotated[
        bool, typer.Option("--all-the-same", help=_("Although a check stops it, where a person may."))
    ] = False,
) -> None:
    """Change a reply that has left, on the channel itself, where the channel lets you."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.replies import edit_sent

    with open_desk(read_settings()) as desk, _offers_insisting():
        change = edit_sent(desk, number, text=text, by=shell_user(desk.store), insists=all_the_same)
    say(_("Number {id} changes it, while vigie run is running.").format(id=change.id))


def retract(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=_("The number of a reply that has left."))],
) -> None:
    """Take back a reply that has left, on the channel itself, where the channel lets you."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.replies import retract_sent

    settings = read_settings()
    with open_desk(settings) as desk:
        change = retract_sent(desk, number, by=shell_user(desk.store))
    seconds = f"{settings.hold_seconds:g}"
    say(_("It is taken back in {seconds} s. To leave it there: vigie undo {id}").format(id=change.id, seconds=seconds))


def discard(draft: Annotated[int, typer.Argument(metavar="DRAFT", help=_("The number of the draft."))]) -> None:
    """Throw a draft away."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.replies import discard_draft

    with open_desk(read_settings()) as desk:
        discard_draft(desk, draft, by=shell_user(desk.store))
    say(_("Draft {id} was thrown away.").format(id=draft))
