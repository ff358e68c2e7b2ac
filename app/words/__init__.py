"""The language that people are spoken to in: French or English.

English is what the code says; French is in `locale/fr/LC_MESSAGES/vigie.po`, compiled beside it. `python -m
app.words.refresh` brings both up to date. The choice holds for the whole process, the words of the command line's own
library included.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from inbox.errors import BadSettings
from inbox.sentences import Sentence, Translate, as_written

LANGUAGES = ("en", "fr")
DOMAIN = "vigie"
LOCALE = Path(__file__).parent / "locale"


def choose(environment: Mapping[str, str]) -> str:
    """The language asked for: by `VIGIE_LANG`, else by the locale, else English.

    Raises:
        BadSettings: `VIGIE_LANG` asks for a language that there is not.
    """
    if asked := environment.get("VIGIE_LANG"):
        lang = asked.lower().replace("_", "-").partition("-")[0]
        if lang not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise BadSettings(
                [Sentence('VIGIE_LANG: there is no language "{asked}". Languages: {known}.', asked=asked, known=known)]
            )
        return lang
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := environment.get(name):
            return "fr" if locale.lower().startswith("fr") else "en"
    return "en"


def speak(lang: str) -> None:
    """Have this process speak a language from now on."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)


def spoken() -> str:
    """The language that this process speaks."""
    return "fr" if os.environ.get("LANGUAGE") == "fr" else "en"


def _(text: str) -> str:
    """A text in the language that this process speaks."""
    return gettext.gettext(text)


@cache
def _spoken_in(lang: str) -> Translate:
    return gettext.translation(DOMAIN, str(LOCALE), languages=[lang], fallback=True).gettext


def tell_in(sentence: Sentence, lang: str | None = None) -> str:
    """A sentence in any language we speak; one that we do not speak, or None, gives English."""
    return sentence.told_by(_spoken_in(lang) if lang in LANGUAGES and lang != "en" else as_written)


def tell(sentence: Sentence) -> str:
    """A sentence in the language that this process speaks."""
    return sentence.told_by(gettext.gettext)
