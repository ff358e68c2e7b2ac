"""Which of many lists of words and phrases have one in a text: one reading for all the lists of a rule book.

An automaton follows all of them at once, letter by letter (Aho and Corasick, "Efficient string matching: an aid to
bibliographic search", 1975), so the time goes by the length of the text and not by the number of words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ahocorasick_rs import BytesAhoCorasick

from inbox.text import to_words

_BETWEEN_WORDS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)) + bytes(128)


class WordIndex:
    """Lists of words and phrases, each as `inbox.text.phrase` writes it, with the bit that stands for the list.

    `pieces` are found wherever they stand, inside words, too; `is_plain` says which may be.
    """

    def __init__(self, lists: Iterable[tuple[Collection[str], int]], pieces: Iterable[tuple[str, int]] = ()) -> None:
        found: dict[str, int] = {}
        phrases: dict[str, dict[str, int]] = {}
        for piece, bit in pieces:
            found[piece] = found.get(piece, 0) | bit
        for wanted, bit in lists:
            for phrase in wanted:
                words = phrase.split()
                if len(words) == 1:
                    found[phrase] = found.get(phrase, 0) | bit
                else:
                    beside = phrases.setdefault(_rarest(words if phrase.endswith(" ") else words[:-1]), {})
                    beside[phrase] = beside.get(phrase, 0) | bit
        keys = list(found | phrases)
        self._bits = [found.get(key, 0) for key in keys]
        self._phrases = [phrases.get(key) for key in keys]
        automaton = BytesAhoCorasick([key.encode() for key in keys])
        self._look = automaton.find_matches_as_indexes if keys else None

    def found_in(self, folded: str) -> int:
        """The lists and pieces of which one is in a folded text, a bit each."""
        if self._look is None:
            return 0
        # As bytes: the signs between words are wiped out in a tenth of the time.
        if folded.isascii():
            text = f" {folded} ".encode().translate(_BETWEEN_WORDS)
        else:
            text = f" {' '.join(to_words(folded))} ".encode()
        found, spaced = 0, ""
        for place, _, _ in self._look(text, overlapping=True):
            found |= self._bits[place]
            phrases = self._phrases[place]
            if phrases:
                spaced = spaced or f" {' '.join(to_words(folded))} "
                for phrase, bits in phrases.items():
                    if phrase in spaced:
                        found |= bits
        return found


def is_plain(piece: str) -> bool:
    """Whether a piece stands in the words of a text, with one space between them, wherever it stands in the text."""
    return piece.islower() and piece.replace(" ", "").isalnum() and "  " not in piece


def _rarest(words: Sequence[str]) -> str:
    """Of the whole words of a phrase the one that is in the fewest texts, as a rule, as it is looked for."""
    return f" {max(words, key=len)} "
