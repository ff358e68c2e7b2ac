"""Every command and every button of the chat, in one table of scenarios that runs on both platforms in both languages.

What is seen is compared with `screens/`, which was read as a person would. To write it anew after a change:
`UPDATE_SCREENS=1 .venv/bin/python -m pytest tests/end_to_end/test_chat_table.py`, then read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.commands.book import BOOK
from data.store import open_store
from tests.end_to_end.chats import CAMILLE, INES, LEA, OMAR, PAULE, DiscordChat, Seen, TelegramChat
from tests.end_to_end.rooms import LATE, RUDE, THANKS, Room

SCREENS = Path(__file__).parent / "screens"
PRICE = "Bonjour, vous livrez à Lyon ? C'est combien pour deux vélos ?"
PLATFORMS: Mapping[str, Any] = {"discord": DiscordChat, "telegram": TelegramChat}


@dataclass(frozen=True)
class Hear:
    """Contacts write."""

    text: str


@dataclass(frozen=True)
class Ask:
    """Somebody types a command; `expects` is in the English answer."""

    who: str
    name: str
    expects: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tap:
    """Somebody taps the button with this verb: on the latest card, or on what he was answered last."""

    who: str
    verb: str
    expects: str
    on_card: bool = True


@dataclass(frozen=True)
class Fill:
    """Somebody writes what he was asked for."""

    who: str
    text: str
    expects: str


@dataclass(frozen=True)
class Deliver:
    """What is due leaves."""


Step = Hear | Ask | Tap | Fill | Deliver

SCENARIOS: Mapping[str, Sequence[Step]] = {
    "reading": (
        Ask(LEA, "inbox", "Nothing waits."),
        Ask(LEA, "next", "Nothing waits."),
        Hear(LATE),
        Ask(OMAR, "inbox", "#1 · Camille Rousseau · complaint"),
        Ask(LEA, "inbox", "#1", {"label": "complaint"}),
        Ask(LEA, "inbox", "Nothing waits.", {"label": "mine"}),
        Ask(LEA, "inbox", "Nothing waits.", {"label": "unsure"}),
        Ask(LEA, "next", "3 semaines de retard"),
        Ask(OMAR, "show", "priority 45 = complaint 40 + public 5", {"conversation": 1}),
        Ask(OMAR, "show", "There is no conversation 99.", {"conversation": 99}),
        Ask(LEA, "why", "rule: late parcel", {"conversation": 1}),
        Ask(LEA, "contact", "No case.", {"conversation": 1}),
        Ask(LEA, "search", "#1", {"text": "inadmissible, je VEUX une reponse"}),
        Ask(LEA, "search", "Nothing was found", {"text": "girafe"}),
    ),
    "answering": (
        Hear(LATE),
        Ask(OMAR, "reply", "This takes the role agent", {"conversation": 1, "text": "Bonjour"}),
        Ask(LEA, "draft", "Draft 2 is kept.", {"conversation": 1, "text": "Bonjour, nous cherchons."}),
        Ask(LEA, "draft", "2. Late parcel", {"conversation": 1}),
        Tap(LEA, "take", "Nothing is sent yet", on_card=False),
        Tap(LEA, "edit", "Change the draft", on_card=False),
        Fill(LEA, "Bonjour, nous cherchons votre colis.", "nous cherchons votre colis"),
        Tap(LEA, "send", "in public: everyone there can read it", on_card=False),
        Tap(LEA, "undo-send", "nothing has left"),
        Ask(LEA, "undo", "nothing to undo", {"conversation": 1}),
        Ask(LEA, "reply", "It leaves in 20 s", {"conversation": 1, "text": "Nous l'avons trouvé."}),
        Ask(LEA, "undo", "nothing has left", {"conversation": 1}),
        Ask(LEA, "reply", "It leaves in 20 s", {"conversation": 1, "text": "Il arrive demain."}),
        Ask(INES, "reply", "Léa has answered already", {"conversation": 1, "text": "Je regarde."}),
        Tap(INES, "send-after", "It leaves in 20 s", on_card=False),
        Deliver(),
    ),
    "working": (
        Hear(LATE),
        Ask(PAULE, "team", "Paule · administrator"),
        Ask(LEA, "claim", "in your hands for 15 minutes", {"conversation": 1}),
        Ask(INES, "resolve", "Léa is at conversation 1", {"conversation": 1}),
        Ask(LEA, "release", "free for all again", {"conversation": 1}),
        Ask(LEA, "release", "in nobody's hands", {"conversation": 1}),
        Ask(LEA, "assign", "is with Inès", {"conversation": 1, "to": "Inès"}),
        Ask(LEA, "assign", "There is nobody called Zoé", {"conversation": 1, "to": "Zoé"}),
        Ask(LEA, "assign", "in the queue sales", {"conversation": 1, "to": "sales"}),
        Ask(
            LEA,
            "note",
            "Note by Léa on conversation 1: @Inès tu peux regarder ?",
            {"conversation": 1, "text": "@Inès tu peux regarder ?"},
        ),
        Ask(LEA, "lead", "is a sales lead", {"conversation": 1}),
        Ask(LEA, "lead", "Lead 1", {"conversation": 1}),
        Tap(LEA, "lead-status", "Lead 1 is now: contacted.", on_card=False),
        Tap(LEA, "lead-status", "Lead 1 is now: new.", on_card=False),
        Ask(LEA, "leads", "3 semaines de retard"),
        Ask(LEA, "leads", "There are no leads.", {"status": "won"}),
        Ask(LEA, "escalate", "is with customer-service", {"conversation": 1}),
        Ask(OMAR, "ack", "This takes the role agent", {"conversation": 1}),
        Ask(LEA, "ack", "You have acknowledged conversation 1.", {"conversation": 1}),
        Ask(INES, "ack", "Léa has acknowledged conversation 1 already.", {"conversation": 1}),
        Ask(LEA, "escalate", "There is no queue nowhere", {"conversation": 1, "to": "nowhere"}),
        Ask(LEA, "snooze", "comes back by itself", {"conversation": 1, "duration": "4h"}),
        Ask(LEA, "snooze", "is no length of time", {"conversation": 1, "duration": "later"}),
        Ask(LEA, "reopen", "is open again", {"conversation": 1}),
        Ask(LEA, "resolve", "is resolved", {"conversation": 1}),
        Ask(LEA, "resolve", "is resolved already", {"conversation": 1}),
        Tap(LEA, "reopen", "is open again"),
        Ask(INES, "away", "To Léa went conversations: 1.", {"deputy": "Léa"}),
        Ask(PAULE, "assign", "is with Léa", {"conversation": 1, "to": "Inès"}),
        Ask(PAULE, "team", "Inès · moderator · absent · Léa stands in"),
        Ask(INES, "back", "Welcome back"),
        Ask(INES, "back", "Inès is not absent"),
    ),
    "more": (
        Hear(LATE),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "claim", "in your hands", on_card=False),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "mine", "is with Léa", on_card=False),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "drafts", "1. ", on_card=False),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "note", "Write a note", on_card=False),
        Fill(LEA, "Client fidèle, soyons rapides.", "Note by Léa on conversation 1"),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "lead", "is a sales lead", on_card=False),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "toggle", "The labels are now: praise, complaint.", on_card=False),
        Tap(LEA, "undo-label", "again those of the model: complaint"),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "why", "priority", on_card=False),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "contact", "No case.", on_card=False),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "spam", "This takes the role moderator", on_card=False),
        Tap(LEA, "more", "what else?"),
        Tap(LEA, "snooze", "comes back by itself", on_card=False),
    ),
    "labels": (
        Hear(THANKS),
        Ask(LEA, "label", "The labels are now: praise, sales lead.", {"conversation": 1, "labels": "praise lead"}),
        Ask(LEA, "label", 'There is no label "joie"', {"conversation": 1, "labels": "joie"}),
        Ask(LEA, "label", "The labels are now: no label.", {"conversation": 1, "labels": "none"}),
        Ask(LEA, "undo", "again those of the model: praise", {"conversation": 1}),
        Hear(PRICE),
        Tap(LEA, "resolve", "is resolved"),
    ),
    "sanctions": (
        Hear(RUDE),
        Ask(LEA, "warn", "This takes the role moderator", {"user": CAMILLE}),
        Tap(INES, "reveal", "ferme ta gueule"),
        Tap(INES, "write", "Write an answer"),
        Fill(INES, "Restons courtois, merci.", "Nothing is sent yet"),
        Tap(INES, "warn", "Case 1: warning"),
        Ask(INES, "warn", "This has been done already: case 1", {"user": CAMILLE}),
        Ask(INES, "reason", "Case 1 has another reason", {"case": 1, "reason": "Insultes répétées"}),
        Ask(INES, "warnings", "Points now: 1", {"user": CAMILLE}),
        Tap(INES, "timeout", "Case 2: timeout"),
        Deliver(),
        Ask(INES, "case", "hidden until you ask", {"case": 2}),
        Ask(INES, "untimeout", "Case 2 is undone", {"user": CAMILLE}),
        Ask(INES, "timeout", "Case 3: timeout", {"user": CAMILLE, "duration": "2h", "reason": "Insultes"}),
        Tap(INES, "undo-case", "Case 3 is undone"),
        Ask(INES, "timeout", "The longest timeout here is", {"user": CAMILLE, "duration": "900w"}),
        Tap(INES, "ban", "Case 4: ban"),
        Deliver(),
        Ask(INES, "unban", "Case 4 is undone", {"user": CAMILLE}),
        Ask(INES, "unban", "There is no such sanction", {"user": CAMILLE}),
        Ask(INES, "ban", "Case 5: ban", {"user": CAMILLE, "duration": "1w", "reason": "Insultes"}),
        Ask(INES, "kick", "Case 6: kick", {"user": CAMILLE, "reason": "Insultes"}),
        Ask(INES, "modlogs", "Case 6", {"user": CAMILLE}),
        Tap(INES, "remove", "cannot be brought back"),
        Tap(INES, "sure", "Case 7: message deleted", on_card=False),
        Ask(INES, "case", "There is no case 99", {"case": 99}),
    ),
    "cleaning": (
        Hear(RUDE),
        Hear("Achetez ma liste de 10 000 numéros de téléphone sur www.spam.example !!!"),
        Hear("Tu es vraiment un gros débile"),
        Tap(LEA, "inoffensive", "The labels are"),
        Ask(INES, "spam", "Case 1: message deleted", {"user": CAMILLE}),
        Deliver(),
        Ask(INES, "del", "Case 2: message deleted", {"user": CAMILLE, "reason": "Publicité"}),
        Deliver(),
        Ask(INES, "purge", "No message of a contact is known here.", {"count": 5}),
        Ask(INES, "purge", "From 1 to 100", {"count": 0}),
    ),
    "control": (
        Hear(THANKS),
        Ask(OMAR, "pause", "This takes the role agent"),
        Ask(LEA, "resume", "This takes the role moderator"),
        Ask(INES, "resume", "It is not paused."),
        Ask(LEA, "pause", "Automatic sending is paused by Léa."),
        Ask(OMAR, "status", "Automatic sending is paused by Léa."),
        Ask(INES, "resume", "Automatic sending goes on."),
        Ask(OMAR, "stats", "messages: 1", {"days": "7d"}),
        Ask(OMAR, "rules", "Rules, in the order they are asked"),
        Ask(OMAR, "rules", "Nothing was done.", {"what": "test", "text": LATE}),
        Ask(OMAR, "rules", "Which text?", {"what": "test"}),
        Ask(OMAR, "help", "/inbox"),
        Ask(INES, "help", "With a d before its name", {"name": "warn"}),
        Ask(INES, "help", "There is no command xyz", {"name": "xyz"}),
        Ask(LEA, "language", "on vous parle en français", {"language": "fr"}),
        Ask(CAMILLE, "status", "This is for the team of Loriot."),
    ),
    "crisis": (
        Hear(LATE),
        Ask(INES, "crisis", "There has been no crisis yet.", {"what": "report"}),
        Ask(INES, "crisis", "No crisis runs.", {"what": "end"}),
        Ask(LEA, "crisis", "This takes the role moderator", {"what": "start"}),
        Ask(
            INES,
            "crisis",
            "A crisis runs, declared by Inès.",
            {"what": "start", "why": "Un chargeur a pris feu"},
        ),
        Ask(INES, "crisis", "A crisis runs already", {"what": "start"}),
        Ask(OMAR, "status", "A crisis runs, declared by Inès."),
        Ask(LEA, "why", "crisis 50", {"conversation": 1}),
        Ask(LEA, "draft", "Crisis holding statement", {"conversation": 1}),
        Ask(LEA, "claim", "in your hands", {"conversation": 1}),
        Ask(INES, "crisis", "Léa takes it. · conversation 1", {"what": "report"}),
        Ask(INES, "crisis", "Inès has ended the crisis.", {"what": "end"}),
        Ask(INES, "crisis", "Ended by Inès", {"what": "report"}),
    ),
}
"""The table. Verbs and commands that no row exercises are named by a test."""


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_scenario_reads_as_it_was_read_by_a_person(name: str, platform: str, lang: str, sqlite_url: str):
    async with PLATFORMS[platform](lang) as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = Room(store, chat)
            async with room.listening():
                told = await play(room, SCENARIOS[name], checks=lang == "en")

    screen = SCREENS / f"{name}-{platform}-{lang}.txt"
    if os.environ.get("UPDATE_SCREENS"):
        screen.parent.mkdir(exist_ok=True)
        screen.write_text(told, encoding="utf-8")
    assert told == screen.read_text(encoding="utf-8")


def test_every_command_and_every_button_stands_in_the_table():
    steps = [step for scenario in SCENARIOS.values() for step in scenario]
    typed = {step.name for step in steps if isinstance(step, Ask)}
    tapped = {step.verb for step in steps if isinstance(step, Tap)}
    filled = {"edited", "written", "noted"}

    assert set(BOOK.commands) - typed == set()
    assert set(BOOK.taps) - tapped - filled - ELSEWHERE == set()


_ALERTS = {"alert-seen", "crisis-ask", "crisis-declare", "raid-calm", "raid-slow"}
ELSEWHERE = {"resume", "resume-one", "escalate", "ack", "rule-mode", "rule-anyway", "rule-because", "insist"} | _ALERTS
"""Buttons that need what a pause holds back, or an escalation that no rule has made: `test_chat.py` taps them; the one
under a call, which `test_calling.py` taps; those for rules in a file, which `test_modes_in_chat.py` taps;
the one under what a check stops, which `test_checked_sending.py` taps; those of alerts, which `test_alerts.py` taps."""


async def play(room: Room, steps: Sequence[Step], *, checks: bool) -> str:
    told: list[str] = []
    last = Seen("")
    for step in steps:
        match step:
            case Hear(text):
                await room.hear(text)
                told.append(f"# Camille: {text}")
            case Deliver():
                await room.deliver()
                told.append("# (30 seconds later)")
            case Ask(who, name, expects, given):
                last = await room.chat.ask(who, name, **given)
                await room.look()
                words = " ".join([f"/{name}", *(str(value) for value in given.values())])
                told.append(f"# {who}: {words}\n{shown(last)}")
                assert not checks or expects in last.text, f"{words}: {last.text}"
            case Tap(who, verb, expects, on_card):
                seen = room.card() if on_card else last
                last = await room.chat.tap(seen, room.chat.button(seen, verb), who)
                await room.look()
                told.append(f"# {who} taps {verb}\n{shown(last)}")
                assert not checks or expects in last.text, f"{verb}: {last.text}"
            case Fill(who, text, expects):
                last = await room.chat.fill(last, text, who)
                await room.look()
                told.append(f"# {who} writes: {text}\n{shown(last)}")
                assert not checks or expects in last.text, last.text
        if room.chat.cards():
            card = f"= card\n{shown(room.card())}"
            if card not in told[-12:]:
                told.append(card)
    return "\n\n".join(told) + "\n"


def shown(seen: Seen) -> str:
    """What somebody sees, as text: the words as they were sent, then the buttons."""
    buttons = "".join(f" [{label}]" for label in seen.buttons)
    picture = "\n(a picture)" if seen.picture else ""
    whispered = "(to the caller alone)\n" if seen.is_whispered else ""
    return f"{whispered}{seen.sent or seen.text}{picture}" + (f"\n{buttons}" if buttons else "")
