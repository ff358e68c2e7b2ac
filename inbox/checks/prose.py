"""A text as the checks read it: what is no prose blanked out, letters made plain, every sign still in its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

# Every repeat has a limit or its own beginning: a long run of letters is read once.
_NOT_PROSE = re.compile(
    r"\{\{[^{}]{0,200}(?:\}\})?"  # a blank
    r"|https?://\S+|(?<![\w.])www\.\S+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
    r"|(?<!\w)[@#][\w.-]+"  # a handle, a hashtag
    r"|(?<!\S)[^\s\d]{0,40}\d\S*"  # whatever holds a figure
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,4}[a-z]{2,12}(?![\w-])(?:/\S*)?"  # a host, or a word that lacks a space
    r"|<[^<>\s]{1,80}>|`[^`]{1,200}`"
)
_GAP = r"[\s’'-]+"


class _Flat(dict[int, str]):
    """Each letter in lower case without its accent, as one letter; made as they come."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter in "’ʼ‘":
            plain = "'"
        else:
            bare = unicodedata.normalize("NFD", letter)[0].lower()
            plain = bare if len(bare) == 1 else letter
        self[code] = plain
        return plain


_FLAT = _Flat()


@lru_cache(maxsize=16)
def prose(text: str) -> str:
    """The text with blanks, addresses, handles and figures turned into spaces; every other sign keeps its place."""
    return _NOT_PROSE.sub(lambda found: " " * len(found.group()), text)


@lru_cache(maxsize=16)
def flat(text: str) -> str:
    """The text in lower case, without accents, as long as it was: a place in it is a place in the text."""
    return text.translate(_FLAT)


class Phrases:
    """Words and phrases that are looked for together; one that ends in `*` is open at its end."""

    def __init__(self, listed: str | Sequence[str]) -> None:
        self._listed = listed

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where one of them stands in a text, whatever its case and accents, in order."""
        if self._pattern is not None:
            for found in self._pattern.finditer(flat(text)):
                yield found.span()

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in a text."""
        return next(self.places(text), None) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        """All of them, the longest first; made when it is asked for, since most commands check no words."""
        phrases = self._listed.split(";") if isinstance(self._listed, str) else self._listed
        shapes = sorted({_shape(one) for one in phrases if one.strip(" *\n")}, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(shapes)})(?!\w)") if shapes else None


def _shape(phrase: str) -> str:
    bare = flat(phrase.strip())
    words = [re.escape(word) for word in re.split(_GAP, bare.removesuffix("*")) if word]
    return _GAP.join(words) + (r"\w*" if bare.endswith("*") else "")
