"""Settling what several rules want of one message: withhold what must not be, then let the milder stand.

Every step takes what is planned, in the order of the rules, and gives what is left of it; what it takes away, it notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from inbox.actions import (
    ACTIONS,
    Action,
    Assign,
    Delete,
    Draft,
    Escalate,
    Hide,
    Lead,
    Mode,
    Notify,
    Planned,
    Reply,
    Resolve,
    SetPriority,
    SetQueue,
    Snooze,
    Tag,
    Timeout,
    Warn,
)
from inbox.cases import lasting
from inbox.model import Label, Prediction, Standing
from inbox.sentences import Sentence
from inbox.wording import said

MOST_DRAFTS = 3
"""More words than this, a person would write themselves sooner than read."""

_WORDS, _CLOSING, _PROPOSALS = (Draft, Reply), (Snooze, Resolve), (Hide, Delete, Warn, Timeout)
_MILDNESS = {action: place for place, action in enumerate(ACTIONS)}
_OUTWARD = (Snooze, Resolve, Draft, Reply, Escalate, Hide, Delete, Warn, Timeout)
_NOT_REPLIES = (Tag, Lead, SetPriority, SetQueue, Assign, Notify)
_FOR_A_PERSON = (Draft, Reply, Escalate, Hide, Delete, Warn, Timeout)
_RIVALS: tuple[tuple[type[Action], ...], ...] = (
    (Hide,),
    (Delete,),
    (Hide, Delete),
    (Warn,),
    (Timeout,),
    (Warn, Timeout),
    (Assign,),
    (Snooze,),
    (Snooze, Resolve),
    (Escalate,),
    (Escalate, SetQueue),
)
"""Of each of these one stands: that of the first kind, and of one kind that of the first rule."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands, mildest first, and what was taken away."""

    actions: tuple[Planned, ...]
    notes: tuple[Sentence, ...]


def settle(wanted: Sequence[Planned], prediction: Prediction, standing: Standing = Standing.MEMBER) -> Settled:
    """Leave no two actions that contradict each other, and none that this message must not meet.

    While the prediction is unsure, nothing acts outside and no words are prepared: a person looks. A complaint that
    offends nobody is never hidden, nor is what someone says who is exempt or of the team. Of two queues, escalations or
    hidings that of the earlier rule stands, and an escalation brings its own queue; of two priorities the higher,
    because a message that one rule finds urgent must not wait on account of another. Words are a draft wherever one
    rule wants them so, or rules differ on what to say.

    Args:
        wanted: What the rules that hold plan, in their order; no rule plans the same twice.
        prediction: What the message was found to be.
        standing: What its contact is to the brand.
    """
    notes: list[Sentence] = []
    planned = list(wanted)
    if len(planned) > 1 or (planned and not isinstance(planned[0].action, _NOT_REPLIES)):
        there = [type(plan.action) for plan in planned]
        planned = _withhold(planned, prediction, standing, notes)
        if Reply in there:
            planned = _hold_back_replies(planned, prediction, notes)
        if Snooze in there or Resolve in there:
            planned = _keep_open(planned, prediction, notes)
        if len(set(there)) < len(there) or Reply in there:
            planned = _each_once(planned)
            planned = _at_most_three_drafts(planned, notes)
            planned = _one_priority(planned, notes)
        planned = _one_place(planned, notes)
        planned.sort(key=_mildness)
    return Settled(tuple(planned), tuple(notes))


def _mildness(plan: Planned) -> int:
    return _MILDNESS[type(plan.action)]


@lru_cache(maxsize=1_024)
def named(action: Action) -> Sentence:  # noqa: PLR0912  # one line for each action
    """An action in a few words, for a note. A book has the same few again and again."""
    match action:
        case Tag(tag):
            told = Sentence('tag "{tag}"', tag=tag)
        case SetPriority(level):
            told = Sentence('priority "{level}"', level=said(level))
        case SetQueue(queue):
            told = Sentence('queue "{queue}"', queue=queue)
        case Lead():
            told = Sentence("sales lead")
        case Assign(to):
            told = Sentence('assignment to "{name}"', name=to)
        case Notify(to):
            told = Sentence('a call to "{name}"', name=to)
        case Snooze(lasts):
            told = Sentence("putting it off for {length}", length=lasting(lasts))
        case Resolve():
            told = Sentence("closing it")
        case Delete():
            told = Sentence("deleting")
        case Warn():
            told = Sentence("a warning")
        case Timeout(lasts):
            told = Sentence("a timeout of {length}", length=lasting(lasts))
        case Draft(response):
            told = Sentence('draft "{response}"', response=response)
        case Reply(response):
            told = Sentence('reply "{response}"', response=response)
        case Escalate(queue, severity):
            told = Sentence('escalation to "{queue}" ({severity})', queue=queue, severity=said(severity))
        case Hide():
            told = Sentence("hiding")
    return told


def _withhold(
    planned: list[Planned], prediction: Prediction, standing: Standing, notes: list[Sentence]
) -> list[Planned]:
    if prediction.is_unsure:
        for plan in planned:
            if isinstance(plan.action, _OUTWARD):
                told = Sentence(
                    'Withheld while unsure: {action} (rule "{rule}"). A person looks first.',
                    action=named(plan.action),
                    rule=plan.rule,
                )
                notes.append(told)
        return [plan for plan in planned if not isinstance(plan.action, _OUTWARD)]
    if standing is not Standing.MEMBER:
        notes.extend(
            Sentence(
                'The team and who is exempt are spared. Withheld: {action} (rule "{rule}").',
                action=named(plan.action),
                rule=plan.rule,
            )
            for plan in planned
            if isinstance(plan.action, _PROPOSALS)
        )
        return [plan for plan in planned if not isinstance(plan.action, _PROPOSALS)]
    if Label.COMPLAINT in prediction.labels and Label.OFFENSIVE not in prediction.labels:
        notes.extend(
            Sentence(
                'A complaint is answered, never hidden. Withheld: {action} (rule "{rule}").',
                action=named(plan.action),
                rule=plan.rule,
            )
            for plan in planned
            if isinstance(plan.action, _PROPOSALS)
        )
        return [plan for plan in planned if not isinstance(plan.action, _PROPOSALS)]
    return planned


def _hold_back_replies(planned: list[Planned], prediction: Prediction, notes: list[Sentence]) -> list[Planned]:
    """Turn replies into drafts where one rule is against sending, or where sending would be a guess."""
    if not any(isinstance(plan.action, Reply) for plan in planned):
        return planned
    drafted = {plan.action.response for plan in planned if isinstance(plan.action, Draft)}
    all_words = {plan.action.response for plan in planned if isinstance(plan.action, _WORDS)}
    against = None
    if Label.OFFENSIVE in prediction.labels:
        against = Sentence("Nothing is sent by itself to a message that offends.")
    elif any(isinstance(plan.action, Hide) for plan in planned):
        against = Sentence("Nothing is sent by itself to a message that may be hidden.")
    elif any(isinstance(plan.action, _PROPOSALS) for plan in planned):
        against = Sentence("Nothing is sent by itself where a moderator is asked to act.")
    elif len(all_words) > 1:
        against = Sentence("Several answers were asked for: a person chooses.")
    left = []
    for plan in planned:
        if isinstance(plan.action, Reply) and (against or plan.action.response in drafted):
            why = against or Sentence("Another rule wants these words as a draft.")
            notes.append(
                Sentence(
                    'The reply "{response}" (rule "{rule}") becomes a draft. {why}',
                    response=plan.action.response,
                    rule=plan.rule,
                    why=why,
                )
            )
            left.append(replace(plan, action=Draft(plan.action.response, plan.action.once), mode=Mode.DRAFT))
        else:
            left.append(plan)
    return left


def _each_once(planned: list[Planned]) -> list[Planned]:
    """Identical actions once, and the same words once, as the earliest rule has them."""
    first: dict[object, Planned] = {}
    for plan in planned:
        action = plan.action
        same = (type(action), action.response) if isinstance(action, _WORDS) else action
        first.setdefault(same, plan)
    return list(first.values())


def _keep_open(planned: list[Planned], prediction: Prediction, notes: list[Sentence]) -> list[Planned]:
    """Close or put off nothing that waits for a person, that words are prepared for, or that complains."""
    closing = [plan for plan in planned if isinstance(plan.action, _CLOSING)]
    if not closing:
        return planned
    if Label.COMPLAINT in prediction.labels:
        why = Sentence("A complaint stays open until a person closes it.")
    elif Label.OFFENSIVE in prediction.labels:
        why = Sentence("What offends stays open until a person has seen it.")
    elif any(isinstance(plan.action, _FOR_A_PERSON) for plan in planned):
        why = Sentence("Something is still to be done here.")
    else:
        return planned
    notes.extend(
        Sentence('{why} Withheld: {action} (rule "{rule}").', why=why, action=named(plan.action), rule=plan.rule)
        for plan in closing
    )
    return [plan for plan in planned if plan not in closing]


def _at_most_three_drafts(planned: list[Planned], notes: list[Sentence]) -> list[Planned]:
    drafts = [plan for plan in planned if isinstance(plan.action, Draft)]
    too_many = drafts[MOST_DRAFTS:]
    notes.extend(
        Sentence(
            'Left out: {action} (rule "{rule}"). There are {most} drafts already.',
            action=named(plan.action),
            rule=plan.rule,
            most=MOST_DRAFTS,
        )
        for plan in too_many
    )
    return [plan for plan in planned if plan not in too_many] if too_many else planned


def _one_priority(planned: list[Planned], notes: list[Sentence]) -> list[Planned]:
    levels = [(plan.action.level, plan) for plan in planned if isinstance(plan.action, SetPriority)]
    if len(levels) < 2:
        return planned
    highest = max(level for level, _ in levels)
    stands = next(plan for level, plan in levels if level == highest)
    return _only(stands, [plan for _, plan in levels], planned, notes)


def _one_place(planned: list[Planned], notes: list[Sentence]) -> list[Planned]:
    """One of each of what only one can be, the milder where they differ; a queue gives way to an escalation's."""
    while kinds := _first_clash(tuple([type(plan.action) for plan in planned])):
        rivals = [plan for plan in planned if isinstance(plan.action, kinds)]
        stands = next((plan for plan in rivals if isinstance(plan.action, kinds[0])), rivals[0])
        planned = _only(stands, rivals, planned, notes)
    return planned


@lru_cache(maxsize=4_096)
def _first_clash(there: tuple[type[Action], ...]) -> tuple[type[Action], ...]:
    """The first of the kinds of which one stands that several of these actions are; empty where there is none."""
    return next((kinds for kinds in _RIVALS if sum(map(there.count, kinds)) > 1), ())


def _only(stands: Planned, rivals: list[Planned], planned: list[Planned], notes: list[Sentence]) -> list[Planned]:
    """Leave one of several rivals; those that come to the same go without a note."""
    notes.extend(
        Sentence(
            '{action} (rule "{rule}") gives way to {other} (rule "{winner}").',
            action=named(rival.action),
            rule=rival.rule,
            other=named(stands.action),
            winner=stands.rule,
        )
        for rival in rivals
        if rival is not stands and not _comes_to_the_same(rival.action, stands.action)
    )
    others = {id(rival) for rival in rivals if rival is not stands}
    return [plan for plan in planned if id(plan) not in others]


def _comes_to_the_same(rival: Action, stands: Action) -> bool:
    if isinstance(rival, SetQueue) and isinstance(stands, Escalate):
        return rival.queue == stands.queue
    return rival == stands or named(rival) == named(stands)
