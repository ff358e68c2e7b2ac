"""The desk: everything one brand's inbox works with, built once in `app/wiring.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from inbox.brand import Brand
from inbox.ports import Classifier, Clock, RuleBook, Store
from inbox.responses import CannedResponse


@dataclass(frozen=True, slots=True)
class Desk:
    """What the stages of a message's journey need.

    `hold` is how long everything waits in the outbox, so that it can be undone. `keep_deleted_text` keeps the words of
    messages that their author took back.
    """

    brand: Brand
    store: Store
    classifier: Classifier
    rules: RuleBook
    rule_book_version: int
    responses: Mapping[str, CannedResponse]
    clock: Clock
    hold: timedelta = timedelta(seconds=20)
    keep_deleted_text: bool = False
