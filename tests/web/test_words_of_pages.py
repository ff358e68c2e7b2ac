"""Every page in its reader's language: no sentence of ours in the other, no blank that nothing has filled (row F90).

All that can be looked at is read in both languages, as text and as the labels that machines read out. Left out is what
is code, what somebody typed, and what says so itself: `<code>`, `<textarea>`, `lang`, `translate="no"`, `dir="auto"`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.words import refresh
from tests.web.addresses import looked_up
from tests.web.crowd import TEAM, Crowd, Words
from tests.web.sites import TEAMS
from tests.web.walks import paths

WORDS = Words(
    text="Ζοή 3 semaines de retard, c'est inadmissible, je veux une réponse !",
    name="Ζοή",
    account="ζοή.1",
    file="φώτο.png",
    note="σημείωση",
    reason="λόγος",
    tag="ετικέτα",
    rule="κανόνας",
    title="τίτλος",
    response="απάντηση",
)
"""What people say is in Greek letters, and so in neither language of ours, where it may be."""

_BLANK = re.compile(r"\\?\{(\w+)\\?\}")
_LABELS = ("aria-label", "title", "placeholder", "alt", "content")
_OURS_ALONE = frozenset({"code", "pre", "kbd", "samp", "textarea", "script", "style", "svg"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_SENTENCES = {str(one.id): str(one.string) for one in refresh.french() if one.id}


@dataclass
class Reader(HTMLParser):
    """Reads a page: its language, and all that is said on it, text and labels alike."""

    lang: str = ""
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._passed_over: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "html":
            self.lang = told.get("lang") or ""
            told.pop("lang", None)
        hidden = tag in _OURS_ALONE or "lang" in told or told.get("translate") == "no"
        hidden = hidden or told.get("dir") == "auto"
        hidden = hidden or (bool(self._passed_over) and self._passed_over[-1])
        if tag not in _VOID:
            self._passed_over.append(hidden)
        if not hidden:
            self.said += [told[name] or "" for name in _LABELS if told.get(name) and tag != "meta"]
            if tag == "input" and told.get("type") in {"submit", "button"}:
                self.said.append(told.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._passed_over:
            self._passed_over.pop()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not (self._passed_over and self._passed_over[-1]):
            self.said.append(text)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it reads in one language."""

    path: str
    lang: str
    said: Sequence[str]
    html: str


@pytest.fixture(scope="module")
def pages(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Sequence[Page]]]:
    """All that can be looked at, in each language; in the same order."""
    file = tmp_path_factory.mktemp("words") / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    crowd = Crowd(f"sqlite:///{file}", [WORDS])
    with crowd.served():
        crowd.gather(brands=["loriot"])
        read: dict[str, list[Page]] = {"en": [], "fr": []}
        for lang, found in read.items():
            visitor = crowd.signed_in("Inès", **{"accept-language": lang})
            for path in [*paths(crowd), "/nowhere", "/b/loriot/inbox/999999"]:
                _, _, html = looked_up(visitor.client, path)
                reader = Reader()
                reader.feed(html)
                found.append(Page(path, reader.lang, reader.said, html))
        yield read


def pattern_of(sentence: str) -> re.Pattern[str]:
    """What a sentence reads like, whatever fills its blanks."""
    return re.compile(_BLANK.sub(".+?", re.escape(" ".join(sentence.replace("{{", "{").replace("}}", "}").split()))))


def foreign(ours: Mapping[str, str]) -> Mapping[str, re.Pattern[str]]:
    """Per sentence of the other language that reads otherwise in ours, what it reads like; `ours` by the other's words.

    One that is but a blank with a sign around it, such as `{n}%`, is nobody's language.
    """
    return {
        theirs: pattern_of(theirs)
        for theirs, mine in ours.items()
        if mine != theirs and len(re.findall(r"[^\W\d_]", _BLANK.sub("", theirs))) >= 3
    }


def in_another_language(read: Sequence[Page], ours: Mapping[str, str]) -> list[str]:
    """What pages say in the words of the other language, and could not be our own either; each once."""
    theirs = foreign(ours)
    plain = {" ".join(one.split()) for one in theirs if "{" not in one}
    blanks = [pattern for one, pattern in theirs.items() if "{" in one]
    own = {" ".join(one.split()) for one in ours.values()}
    own_blanks = [pattern_of(one) for one in ours.values() if "{" in one and len(_BLANK.sub("", one)) > 3]
    texts = {text: page.path for page in read for text in page.said}
    pieces = {piece: path for text, path in texts.items() for piece in (text, *re.split(r" [·+] |: ", text))}
    return [
        f"{path}: {piece}"
        for piece, path in pieces.items()
        if piece not in own
        and (piece in plain or any(pattern.fullmatch(piece) for pattern in blanks))
        and not any(pattern.fullmatch(piece) for pattern in own_blanks)
    ]


def test_f90_no_page_in_french_says_anything_in_english(pages: Mapping[str, Sequence[Page]]):
    found = in_another_language(pages["fr"], _SENTENCES)

    assert len(pages["fr"]) >= 10
    assert not found, "\n".join(found)


def test_f90_no_page_in_english_says_anything_in_french(pages: Mapping[str, Sequence[Page]]):
    english = {french: said for said, french in _SENTENCES.items() if french}
    found = in_another_language(pages["en"], english)

    assert not found, "\n".join(found)


def test_f90_what_reads_the_same_in_both_languages_is_a_name_or_somebody_s_words(
    pages: Mapping[str, Sequence[Page]],
):
    """Words that are in no catalogue would read the same in both, and nobody would have translated them."""
    same = {said for said, french in _SENTENCES.items() if said == french}
    names = {*TEAM, *TEAMS, "Vigie", "Loriot", "Merle", "Instagram", "instagram", "Français", "English", "VIP", "test"}
    names |= {"CSV", "HTML", "JSON", "Markdown", "Suggestion"}
    known = re.compile("|".join(sorted(map(re.escape, {*same, *names}), key=len, reverse=True)))
    found = [
        f"{english.path}: {text}"
        for english, french in zip(pages["en"], pages["fr"], strict=True)
        for text in sorted(set(english.said) & set(french.said))
        if re.search(r"[A-Za-z]{3}", known.sub("", text)) and not is_somebodys(text)
    ]

    assert not found, "Say these with _(), or mark them as <code> or translate=no:\n" + "\n".join(found)


def is_somebodys(text: str) -> bool:
    """Whether a text is, or begins with, what somebody of the test has said or the first words of it."""
    return any(one[:20] in text or text in one for one in SOMEBODYS)


SOMEBODYS = [getattr(WORDS, name) for name in Words.__slots__] + [
    "Nous cherchons votre colis",
    "ferme ta gueule",
    "mot-0",
    "/",
]


def test_f90_no_blank_is_left_and_nothing_unnamed_is_told(pages: Mapping[str, Sequence[Page]]):
    odd = re.compile(r"\{\w*\}|\bNone\b|\bUndefined\b|<\w+ object at|\bSentence\(|\bdatetime\.")

    found = [
        f"{page.path}: {text}" for read in pages.values() for page in read for text in page.said if odd.search(text)
    ]

    assert not found, "\n".join(found)


def test_f90_every_page_names_its_language_and_tells_moments_in_the_form_of_its_reader(
    pages: Mapping[str, Sequence[Page]],
):
    shown = {lang: " ".join(" ".join(page.said) for page in read) for lang, read in pages.items()}

    assert {lang: {page.lang for page in read} for lang, read in pages.items()} == {"fr": {"fr"}, "en": {"en"}}
    assert re.search(r"\b10/06/2026 14:\d\d\b", shown["fr"])
    assert re.search(r"\b2026-06-10 14:\d\d\b", shown["en"])
    assert not re.search(r"\b2026-06-10 \d\d:", shown["fr"])
    assert not re.search(r"\b\d\d/06/2026\b", shown["en"])
