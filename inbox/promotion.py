"""How far a rule may go by itself, one step at a time: what its record says against a step, and the step itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inbox.actions import Mode
from inbox.audit import AuditLine
from inbox.books import Store
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.model import Actor
from inbox.ports import Clock, RulesInForce
from inbox.record import Record, records
from inbox.sentences import Sentence

STEPS = (Mode.SHADOW.value, Mode.DRAFT.value, "share:10", Mode.LIVE.value)
"""The modes from the one that goes least far: a note, words for a person, a share of the replies, all of them."""

_SHARE = re.compile(r"share:([1-9][0-9]?|100)")


@dataclass(frozen=True, slots=True)
class Margins:
    """What a record has to show before a rule may go further.

    To do anything but leave a note it takes `matches`. To send by itself it takes as many that people `answered`, at
    least `same` of them with the response of the rule and `unchanged` of them to the letter, and at most `discarded`
    thrown away. To send more than a share it takes `sent`, with complaints after at most `complaints_after` of them.
    Of the labels that people looked at, if they were `judged` or more, at most `put_right` may have been wrong.
    """

    matches: int = 10
    answered: int = 20
    same: float = 0.9
    unchanged: float = 0.75
    discarded: float = 0.05
    sent: int = 30
    complaints_after: float = 0.02
    judged: int = 5
    put_right: float = 0.1


MARGINS = Margins()


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is thought of: the record of the rule, the mode it is to have, and what speaks against it."""

    record: Record
    to: str
    against: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A step that was taken: where the rules stand, and which version they are now."""

    step: Step
    place: str
    version: int


def how_far(mode: str) -> tuple[int, int]:
    """How far a mode goes, to compare with others.

    Raises:
        BadInput: There is no such mode.
    """
    if (share := _SHARE.fullmatch(mode)) is not None:
        return STEPS.index("share:10"), int(share[1])
    if mode not in STEPS:
        raise BadInput(Sentence('There is no mode "{mode}". Modes: shadow, draft, share:10, live.', mode=mode))
    return STEPS.index(mode), 0


def next_mode(record: Record, *, down: bool = False) -> str:
    """The mode one step further; `down`, one that goes less far: who sends by himself prepares drafts again.

    Raises:
        NotPossible: There is none.
    """
    if down:
        if record.mode == Mode.SHADOW:
            raise NotPossible(Sentence('Rule "{rule}" is in shadow: it goes no less far.', rule=record.rule))
        return Mode.SHADOW.value if record.mode == Mode.DRAFT else Mode.DRAFT.value
    if record.mode == Mode.LIVE:
        raise NotPossible(Sentence('Rule "{rule}" is live: it goes no further.', rule=record.rule))
    return STEPS[how_far(record.mode)[0] + 1]


def against(record: Record, to: str, margins: Margins = MARGINS) -> tuple[Sentence, ...]:
    """What the record of a rule says against a mode that goes further; nothing against one that goes less far."""
    if how_far(to) <= how_far(record.mode):
        return ()
    return tuple(_against(record, to, margins))


def _against(record: Record, to: str, margins: Margins) -> Iterator[Sentence]:
    sends = how_far(to) > how_far(Mode.DRAFT.value)
    if sends and not record.can_reply:
        yield Sentence("It asks for no reply, so there is nothing it could send by itself: draft is all it needs.")
    if record.matches < margins.matches:
        yield Sentence(
            "It has held {n} times since it stands so; {least} are wanted.", n=record.matches, least=margins.matches
        )
    if record.judged >= margins.judged and record.put_right > margins.put_right * record.judged:
        yield Sentence(
            "People have put the labels of {n} of its {whole} messages right.", n=record.put_right, whole=record.judged
        )
    if sends:
        yield from _against_words(record, margins)
    if to == Mode.LIVE or record.words.sent:
        yield from _against_sent(record, to, margins)


def _against_words(record: Record, margins: Margins) -> Iterator[Sentence]:
    words = record.words
    if words.answered < margins.answered:
        yield Sentence(
            "People have answered {n} of its messages; {least} are wanted to compare with.",
            n=words.answered,
            least=margins.answered,
        )
    elif words.same < margins.same * words.answered:
        yield Sentence(
            "Of {whole} answers, {n} were what it prepares; {percent} % are wanted.",
            whole=words.answered,
            n=words.same,
            percent=round(100 * margins.same),
        )
    elif words.unchanged < margins.unchanged * words.answered:
        yield Sentence(
            "Of {whole} answers, {n} were its words unchanged; {percent} % are wanted.",
            whole=words.answered,
            n=words.unchanged,
            percent=round(100 * margins.unchanged),
        )
    if words.discarded > margins.discarded * words.prepared:
        yield Sentence("Drafts of it that were thrown away: {n} of {whole}.", n=words.discarded, whole=words.prepared)


def _against_sent(record: Record, to: str, margins: Margins) -> Iterator[Sentence]:
    words = record.words
    if to == Mode.LIVE and words.sent < margins.sent:
        yield Sentence(
            "It has sent {n} replies by itself; with a share of them, {least} are wanted first.",
            n=words.sent,
            least=margins.sent,
        )
    if record.complaints_after > margins.complaints_after * words.sent:
        yield Sentence(
            "After {n} of its {whole} replies, the contact complained or offended within two days.",
            n=record.complaints_after,
            whole=words.sent,
        )


def find_record(store: Store, in_force: RulesInForce, rule: str, *, clock: Clock) -> Record:
    """The record of one rule, by its name, in capitals or not.

    Raises:
        NotFound: There is no such rule.
    """
    names = [*in_force.outlines(in_force.look().rules.text)]
    alike = (name for name in names if name.casefold() == rule.strip().casefold())
    name = rule if rule in names else next(alike, None)
    if name is None:
        raise NotFound(Sentence('There is no rule "{rule}". List them: vigie rules list', rule=rule))
    (record,) = records(store, in_force, only=name, now=clock())
    return record


def think_of(
    store: Store, in_force: RulesInForce, rule: str, *, to: str | None, down: bool = False, clock: Clock
) -> Step:
    """What speaks against giving a rule another mode; nothing is changed.

    Args:
        store: The store.
        in_force: Where the rules stand.
        rule: The name of a rule, in capitals or not.
        to: The mode; None for the next one.
        down: Whether the rule is to go less far.
        clock: Tells the time.

    Raises:
        NotFound: There is no such rule.
        BadInput: There is no such mode, or it goes further though the rule is to go less far.
        NotPossible: The rule has this mode, or there is no next one.
    """
    record = find_record(store, in_force, rule, clock=clock)
    mode = to or next_mode(record, down=down)
    far, now_far = how_far(mode), how_far(record.mode)
    if far == now_far:
        raise NotPossible(Sentence('Rule "{rule}" has the mode {mode} already.', rule=record.rule, mode=mode))
    if down and far > now_far:
        raise BadInput(Sentence("{mode} goes further than {now}. Use promote.", mode=mode, now=record.mode))
    return Step(record, mode, against(record, mode))


def take_step(
    store: Store, in_force: RulesInForce, step: Step, *, by: Actor, why: str = "", in_spite: bool = False, clock: Clock
) -> Changed:
    """Give a rule another mode: in its file, as a version of its own, with who did it and why.

    Args:
        store: The store.
        in_force: Where the rules stand.
        step: The step, as it was thought of.
        by: Who takes it.
        why: His reason.
        in_spite: Take it although something speaks against it; then it takes a reason.
        clock: Tells the time.

    Raises:
        NotPossible: Something speaks against it, the rule has changed since, or the file cannot be written.
    """
    rule, now = step.record.rule, clock()
    if step.against and not (in_spite and why.strip()):
        raise NotPossible(step.against[0])
    in_place = in_force.look().rules.text
    outline = in_force.outlines(in_place).get(rule)
    if outline is None or outline.mode != step.record.mode:
        raise NotPossible(Sentence("The rules have changed since. Look at its record again."))
    text = in_force.with_mode(in_place, rule, step.to)
    with store.begin() as books:
        books.keep_rule_book(in_place, author=by, now=now)
        version = books.keep_rule_book(text, author=by, now=now)
        facts = {
            "rule": rule,
            "from": step.record.mode,
            "to": step.to,
            "matches": step.record.matches,
            "why": why,
            "against": [str(one) for one in step.against],
        }
        books.write_audit([AuditLine(now, by, "rules.mode", "rule_book", version, _reason(step, by, why), facts)])
        books.seal_audit()
        # Last, so that nothing is on record that is not in the file.
        place = in_force.write(text)
    return Changed(step, place, version)


def _reason(step: Step, by: Actor, why: str) -> Sentence:
    facts = {"person": by.name, "rule": step.record.rule, "before": step.record.mode, "after": step.to}
    if not why.strip():
        return Sentence('{person} has put rule "{rule}" from {before} to {after}.', **facts)
    return Sentence('{person} has put rule "{rule}" from {before} to {after}: {why}', **facts, why=why.strip())
