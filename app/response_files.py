"""The file of canned responses of one brand, to be changed by people of the team."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app.in_force import write_whole
from app.wiring import read_rules, responses_path
from inbox.errors import BadResponses, Collision, NotPossible
from inbox.prepared import Written
from inbox.responses import CannedResponse
from inbox.sentences import Sentence
from routing import response_editing
from routing.responses import STARTER, read_responses

if TYPE_CHECKING:
    from app.settings import Settings

HERE = Path("responses.toml")
"""Where the responses of whoever has set no other place stand, once they are not those that ship."""


class BrandResponses:
    """Where the responses of one brand stand.

    Args:
        settings: Those of the brand.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def text(self) -> str:
        """What stands in the file, to the letter; what ships where there is none.

        Raises:
            NotPossible: It cannot be read.
        """
        path = responses_path(self._settings) or STARTER
        try:
            return path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise NotPossible(Sentence("{file} cannot be read: {why}.", file=path.name, why=str(error))) from error

    def written(self, text: str) -> Mapping[str, Written]:
        """The responses that a text holds, as they are written, by code and in order.

        Raises:
            NotPossible: It cannot be read.
        """
        try:
            read_responses(text, name=self._place().name)
        except BadResponses as error:
            raise NotPossible(error.findings[0]) from error
        return response_editing.written_in(text)

    def read(self, text: str) -> Mapping[str, CannedResponse]:
        """The responses that a text holds.

        Raises:
            BadResponses: They do not hold together.
            BadRuleBook: The rules do not hold together with them.
        """
        responses = read_responses(text, name=self._place().name)
        read_rules(self._settings, responses)
        return responses

    def with_response(self, text: str, code: str, written: Written | None) -> str:
        """A text with one response added, written anew, or left out.

        Raises:
            NotPossible: It has to be written by hand.
        """
        return response_editing.with_response(text, code, written)

    def write(self, text: str, *, before: str) -> None:
        """Put a text in the place of another, whole or not at all.

        Raises:
            Collision: The file reads otherwise by now.
            NotPossible: It cannot be written, or is another brand's.
        """
        settings = self._settings
        if settings.brand.key in settings.brands and settings.brand.responses is None:
            raise NotPossible(
                Sentence(
                    "This brand has the responses of the main one. Give it a file of its own: brands.{key}.responses",
                    key=settings.brand.key,
                )
            )
        if self._place().resolve() == STARTER:
            raise NotPossible(Sentence("These are the responses that ship. Set a file of your own: responses"))
        if self.text() != before:
            raise Collision(Sentence("{file} has been changed meanwhile. Look at it again.", file=self._place().name))
        write_whole(self._place(), text)

    def _place(self) -> Path:
        return self._settings.responses or responses_path(self._settings) or HERE
