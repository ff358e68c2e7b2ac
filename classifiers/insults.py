"""Which insults are known in disguises that folding cannot undo: a letter starred, dropped or swapped, a joiner inside.

Vile words again, for they are what has to be known; and beside them the harmless words they must not be taken for.
"""

from __future__ import annotations

from collections.abc import Iterator

from classifiers.native import LONGEST_INSULT
from classifiers.word_lists import WORD_LISTS

_COMMONEST = """
    fuck shit merde putain cunt dick bitch salope connard encule pute connasse asshole fucking bastard fucker
"""
"""The first to be thought of; read even where all letters but the first are stars."""

_EVERYDAY = """
    airhead ape apes autiste baleine beat bicot bite blaireau bomb bouffe bozo bozos bronze bruler buffoon buffoons
    burn buter cafard cafards charlots chav choke clochard clochards clown clowns cockroach cockroaches cogner coon
    cow creep creve crever creves crevez crook crooks crybabies crybaby dechet dechets defoncer degage degagez
    degenerate demeure deport deported die dimwit disgusting dolt douche dumb dunce egorger fat fatty filth frapper
    freak freaks git grosse grosses guenon gueule guignol guignols gypsies gypsy hag hags hang hanging hoe hoes
    ignoramus incapable incapables incel jews kill knob laideron larbin leech leeches loser losers lunatic macaque
    macaques mere minable minables moche mongol mongole mongols monkeys mort muppet muppets muslims neck nonce
    nonces noose ordure ordures parasite parasites pathetic pays pendre pends pervert perverts pig pigs porc porcs
    pourriture pourritures psycho psychos race races raclure rape raped rat ratee raton rats rentre retard retarded
    retards rigolos rope sac savages scum sewer shoot shooting shut simp simps singe singes smash snowflake
    snowflakes sous sow stab stupid subhuman suce sucer sucez suicide tapette tart terrorists thieves throat trash
    trashy troglodyte truie tuer ugliest ugly vache vermin vermine vieille vieux violer weirdo weirdos whale
"""
"""On the list of insults, but too much of an everyday word to be looked for in pieces."""

_HARMLESS = """
    assole assoles bambola bastad belled biches bit branler chin chins conasse cones conrad conrads dink ecule
    eculee ecules enuclee fagot fagots gogle google medes mer meres moons morns moros niger nigers petase pic picks
    pikes pouffasse put putin salad salads salpe salud shin slop slope slopes tosses travels waker wakers
"""
"""Words and names that a swapped or dropped letter makes of an insult, or that a footnote's star would."""

_SHORTEST = 3
_SHORTEST_MISSPELT = 6


def commonest_insults() -> list[str]:
    """Those that are read even where all letters but the first are stars."""
    return _COMMONEST.split()


def vile_words() -> list[str]:
    """The insults looked for in pieces, the commonest first."""
    words = dict.fromkeys([*commonest_insults(), *WORD_LISTS["insult"].split()])
    everyday = set(_EVERYDAY.split())
    return [word for word in words if word not in everyday and _SHORTEST <= len(word) <= LONGEST_INSULT]


def everyday_words() -> list[str]:
    """Those that are words of every day as well, and insult only by what stands around them."""
    return _EVERYDAY.split()


def harmless_words() -> list[str]:
    """Words and names that are an insult but for a letter."""
    return _HARMLESS.split()


def misspelt_insults() -> set[str]:
    """What a swapped or a dropped letter inside makes of long insults."""
    return {form for word in vile_words() if len(word) >= _SHORTEST_MISSPELT for form in _misspelt(word)}


def _misspelt(word: str) -> Iterator[str]:
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1 :]
        if at < len(word) - 2:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
