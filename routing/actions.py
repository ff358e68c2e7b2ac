"""Reading what a rule asks for: the tables of its `then`, each into one action."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from typing import cast

from inbox.actions import ACTIONS, CLOSURE, EVERY_ROOM, ROOM, TEAM, Action, Escalate, Notify, Once
from inbox.model import Priority
from inbox.sentences import Sentence
from inbox.text import excerpt
from routing import values
from routing.conditions import SEVERITIES
from routing.faults import Place, Vocabulary, unknown

PRIORITIES = Vocabulary(Priority, Sentence('there is no priority "{word}".'), Sentence("Priorities: {known}."))

_BY_WORD: Mapping[str, type[Action]] = {action.word: action for action in ACTIONS}


@dataclass(frozen=True)
class Known:
    """What a rule book may point to outside itself: the codes of the canned responses, or None where any will do."""

    responses: Collection[str] | None = None


def read_then(raw: object, place: Place, known: Known) -> tuple[Action, ...] | None:
    """Read the actions of one rule; None where there is none or any is faulty."""
    if raw == []:
        place.note(Sentence("a rule without an action does nothing. Give it one, or remove the rule."))
        return None
    return values.many(raw, place, lambda item, at: _read_action(item, at, known), wanted=values.TABLES)


def _read_action(raw: object, place: Place, known: Known) -> Action | None:
    given = values.table(raw, place)
    if given is None:
        return None
    if "action" not in given:
        place.note(_missing("action"))
        return None
    word = values.text(given["action"], place.at("action"))
    if word is None:
        return None
    if word == "ban":
        place.at("action").note(Sentence("no rule may ban. A person bans; a rule may propose to hide."))
        return None
    action = _BY_WORD.get(word)
    if action is None:
        missing, choices = Sentence('there is no action "{word}".'), Sentence("Actions: {known}.")
        place.at("action").note(unknown(word, _BY_WORD, missing=missing, choices=choices))
        return None
    return _read_parameters(action, given, place, known)


def _read_parameters(action: type[Action], given: Mapping[str, object], place: Place, known: Known) -> Action | None:
    parameters = {parameter.name: parameter.default is MISSING for parameter in fields(action)}
    faults_before = len(place.faults)
    read: dict[str, object] = {}
    for key, raw in given.items():
        if key in parameters:
            read[key] = _READ[key](raw, place.at(key), known)
        elif key != "action":
            missing = Sentence('the action "{action}" has no "{word}".', action=action.word)
            choices = Sentence("It has: {known}.")
            place.at(key).note(unknown(key, list(parameters), missing=missing, choices=choices))
    for key, needed in parameters.items():
        if needed and key not in given:
            place.note(Sentence('the action "{action}" wants "{key}", and it is missing.', action=action.word, key=key))
    if len(place.faults) > faults_before:
        return None
    made = cast("Callable[..., Action]", action)(**read)
    if isinstance(made, Escalate) and made.first_response and made.resolution:
        return _in_order(made, made.first_response, made.resolution, place)
    return _to_somebody(made, place.at("to")) if isinstance(made, Notify) else made


def _in_order(made: Escalate, first_response: timedelta, resolution: timedelta, place: Place) -> Escalate | None:
    if first_response <= resolution:
        return made
    place.note(Sentence("the first response would be due after the resolution. Exchange the two."))
    return None


def _to_somebody(made: Notify, place: Place) -> Notify | None:
    """A call to a person by his name, to a queue or to a room; one that could be read otherwise is a fault."""
    kind, colon, name = made.to.partition(":")
    if not colon or (f"{kind}:" in {TEAM, ROOM} and name.strip()):
        return made
    place.note(
        Sentence(
            'nobody is called by "{word}". Write the name of one of the team, {team}QUEUE, or {room}{staff}.',
            word=excerpt(made.to, 40),
            team=TEAM,
            room=ROOM,
            staff=EVERY_ROOM,
        )
    )
    return None


def _missing(key: str) -> Sentence:
    return Sentence('"{key}" is missing.', key=key)


def _text(raw: object, place: Place, _: Known) -> str | None:
    return values.text(raw, place)


def _response(raw: object, place: Place, known: Known) -> str | None:
    code = values.text(raw, place)
    if code is None or known.responses is None or code in known.responses:
        return code
    missing, choices = Sentence('there is no response "{word}".'), Sentence("Responses: {known}.")
    place.note(unknown(code, list(known.responses), missing=missing, choices=choices))
    return None


def _level(raw: object, place: Place, _: Known) -> Priority | None:
    word = values.text(raw, place)
    return None if word is None else PRIORITIES.find(word, place)


def _severity(raw: object, place: Place, _: Known) -> object | None:
    word = values.text(raw, place)
    return None if word is None else SEVERITIES.find(word, place)


def _duration(raw: object, place: Place, _: Known) -> timedelta | None:
    return values.duration(raw, place)


def _once(raw: object, place: Place, _: Known) -> Once | None:
    return CLOSURE if raw == CLOSURE else values.duration(raw, place, most=timedelta(days=366))


_READ: Mapping[str, Callable[[object, Place, Known], object | None]] = {
    "tag": _text,
    "level": _level,
    "queue": _text,
    "response": _response,
    "severity": _severity,
    "first_response": _duration,
    "resolution": _duration,
    "reason": _text,
    "text": _text,
    "to": _text,
    "lasts": _duration,
    "once": _once,
}
"""How each parameter is read, whichever action it belongs to."""
