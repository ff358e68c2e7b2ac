"""Changing the canned responses: one is added, written anew or retired, or all are brought back as they were.

The file stays what is in force. Each change is a version with its author and reason, made only where nobody changed
the same response meanwhile, and only where the rules still hold together with it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.errors import BadInput, Collision, NotFound, NotPossible
from inbox.model import Actor
from inbox.response_books import ResponsesVersion
from inbox.responses import CannedResponse, Variant
from inbox.sentences import Sentence
from inbox.taking_up import FILE

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True)
class Written:
    """A canned response as it is written in its file, before anything is read into it."""

    code: str
    polarity: str
    variants: tuple[Variant, ...]
    title: Mapping[str, str]
    owner: str = ""
    words: tuple[str, ...] = ()
    generic: bool = False
    valid_until: date | None = None

    @property
    def digest(self) -> str:
        """Another one as soon as it is written otherwise."""
        parts = (self.code, self.polarity, self.variants, sorted(self.title.items()))
        more = (self.owner, self.words, self.generic, self.valid_until)
        return hashlib.sha256(repr((parts, more)).encode()).hexdigest()[:16]


class ResponseFile(Protocol):
    """The file in which the canned responses of a brand stand."""

    def text(self) -> str:
        """What stands in it, to the letter.

        Raises:
            NotPossible: It cannot be read.
        """

    def written(self, text: str) -> Mapping[str, Written]:
        """The responses that a text holds, as they are written, by code and in order.

        Raises:
            NotPossible: It cannot be read.
        """

    def read(self, text: str) -> Mapping[str, CannedResponse]:
        """The responses that a text holds.

        Raises:
            BadResponses: They do not hold together.
            BadRuleBook: The rules do not hold together with them.
        """

    def with_response(self, text: str, code: str, written: Written | None) -> str:
        """A text with one response added, written anew, or left out; all else stays as it is.

        Raises:
            NotPossible: It has to be written by hand.
        """

    def write(self, text: str, *, before: str) -> None:
        """Put a text in the place of another, whole or not at all.

        Raises:
            Collision: The file reads otherwise by now.
            NotPossible: It cannot be written, or is another brand's.
        """


def keep_response(desk: Desk, file: ResponseFile, written: Written, *, base: str | None, why: str, by: Actor) -> int:
    """Add a response, or write one anew; the version that it makes.

    Args:
        desk: The desk.
        file: Where the responses stand.
        written: As it is to be.
        base: The digest of what its author has seen; None where it is new.
        why: His reason; may be empty.
        by: Who he is.

    Raises:
        BadInput: It does not hold together; BadResponses tells every fault.
        Collision: Somebody has changed it meanwhile.
        NotPossible: Its code is taken, or it cannot be written.
    """
    if base is None and not _CODE.fullmatch(written.code):
        raise BadInput(Sentence("A code has small letters, digits and hyphens only, such as late-parcel."))
    with desk.store.begin() as books:
        books.take_turn()
        text = file.text()
        there = file.written(text).get(written.code)
        _refuse_meanwhile(there, base, code=written.code)
        if there is not None and there.digest == written.digest:
            raise NotPossible(Sentence("Nothing differs."))
        told = (
            Sentence("{person} has added the response {code}.", person=by.name, code=written.code)
            if base is None
            else Sentence("{person} has changed the response {code}.", person=by.name, code=written.code)
        )
        return _put(desk, books, file, (text, file.with_response(text, written.code, written)), told, why=why, by=by)


def retire_response(desk: Desk, file: ResponseFile, code: str, *, base: str, why: str, by: Actor) -> int:
    """Take a response out of use; the version that it makes. What it said stays on record.

    Raises:
        NotFound: There is no such response.
        Collision: Somebody has changed it meanwhile.
        BadInput: A rule uses it: BadRuleBook names the rules.
        NotPossible: It cannot be written.
    """
    with desk.store.begin() as books:
        books.take_turn()
        text = file.text()
        there = file.written(text).get(code)
        if there is None:
            raise NotFound(Sentence('There is no response "{code}".', code=code))
        _refuse_meanwhile(there, base, code=code)
        told = Sentence("{person} has retired the response {code}.", person=by.name, code=code)
        return _put(desk, books, file, (text, file.with_response(text, code, None)), told, why=why, by=by)


def roll_back_responses(desk: Desk, file: ResponseFile, version: int, *, why: str, by: Actor) -> int:
    """Bring all responses back as they were in a version, as a new one; its number.

    Raises:
        NotFound: There is no such version.
        BadInput: The rules do not hold together with them: BadRuleBook names the rules.
        NotPossible: They read so already, or cannot be written.
    """
    with desk.store.begin() as books:
        books.take_turn()
        wanted, text = find_responses_version(books, version), file.text()
        if wanted.text == text:
            raise NotPossible(Sentence("The responses read as in version {n} already.", n=version))
        told = Sentence("{person} has brought back version {n} of the responses.", person=by.name, n=version)
        return _put(desk, books, file, (text, wanted.text), told, why=why, by=by)


def find_responses_version(books: Books, version: int) -> ResponsesVersion:
    """One version of the responses.

    Raises:
        NotFound: There is none of this number.
    """
    found = next((one for one in books.response_books() if one.version == version), None)
    if found is None:
        raise NotFound(Sentence("There is no version {n} of the responses.", n=version))
    return found


def _refuse_meanwhile(there: Written | None, base: str | None, *, code: str) -> None:
    if base is None and there is not None:
        raise NotPossible(Sentence("There is a response {code} already.", code=code))
    if base is not None and there is None:
        raise Collision(Sentence("The response {code} has been retired meanwhile.", code=code))
    if base is not None and there is not None and there.digest != base:
        raise Collision(Sentence("The response {code} has been changed meanwhile. Look at it again.", code=code))


def _put(
    desk: Desk,
    books: Books,
    file: ResponseFile,
    change: tuple[str, str],
    told: Sentence,
    *,
    why: str,
    by: Actor,
) -> int:
    """Keep a text in the place of another, in the store and in the file, in a transaction that has taken its turn."""
    before, after = change
    now = desk.clock()
    file.read(after)
    books.keep_response_book(before, author=FILE, now=now)  # what somebody wrote into the file by hand
    version = books.keep_response_book(after, author=by, why=why, now=now)
    facts = {"version": version, "why": why}
    books.write_audit([AuditLine(now, by, "responses.changed", "response_book", version, told, facts)])
    books.seal_audit()
    # Last: a file that cannot be written leaves nothing on record.
    file.write(after, before=before)
    return version
