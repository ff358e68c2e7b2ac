"""Texts counted the way a channel counts them, and cut at sentences where they are too long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import partial
from itertools import pairwise

from inbox.sentences import Sentence

Measure = Callable[[str], int]
_Span = tuple[int, int]

X_LONGEST = 280
"""The most that a message on X may weigh."""

_X_ADDRESS = 23
_X_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")

# The countries', and of the general ones those that are met. X knows some thousand more: it counts "boutique.paris" as
# an address, where we count letters.
_ENDINGS = (
    "com|org|net|info|biz|edu|gov|mil|int|name|pro|app|dev|blog|shop|store|online|site|website|tech|cloud|page|link|"
    "news|media|live|agency|digital|email|help|support|team|world|today|xyz|club|art|design|games|zone|top|"
    "a[cdefgilmoqrstuwxz]|b[abdefghijmnorstvwyz]|c[acdfghiklmnoruvwxyz]|d[ejkmoz]|e[ceghrstu]|f[ijkmor]|"
    "g[adefghilmnpqrstuwy]|h[kmnrtu]|i[delmnoqrst]|j[emop]|k[eghimnprwyz]|l[abcikrstuvy]|m[acdeghklmnopqrstuvwxyz]|"
    "n[acefgilopruz]|om|p[aefghklmnrstwy]|qa|r[eosuw]|s[abcdeghiklmnorstuvxyz]|t[cdfghjklmnortvwz]|u[agksyz]|"
    "v[aceginu]|w[fs]|y[et]|z[amw]"
)
_IN_PATH = "0-9A-Za-z\u00c0-\u024f\u0400-\u04ff!*';:=+,.$/%#\\[\\]_~@|&\u2013-"
_TAIL = rf"(?:[/?](?:[?{_IN_PATH}]|\([{_IN_PATH}]*\))*(?<=[)+0-9A-Za-z\u00c0-\u024f\u0400-\u04ff=_#/&?-]))?"
_ADDRESS = re.compile(
    rf"(?<![0-9A-Za-z@＠$#＃])https?://(?:\w[\w-]*\.)+[^\W\d_]{{2,}}(?![0-9A-Za-z@])(?::\d+)?{_TAIL}"
    rf"|(?<![0-9A-Za-z@＠$#＃_./-])(?:[0-9a-z][0-9a-z_-]*\.)+(?:{_ENDINGS})(?![0-9A-Za-z@+_-])(?::\d+)?{_TAIL}",
    re.IGNORECASE,
)

_PICTURE = (
    "(?:[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]\ufe0f?|[\u00a9\u00ae]\ufe0f)[\U0001f3fb-\U0001f3ff]?"
)
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # A flag is two letters of an alphabet of its own.
    "|[0-9#*]\ufe0f?\u20e3"  # A keycap.
    f"|{_PICTURE}(?:\u200d{_PICTURE})*[\U000e0020-\U000e007f]*"  # The last are the flags of parts of a country.
)

_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_NO_BREAK = "\u00a0\u2007\u202f"
# What hangs together although there is a space in it: marks as the French set them, amounts, numbers in groups.
_GLUE = re.compile(rf"(?:[{_NO_BREAK}]| (?=[!?;:»€%])|(?<=«) |(?<=\d) (?=\d))+")
_WORD = re.compile(rf"\S+(?:{_GLUE.pattern}\S+)*")
_PIECE = re.compile(r"\S+")

_CLOSING = "»”\"’')]}*_ " + _NO_BREAK
_NAME_FOLLOWS = re.compile(
    r"(?:^|[\s(\[«\"'’])(?:mm|mrs?|ms|mmes?|mlles?|drs?|pr|prof|ste?|stes|n°|cf|vs|e\.g|i\.e|p\.\s?ex|c\.-à-d|"
    r"(?-i:[A-ZÀ-Þ]))\.$",
    re.IGNORECASE,
)
_MAY_GO_ON = re.compile(
    r"(?:^|[\s(\[«\"'’])(?:etc|ex|pp?|nos?|art|av|bd|boul|tél|tel|env|max|min|approx|est|fig|vol|chap|réf|ref|éd|"
    r"inc|ltd|corp|co|dept|dép|janv?|févr|feb|avr|juil|aug|sept|oct|nov|déc|dec)\.$",
    re.IGNORECASE,
)
_LIST_NUMBER = re.compile(r"(?:^|[\n\r])[^\S\n\r]*\d{1,3}[.)]$")
_LOOK_BACK = 16
"""How much of the text before a place is looked at to know an abbreviation."""


class _Cut(IntEnum):
    """Where two parts may come apart, the best place first."""

    PARAGRAPH = 0
    LINE = 1
    SENTENCE = 2
    CLAUSE = 3
    SPACE = 4
    GLUE = 5
    LETTER = 6


def utf16(text: str) -> int:
    """Length in UTF-16 code units, as Telegram and Discord count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def x_weight(text: str) -> int:
    """Length as X counts it: an address 23, an emoji 2, a Latin letter 1, most other characters 2.

    Addresses are found more simply than X finds them: after http:// or https:// any ending of a domain is believed, and
    without it only a country's or a common one. Any emoji joined to another makes one with it.

    Source: twitter-text, configuration version 3, over the text in NFC.
    """
    normal = unicodedata.normalize("NFC", text)
    plain, addresses = _ADDRESS.subn("\n", normal) if "." in normal else (normal, 0)
    letters, emoji = _EMOJI.subn("", plain)
    # A line feed stands where each address was, so that what was on either side of it does not become one emoji.
    return (_X_ADDRESS - 1) * addresses + 2 * emoji + len(letters) + len(_X_HEAVY.findall(letters))


def too_long(found: int, longest: int) -> Sentence:
    """What to say of a text that a channel does not take whole."""
    return Sentence(
        "The text has {found} characters where the channel takes {longest}. Shorten it, or let long replies be split.",
        found=found,
        longest=longest,
    )


def split(text: str, *, longest: int, measure: Measure = utf16) -> tuple[str, ...]:
    """A text in parts that each measure at most `longest`; as it is where it fits.

    A sentence that fits in a part is not cut, nor is a word or an address that does. Of the ways to have the fewest
    parts so, the one is taken that cuts at the best places: the end of a paragraph, of a line, of a sentence, of a
    clause, of a word. A word is cut only where it is too long by itself, and never inside a character that is made of
    several. White space at a cut is left out; all else is in the parts, in order.

    Args:
        text: Any text. One that is too long, and white space alone, has no parts.
        longest: At least what the longest single character measures.
        measure: Counts a text, at a cost that grows with the text. Where a text may count less than its own beginning
            (on X "e.fr" counts 23 and "e.frites" 8), no part is too long all the same, but there may be one too many.

    Raises:
        ValueError: One character by itself measures more than `longest`.
    """
    if measure(text) <= longest:
        return (text,)

    def fits(start: int, end: int) -> bool:
        return measure(text[start:end]) <= longest

    atoms = list(_atoms(text, (0, len(text)), _WAYS, fits))

    def fit(first: int, last: int) -> bool:
        return fits(atoms[first][0], atoms[last][1])

    cuts = [_cut(text, end, start) for (_, end), (start, _) in pairwise(atoms)]
    lasts = _lasts(cuts, fit) if atoms else []
    firsts = [0, *(last + 1 for last in lasts)]
    return tuple(text[atoms[first][0] : atoms[last][1]] for first, last in zip(firsts, lasts, strict=False))


def _lasts(cuts: list[_Cut], fit: Callable[[int, int], bool]) -> list[int]:
    """The last atom of each part. `cuts` are the places between the atoms, `fit` says which first and last fit."""
    end = len(cuts)

    def begin_of(last: int) -> int:
        return _furthest(last, 0, lambda first: fit(first, last))

    # Filled from the end, the parts begin as early as they can; a part that leaves off sooner would make one more.
    begins = [end + 1]
    while begins[-1]:
        begins.append(begin_of(begins[-1] - 1))
    begins.pop()
    lasts: list[int] = []
    first = 0
    while first <= end:
        reach = _furthest(first, end, partial(fit, first))
        enough = max(first, (begins.pop() if begins else end + 1) - 1)
        last = reach
        if reach < end and enough < reach:
            last = min(range(enough, reach + 1), key=lambda at: (cuts[at], -at))
        lasts.append(last if fit(first, last) else reach)
        first = lasts[-1] + 1
    return lasts


def _furthest(at: int, limit: int, holds: Callable[[int], bool]) -> int:
    """The place furthest from `at` towards `limit` at which something holds, as it does from `at` up to somewhere."""
    way, most = (1, limit - at) if limit >= at else (-1, at - limit)
    low, step = 0, 1
    # Strides that double, so that no more than about twice of what holds is ever looked at.
    while low + step <= most and holds(at + way * (low + step)):
        low, step = low + step, 2 * step
    high = min(low + step - 1, most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(at + way * middle) else (low, middle - 1)
    return at + way * low


def _atoms(text: str, span: _Span, ways: tuple[_Way, ...], fits: Callable[[int, int], bool]) -> Iterator[_Span]:
    """What is not cut: the largest pieces of a text that fit in a part, by the first of these ways to divide it."""
    for start, end in ways[0](text, *span):
        if fits(start, end):
            yield start, end
        elif len(ways) > 1:
            yield from _atoms(text, (start, end), ways[1:], fits)
        else:
            raise ValueError("One character by itself is longer than a part may be.")


def _sentences(text: str, start: int, end: int) -> Iterator[_Span]:
    began = None
    words = [*_words(text, start, end), (end, end)]
    for (word, word_end), (following, _) in pairwise(words):
        began = word if began is None else began
        if following == end or _cut(text, word_end, following) <= _Cut.SENTENCE:
            yield began, word_end
            began = None


def _words(text: str, start: int, end: int) -> Iterator[_Span]:
    return _runs(_WORD, text, start, end)


def _pieces(text: str, start: int, end: int) -> Iterator[_Span]:
    return _runs(_PIECE, text, start, end)


def _runs(run: re.Pattern[str], text: str, start: int, end: int) -> Iterator[_Span]:
    for found in run.finditer(text, start, end):
        begin = found.start()
        if begin > start and _clings(text[begin]) and unicodedata.category(text[begin - 1]) == "Zs":
            begin -= 1  # A mark after a space is one character with it.
        yield begin, found.end()


def _addresses(text: str, start: int, end: int) -> Iterator[_Span]:
    """Addresses, and what is between them."""
    at = start
    for address in _ADDRESS.finditer(text, start, end):
        if at < address.start():
            yield at, address.start()
        yield address.span()
        at = address.end()
    if at < end:
        yield at, end


def _characters(text: str, start: int, end: int) -> Iterator[_Span]:
    """What a reader sees as one character, with its marks and with all that is joined to it."""
    at = begin = start
    while at < end:
        emoji = _EMOJI.match(text, at, end)
        at = emoji.end() if emoji else at + 1
        while at < end and _clings(text[at]):
            at += 1
        if text[at - 1] != "\u200d" or not _EMOJI.match(text, at, end):
            yield begin, at
            begin = at


def _clings(letter: str) -> bool:
    """Whether this is a part of the character before it: a mark, a joiner, a skin tone, a later part of a syllable."""
    return letter >= "\u0300" and (
        unicodedata.category(letter)[0] == "M"
        or letter in "\u200c\u200d\u0e33\u0eb3\uff9e\uff9f"
        or "\u1160" <= letter <= "\u11ff"
        or "\ud7b0" <= letter <= "\ud7ff"
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
        or "\U000e0020" <= letter <= "\U000e007f"
    )


_Way = Callable[[str, int, int], Iterator[_Span]]
_WAYS: tuple[_Way, ...] = (_sentences, _words, _pieces, _addresses, _characters)


def _cut(text: str, end: int, start: int) -> _Cut:
    """What is between a piece that ends here and one that starts there."""
    gap = text[end:start] or text[start]
    if not gap.isspace():
        return _Cut.LETTER
    if breaks := _BREAK.findall(gap):
        return _Cut.PARAGRAPH if len(breaks) > 1 or "\u2029" in breaks else _Cut.LINE
    if (glue := _GLUE.match(text, end)) and glue.end() == start:
        return _Cut.GLUE
    said = _EMOJI.sub("", text[max(0, end - _LOOK_BACK) : end]).rstrip(_CLOSING)
    if not said or _EMOJI.match(text, start):  # An emoji goes with the sentence before it.
        return _Cut.SPACE
    if _ends_sentence(said, text[start]):
        return _Cut.SENTENCE
    return _Cut.CLAUSE if said[-1] in ",;:—–!?…" else _Cut.SPACE


def _ends_sentence(said: str, following: str) -> bool:
    """Whether a sentence ends between these words and this letter."""
    if said[-1] in "!?…" or said.endswith(".."):
        return not following.islower()
    if said[-1] != "." or _NAME_FOLLOWS.search(said) or _LIST_NUMBER.search(said):
        return False
    return not (_MAY_GO_ON.search(said) and (following.islower() or following.isdigit()))
