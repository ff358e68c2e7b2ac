"""Aggressive words of our own: insults, and phrases that put somebody down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inbox.checks.context import Checks
from inbox.checks.finding import at
from inbox.checks.prose import Phrases
from inbox.findings import CheckKind, Finding
from inbox.sentences import Sentence

_HARSH = Phrases("""
    ta gueule; vos gueules; ferme-la; fermez-la; la ferme; taisez-vous; tais-toi; degage; degagez; foutez le camp;
    allez vous faire; va te faire; on s'en fiche; on s'en fout; je m'en fiche; je m'en fous; nous nous en moquons;
    tant pis pour vous; c'est votre probleme; pas notre probleme; debrouillez-vous; apprenez a lire; si vous saviez
    lire; arretez de pleurer; arretez de vous plaindre; arretez de mentir; arretez votre cinema; vous mentez;
    menteur; menteuse; menteurs; vous etes ridicule*; vous etes stupide*; vous etes idiot*; vous etes nul*; vous
    etes de mauvaise foi; votre mauvaise foi; vous racontez n'importe quoi; vous dites n'importe quoi; reflechissez
    avant; faites un effort; on ne vous retient pas; allez voir ailleurs; bon debarras; vous nous fatiguez; vous me
    fatiguez; calmez-vous; gros malin; comment osez-vous; de quoi je me mele; grandissez un peu; shut up;
    that's your problem; that is your problem; not our problem; deal with it; learn to read; can't you read; stop
    whining; stop complaining; stop lying; you're lying; you are lying; liar; liars; you're ridiculous; you are
    ridiculous; you're being ridiculous; you're stupid; you are stupid; are you stupid; you're an idiot; you are an
    idiot; how dare you; we don't care; i don't care; nobody cares; calm down; good riddance; get over it; grow up;
    cry about it; tough luck; what is wrong with you; what's wrong with you; mind your own business; stop wasting
    our time; you're wasting our time; you are wasting our time; get a life
""")


def check_aggressive(text: str, checks: Checks, insults: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """A finding for each insult, and for each phrase that puts somebody down.

    Args:
        text: The words.
        checks: What the brand has settled.
        insults: Where insults stand in the text.
    """
    harsh = list(_HARSH.places(text))
    alone = [place for place in insults if not any(start <= place[0] < end for start, end in harsh)]
    for place in sorted([*harsh, *alone]):
        yield at(
            CheckKind.AGGRESSIVE, checks, text, place, Sentence("“{words}” attacks. Say it calmly, or leave it out.")
        )
