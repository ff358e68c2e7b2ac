"""How conversations and messages are told, in sentences that the chat and the page share. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from inbox.model import Kind, Label, Prediction, Priority, Severity, Signal, SlaState, Visibility
from inbox.promises import Clock
from inbox.sentences import Sentence
from inbox.views import MessageView
from inbox.wording import said

_REASONS = 3

HIDDEN = Sentence("▒▒▒ Offensive text, hidden until you ask for it ▒▒▒")
"""What stands in the place of a text that is blurred."""

KINDS: Mapping[Kind, Sentence] = {
    Kind.COMMENT: Sentence("comment"),
    Kind.THREAD_REPLY: Sentence("reply in a thread"),
    Kind.MENTION: Sentence("mention"),
    Kind.DM: Sentence("private message"),
    Kind.REVIEW: Sentence("review"),
    Kind.NO_TEXT: Sentence("no text"),
}
CLOCKS: Mapping[Clock, Sentence] = {
    Clock.FIRST: Sentence("first answer due"),
    Clock.NEXT: Sentence("next answer due"),
    Clock.RESOLUTION: Sentence("due"),
}
_CHANNELS = {
    "bluesky": "Bluesky",
    "discord": "Discord",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "telegram": "Telegram",
    "tiktok": "TikTok",
    "trustpilot": "Trustpilot",
    "whatsapp": "WhatsApp",
    "x": "X",
    "youtube": "YouTube",
}
_LANGUAGES = {
    "fr": Sentence("French"),
    "en": Sentence("English"),
    "de": Sentence("German"),
    "es": Sentence("Spanish"),
    "it": Sentence("Italian"),
    "pt": Sentence("Portuguese"),
    "nl": Sentence("Dutch"),
}
_PARTS = {
    SlaState.DUE_SOON: said(SlaState.DUE_SOON),
    SlaState.BREACHED: said(SlaState.BREACHED),
    "unsure": Sentence("not sure"),
    "reported": Sentence("reported"),
    "crisis": Sentence("crisis"),
    "vip": Sentence("VIP"),
    "public": said(Visibility.PUBLIC),
    "urgent": said(Signal.URGENT),
}


def channel_name(name: str) -> str:
    """A channel as people call it."""
    return _CHANNELS.get(name, name)


def visibility_told(visibility: Visibility) -> Sentence:
    """Whether others can read it, so that nobody overlooks it."""
    return Sentence("PUBLIC") if visibility is Visibility.PUBLIC else Sentence("private")


def percent(score: float) -> Sentence:
    """A probability."""
    return Sentence("{n}%", n=round(100 * score))


def language_told(thought: Prediction) -> Sentence:
    """The language of a message, as far as the model knows it."""
    if not thought.lang_known:
        return Sentence("language not known")
    return language_called(thought.lang)


def language_called(code: str) -> Sentence:
    """A language by its two letters."""
    return _LANGUAGES.get(code, Sentence.of_name(code))


def part_told(name: str) -> Sentence:
    """One part of a priority in words."""
    kind, _, detail = name.partition(":")
    if kind == "rule":
        return Sentence("rule ({level})", level=said(Priority(detail)))
    if kind == Label.OFFENSIVE:
        return Sentence("{label} ({severity})", label=said(Label.OFFENSIVE), severity=said(Severity(detail)))
    return _PARTS[kind] if kind in _PARTS else said(Label(kind))


def label_told(label: Label, thought: Prediction) -> Sentence:
    """A label that holds, how sure that is, and of an offence how bad it is and against whom."""
    sure = percent(thought.confidence(label))
    if label is not Label.OFFENSIVE or thought.severity is None:
        return Sentence("{label} {percent}", label=said(label), percent=sure)
    bad = said(thought.severity)
    if thought.target is None:
        return Sentence("{label} {percent} ({severity})", label=said(label), percent=sure, severity=bad)
    return Sentence(
        "{label} {percent} ({severity}, against {target})",
        label=said(label),
        percent=sure,
        severity=bad,
        target=said(thought.target),
    )


def reasons(message: MessageView) -> tuple[str, ...]:
    """The words that the labels of a message rest on, at most three; none where a person has labelled it."""
    thought = message.prediction
    if thought is None or message.corrected is not None:
        return ()
    words = [piece for label in (*message.labels, *thought.unsure) for piece in thought.reasons.get(label, ())]
    return tuple(dict.fromkeys(words))[:_REASONS]


def known_since_told(known_since: datetime | None, *, now: datetime) -> Sentence | None:
    """How long the brand has known a contact; None where it does not know."""
    if known_since is None:
        return None
    days = (now - known_since).days
    if days < 1:
        return Sentence("new here")
    return Sentence("known for 1 day") if days == 1 else Sentence("known for {n} days", n=days)


def cases_told(cases: int) -> Sentence | None:
    """How many moderation cases a contact has; None for none."""
    if not cases:
        return None
    return Sentence("1 case") if cases == 1 else Sentence("{n} cases", n=cases)
