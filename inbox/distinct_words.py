"""The words that set some messages apart from what is said as a rule. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from inbox.text import fold

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|(?<=\w)-(?=\w))+")
_NOT_WORDS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|<?[@#][!&]?\w+>?")
_SHORTEST = 3
_PRIOR = 500.0
"""How many words the language as a whole weighs against what is known of it here."""

_LEAST_AUTHORS = 3
"""Fewer people than these do not make a word the talk of the day; nor can it point at one of them."""

_FRENCH = """
    aie ainsi alors apres aucun aucune aussi autre autres avaient avais avait avant avec avez avoir avons bien bon
    bonjour bonsoir car cela celle celui ces cet cette ceux chaque chez comme comment contre dans deja depuis des deux
    dire dois doit donc dont elle elles encore entre est etais etait etant ete etes etre eux fait faire fois font hier
    ici ils jamais jour jours juste leur leurs lui mais meme memes merci mes mettre moi moins mon monsieur madame non
    nos notre nous ont oui par parce pas pendant personne peu peut peux plus plusieurs pour pourquoi pouvez puis quand
    que quel quelle quelles quels quelque qui quoi rien sans savoir ses seulement sinon soit sommes son sont sous
    suis sur svp tant tes toi ton toujours tous tout toute toutes tres trop trouve une vais vers veut veux voici voila
    vont vos votre vous vraiment vrai
"""
_ENGLISH = """
    about after again all also always and any are because been before being but can cannot come could day did does
    doing done don dont down even ever every for from get getting give goes going got had has have having hello her here
    hers him his how into its just know let like made make many may more most much must never not now off one only other
    our ours out over own please really said same say see she should since some still such sure take than thank thanks
    that the their them then there these they thing this those through too under until use used very via want was way
    well were what when where which while who whom why will with without would yes yet you your yours
"""
STOP_WORDS = frozenset(f"{_FRENCH} {_ENGLISH}".split())
"""Words that are said whatever it is about, folded."""


def words_of(text: str) -> frozenset[str]:
    """The words of a text as they are counted: folded, each once, without addresses, handles and stop words."""
    plain = _NOT_WORDS.sub(" ", fold(text).replace("'", " "))
    return frozenset(word for word in _WORD.findall(plain) if len(word) >= _SHORTEST and word not in STOP_WORDS)


def distinct_words(
    said: Sequence[tuple[str, str]],
    usually: Iterable[str],
    *,
    names: Collection[str] = (),
    limit: int = 6,
) -> list[str]:
    """The words that are far more frequent in what was said than as a rule, the most telling first.

    Args:
        said: Each message with whoever said it.
        usually: What is said as a rule.
        names: What people are called, who must not be among the words.
        limit: How many at the most.

    Source: log-odds with an informative Dirichlet prior, Monroe, Colaresi and Quinn, "Fightin' Words" (2008), equations
    16 and 22; a word counts once per message.
    """
    here: Counter[str] = Counter()
    who: dict[str, set[str]] = {}
    for author, text in said:
        for word in words_of(text):
            here[word] += 1
            who.setdefault(word, set()).add(author)
    there: Counter[str] = Counter(word for text in usually for word in words_of(text))
    called = frozenset(part for name in names for part in words_of(name))
    both = here + there
    total = both.total()
    n_here, n_there = here.total(), there.total()
    shared = {word: count for word, count in here.items() if len(who[word]) >= _LEAST_AUTHORS and word not in called}
    if not n_there:
        # Nothing to compare with: what is said most has to do.
        return sorted(shared, key=lambda word: (-shared[word], word))[:limit]
    scored: list[tuple[float, str]] = []
    for word, count in shared.items():
        prior = _PRIOR * both[word] / total
        score = _log_odds(count + prior, n_here + _PRIOR) - _log_odds(there[word] + prior, n_there + _PRIOR)
        z = score / math.sqrt(1 / (count + prior) + 1 / (there[word] + prior))
        if z > 0:
            scored.append((-z, word))
    return [word for _, word in sorted(scored)[:limit]]


def _log_odds(count: float, total: float) -> float:
    return math.log(count / max(total - count, 0.5))
