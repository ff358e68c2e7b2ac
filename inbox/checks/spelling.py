"""Spelling: words that no dictionary knows, and that are no name, no brand word and no word of the contact's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from inbox.checks.context import Checks, Context, Level
from inbox.checks.finding import at
from inbox.checks.prose import flat, prose
from inbox.findings import CheckKind, Finding
from inbox.ports import Speller
from inbox.sentences import Sentence

_WORD = re.compile(r"[^\W\d_]+(?:['’‑-][^\W\d_]+)*")
_ENDS_SENTENCE = '.!?…:«»"“”\n•–—'
_LONGEST_ACRONYM = 5
_MANY, _MOSTLY = 5, 0.4


def check_spelling(
    text: str, lang: str, checks: Checks, *, besides: Sequence[tuple[int, int]] = ()
) -> Iterator[Finding]:
    """A finding for each misspelt word, once, where it stands first; none for what begins at one of the `besides`.

    A text most of whose words are unknown is in another language than it was said to be: nothing is said of it.
    """
    if checks.speller is None or checks.level(CheckKind.SPELLING) is Level.OFF:
        return
    places = list(_words(text))
    wrong = _misspelt(checks.speller, [word for word, _ in places], lang)
    left = {start for start, _ in besides}
    told = {flat(word) for word in _WORD.findall(" ".join(checks.words))} if wrong else set()
    for word, place in places:
        if word not in wrong or flat(word) in told or place[0] in left:
            continue
        told.add(flat(word))
        fix = wrong[word]
        says = (
            Sentence("“{words}” is in no dictionary. Is it “{fix}”?")
            if fix
            else Sentence("“{words}” is in no dictionary. Is it right?")
        )
        yield at(CheckKind.SPELLING, checks, text, place, says, fix=fix)


def without_words_of(context: Context, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, but for words that are the contact's own: a name, or how he has written it himself."""
    if not any(one.kind is CheckKind.SPELLING for one in findings):
        yield from findings
        return
    theirs = {flat(word) for word in _WORD.findall(f"{context.message} {context.contact}")}
    yield from (one for one in findings if one.kind is not CheckKind.SPELLING or flat(one.words) not in theirs)


def _misspelt(speller: Speller, words: list[str], lang: str) -> dict[str, str | None]:
    """The misspelt words of a text in whichever of our languages explains most of it."""
    for one in (lang, *(other for other in ("fr", "en") if other != lang)):
        wrong = dict(speller.misspelt(words, one))
        if len(words) < _MANY or sum(word in wrong for word in words) <= _MOSTLY * len(words):
            return wrong
    return {}


def _words(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The words that could be misspelt: no names, no acronyms, no single letters."""
    said = prose(text)
    for found in _WORD.finditer(said):
        word = found.group()
        if len(word) == 1 or (word.isupper() and len(word) <= _LONGEST_ACRONYM):
            continue
        if not word.islower() and not word.isupper() and not _begins_sentence(said, found.start()):
            continue  # a capital inside a sentence: a name
        if word[1:] != word[1:].lower() and not word.isupper():
            continue  # a capital inside a word: a name of somebody's making
        yield word, found.span()


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \u00a0\u202f")
    return not before or before[-1] in _ENDS_SENTENCE
