"""What stands around a message: what it answers, where it can be seen, its files, what was said before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.text import Text

from app.cli.output import quoted
from app.words import _
from inbox.text import excerpt
from inbox.views import ContextLine, ConversationView, MessageView

_LONGEST = 90


def context_lines(view: ConversationView) -> Iterator[Text]:
    """What was said in the thread before the latest message, oldest first, by whoever is not in the conversation."""
    shown = {(message.sent_at, message.text) for message in view.messages}
    others = [line for line in view.context if (line.sent_at, line.text) not in shown]
    if others:
        yield Text(_("Before it in this thread"), style="dim bold")
    for line in others:
        yield Text(f"  {_who(line)}: {excerpt(line.text, _LONGEST)}", style="dim")


def message_lines(message: MessageView) -> Iterator[Text]:
    """What a message answers, where it can be seen, and its files."""
    if message.parent is not None:
        words = quoted(excerpt(message.parent.text, _LONGEST))
        yield Text("  " + _("answers {who}: {words}").format(who=_who(message.parent), words=words), style="dim")
    for file in message.attachments:
        kept = _("copied") if file.path else _("not copied")
        yield Text("  " + _("file: {name} ({kept})").format(name=file.name, kept=kept), style="dim")
    if message.permalink:
        yield Text(f"  {message.permalink}", style="dim")


def to_json(message: MessageView) -> dict[str, Any]:
    """The same for machines."""
    return {
        "external_id": message.external_id,
        "permalink": message.permalink,
        "parent": line_to_json(message.parent) if message.parent else None,
        "attachments": [asdict(file) for file in message.attachments],
    }


def line_to_json(line: ContextLine) -> dict[str, Any]:
    """A message around another for machines."""
    return {"author": line.author, "ours": line.is_ours, "text": line.text, "sent_at": line.sent_at}


def _who(line: ContextLine) -> str:
    return f"{_('us')} ({line.author})" if line.is_ours else line.author or _("somebody")
