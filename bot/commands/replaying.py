"""How a replay of the past is told in a chat: a line a rule. Pure."""

from __future__ import annotations

from bot.commands.views import Line, Text, View, When, bold, dotted, line
from inbox.backtest import Backtest, RuleRecord
from inbox.sentences import Sentence


def replay_told(done: Backtest) -> View:
    """What the rules would have done, what would have been sent, and whether people did the same."""
    found = done.found
    lines: list[Line] = [
        line(bold(Sentence("messages replayed: {n}", n=found.replayed)), Sentence(", since "), When(done.since))
    ]
    if done.count.unread:
        lines.append(line(Sentence("not labelled yet, and left out: {n}", n=done.count.unread)))
    lines += [_rule(record) for record in found.rules if record.matches]
    if found.replayed:
        lines.append(
            dotted(
                Sentence("no rule holds: {n}", n=found.no_rule),
                Sentence("drafts: {n}", n=found.drafted),
                Sentence("sent by itself, at the most: {n}", n=found.sent),
                Sentence("answers by people: {n}", n=found.answered),
            )
        )
    lines.append(line(Sentence("Nothing was done.")))
    return View(tuple(lines))


def _rule(record: RuleRecord) -> Line:
    words = record.words
    told: list[Text | None] = [
        f"{record.matches} ×",
        Sentence("in shadow") if record.in_shadow else None,
        Sentence("with words: {n}", n=words.prepared) if words.prepared else None,
        Sentence("sent by itself, at the most: {n}", n=words.sent) if words.sent else None,
        Sentence("people answered alike: {n} of {whole}", n=words.same, whole=words.answered)
        if words.answered
        else None,
        Sentence("labels put right: {n} of {whole}", n=record.put_right, whole=record.judged)
        if record.judged
        else None,
    ]
    return dotted(bold(Sentence.of_name(record.rule)), *told)
