"""The commands of the team: who there is, who is away, in which language each is spoken to."""

from __future__ import annotations

from enum import StrEnum

from bot.commands.book import BOOK, Part
from bot.commands.calling import Call, Words
from bot.commands.views import View, bold, dotted, says
from inbox.people import ROLE_NAMES, Right
from inbox.sentences import Sentence
from inbox.team import come_back, go_away, list_members, speak


class Language(StrEnum):
    """The languages that people are spoken to in."""

    FRENCH = "fr"
    ENGLISH = "en"


@BOOK.command("team", Part.TEAM, Right.LOOK)
def team(call: Call) -> View:
    """List the team: roles, and who is away."""
    members = list_members(call.desk)
    if not members:
        return says(Sentence("Nobody of the team is known yet."))
    lines = []
    for one in members:
        role = one.stands
        away = None if one.absent_since is None else Sentence("absent")
        stands_in = None if one.deputy is None else Sentence("{person} stands in", person=one.deputy)
        lines.append(dotted(bold(one.name), ROLE_NAMES[role] if role else Sentence("no role"), away, stands_in))
    return View(tuple(lines))


@BOOK.command("away", Part.TEAM, Right.WORK)
def away(call: Call, deputy: Words | None = None) -> View:
    """Say that you are absent; what you have goes to whoever stands in."""
    moved = go_away(call.desk, call.person.name, deputy=deputy, by=call.person.actor)
    if deputy is None:
        return says(Sentence("You are absent. Nobody stands in: what you have stays with you."))
    return says(
        Sentence(
            "You are absent. To {person} went conversations: {n}.",
            n=len(moved),
            person=deputy.strip().removeprefix("@"),
        )
    )


@BOOK.command("back", Part.TEAM, Right.WORK)
def back(call: Call) -> View:
    """Say that you are back."""
    come_back(call.desk, call.person.name, by=call.person.actor)
    return says(Sentence("Welcome back. What went to your deputy stays there: take it with /claim."))


@BOOK.command("language", Part.TEAM, Right.LOOK)
def language(call: Call, language: Language) -> View:
    """Choose the language that you are spoken to in."""
    speak(call.desk, call.person, language.value)
    spoken = {Language.FRENCH: Sentence("French"), Language.ENGLISH: Sentence("English")}
    answer = Sentence("You are spoken to in {language} from now on.", language=spoken[language])
    return says(call.desk.tell(answer, language.value))
