"""What a model sees of a text: hashed pieces of words, words and pairs of words, and a few figures about its shape.

The features themselves are read by `classifiers.reading`; here is how they are named and weighed.
"""

from __future__ import annotations

from classifiers.word_lists import WORD_LISTS

N_BUCKETS = 1 << 18
"""Into so many buckets pieces, words and pairs are hashed."""

WORD_SHARE = 1.2
"""How much the words of a text weigh against its pieces of words."""

SHAPE_SHARE = 4.0
"""How much the figures about the shape weigh against all else."""

SIGNS = {
    "question marks": "?",
    "exclamation marks": "!",
    "glad signs": "❤♥😍👏🥰😊🙏💯🔥👍🎉✨💪😘🤩💖💕💗😻🙌💙💚💛🧡💜⭐🌟😋🤗🥳👌🫶😃😄😁",
    "angry signs": "😡🤬👎😤😠😒🙄🤦💩🤮🤢😾😭😞😑",
    "rude signs": "🖕🤡🐷🐍🐀🫵🐒",
    "prices": "€$£",
    "addresses": "\ue001",
    "mentions": "\ue000",
}
DENIED = ("glad", "cross")
"""The lists whose words are counted apart where a denial stands up to three words before them, as in `not so good`."""

DENIAL = "not"
"""The list of denials."""

LISTS = (*WORD_LISTS, *(f"denied {name}" for name in DENIED))
SHAPE = (*SIGNS, "capitals", "words", "no letters", *(f"{name} words" for name in LISTS))
"""The figures about a text's shape, each from 0 to about SHAPE_SHARE, in the order of their columns."""

FEELINGS = [SHAPE.index(name) for name in ("glad signs", "angry signs", "rude signs")]
NO_LETTERS = SHAPE.index("no letters")
LIST_COLUMNS = slice(len(SHAPE) - len(LISTS), len(SHAPE))
"""Which columns of SHAPE count listed words."""
