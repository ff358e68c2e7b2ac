"""Spelling in French and English, by the word lists of pyspellchecker, with what a brand's replies need besides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from spellchecker import SpellChecker

from classifiers.spelling_words import ELIDED, MORE, PREFIXES, SLIPS

LANGUAGES = ("fr", "en")

_ELIDED = frozenset(ELIDED.split())
_PREFIXES = {lang: tuple(listed.split()) for lang, listed in PREFIXES.items()}
_PARTS = re.compile(r"['-]")
_BRITISH = (
    (re.compile(r"is(e|es|ed|er|ers|ing|ation|ations|able)$"), r"iz\1"),
    (re.compile(r"ys(e|es|ed|er|ing)$"), r"yz\1"),
    (re.compile(r"our(|s|ed|ing|ful|ite|ites|able|ably|less|hood|er|ers)$"), r"or\1"),
    (re.compile(r"ll(ed|ing|er|ers)$"), r"l\1"),
    (re.compile(r"re(|s|d)$"), r"er\1"),
    (re.compile(r"ogue(|s)$"), r"og\1"),
    (re.compile(r"ence(|s)$"), r"ense\1"),
    (re.compile(r"lment(|s)$"), r"llment\1"),
    (re.compile(r"lful(|ly)$"), r"llful\1"),
    (re.compile(r"ae"), "e"),
)
"""How British and American spelling differ: the list knows the second."""

_SHORTEST_STEM = 5
_VERB = re.compile(r"(?:i?ez|ions|er(?:ai|as|ons|ez|ont|ais|ait|i?ons|iez|aient))$")
"""The endings of a French verb in -er whose forms the list often lacks."""

_LETTERS = {"fr": "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûüœ", "en": "abcdefghijklmnopqrstuvwxyz"}
_ACCENTED = ("aàâ", "cç", "eéèêë", "iîï", "oô", "uùûü")
_RARE = 1_000
_LONGEST = 30
_FEW = 60
"""So many words are looked for in their British spelling, too: each takes its time."""


class DictionarySpeller:
    """Knows the words of French and English; reads a list when a word of that language is asked for first."""

    def misspelt(self, words: Sequence[str], lang: str) -> Mapping[str, str | None]:
        """Those of the words that the language does not know, each with the likeliest right word, if any."""
        if lang not in LANGUAGES:
            return {}
        wrong = (word for word in dict.fromkeys(words) if not _is_right(word, lang))
        return {word: _like(word, _corrected(word.lower().replace("’", "'"), lang)) for word in wrong}


@lru_cache(maxsize=16_384)
def _is_right(word: str, lang: str) -> bool:
    plain = word.lower().replace("’", "'").replace("‑", "-")
    if plain in SLIPS[lang]:
        return False
    if _is_known(plain, lang) or len(plain) > _LONGEST:
        return True
    parts = _PARTS.split(plain)
    if len(parts) == 1:
        return False
    if lang == "en":
        return _is_known(plain.removesuffix("'s").removesuffix("'"), lang) or all(
            not part or part == "s" or _is_known(part, lang) for part in parts
        )
    return all(not part or part in _ELIDED or len(part) == 1 or _is_known(part, lang) for part in parts)


def _is_known(word: str, lang: str) -> bool:
    if _is_spelt(word, lang):
        return True
    if lang == "fr" and _is_form_of_verb(word):
        return True
    stems = (word.removeprefix(prefix) for prefix in _PREFIXES[lang] if word.startswith(prefix))
    return any(len(stem) >= _SHORTEST_STEM and _frequency(stem, lang) >= _RARE for stem in stems)


def _is_form_of_verb(word: str) -> bool:
    stem = _VERB.sub("er", word)
    return len(stem) > _SHORTEST_STEM and stem != word and _is_listed(stem, "fr")


def _is_listed(word: str, lang: str) -> bool:
    return word in _more(lang) or word in _list(lang) or ("œ" in word and word.replace("œ", "oe") in _list(lang))


def _is_spelt(word: str, lang: str) -> bool:
    return _is_listed(word, lang) or (lang == "en" and any(_is_listed(form, lang) for form in _american(word)))


def _american(word: str) -> Iterator[str]:
    for british, american in _BRITISH:
        form = british.sub(american, word)
        if form != word:
            yield form


@lru_cache(maxsize=4096)
def _corrected(word: str, lang: str) -> str | None:
    """The likeliest right word for a wrong one: one slip away, else two small ones, else two words without a space."""
    if word in SLIPS[lang]:
        return SLIPS[lang][word]
    head, mark, tail = _cut(word, lang)
    for slips in (_small_slips, _one_slip, _two_small_slips):
        likeliest = _most_frequent(slips(tail, lang), lang)
        if likeliest is not None:
            return head + mark + likeliest
    return _in_two(word, lang)


def _most_frequent(words: set[str], lang: str) -> str | None:
    """The word among many that is read most; None where none of them is a word."""
    listed, more = _list(lang), _more(lang)
    known = [word for word in words if word in listed or word in more]
    if not known and lang == "en" and len(words) < _FEW:
        known = [word for word in words if _is_spelt(word, lang)]
    return max(known, key=lambda word: listed.get(word, 1), default=None)


def _cut(word: str, lang: str) -> tuple[str, str, str]:
    """An elided word, its apostrophe, and what follows; the last is all there is where nothing is elided."""
    head, mark, tail = word.partition("'")
    return (head, mark, tail) if lang == "fr" and mark and head in _ELIDED else ("", "", word)


def _small_slips(word: str, lang: str) -> set[str]:
    """What a word would be but for the slips that are made most: an accent, a doubled letter, two letters swapped."""
    found = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    for at, letter in enumerate(word):
        found.add(word[:at] + letter + word[at:])
        if word[at + 1 : at + 2] == letter:
            found.add(word[:at] + word[at + 1 :])
        if lang == "fr":
            found.update(
                word[:at] + other + word[at + 1 :] for group in _ACCENTED if letter in group for other in group
            )
    return found - {word}


def _one_slip(word: str, lang: str) -> set[str]:
    letters = _LETTERS[lang]
    found: set[str] = set()
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        found.update(before + letter + after for letter in letters)
        if after:
            found.add(before + after[1:])
            found.update(before + letter + after[1:] for letter in letters)
    return found - {word}


def _two_small_slips(word: str, lang: str) -> set[str]:
    return {twice for once in _small_slips(word, lang) for twice in _small_slips(once, lang)}


def _in_two(word: str, lang: str) -> str | None:
    cuts = ((word[:at], word[at:]) for at in range(2, len(word) - 1))
    pairs = [(one, other) for one, other in cuts if _frequency(one, lang) and _frequency(other, lang)]
    if not pairs:
        return None
    return " ".join(max(pairs, key=lambda pair: min(_frequency(part, lang) for part in pair)))


def _like(word: str, correction: str | None) -> str | None:
    """A correction with the capitals of the word."""
    if correction is None or word.islower():
        return correction
    return correction.upper() if word.isupper() else correction[:1].upper() + correction[1:]


def _frequency(word: str, lang: str) -> int:
    return _list(lang).get(word, 1 if word in _more(lang) else 0)


@cache
def _list(lang: str) -> Mapping[str, int]:
    frequencies: Iterable[tuple[str, int]] = SpellChecker(language=lang).word_frequency.items()
    return dict(frequencies)


@cache
def _more(lang: str) -> frozenset[str]:
    return frozenset(MORE[lang].split())
