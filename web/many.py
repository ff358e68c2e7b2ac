"""What acts on many conversations are called, and which of them somebody may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inbox.bulk import BulkAct
from inbox.sentences import Sentence
from web.visitor import Visitor

BULK_NAMES: Mapping[BulkAct, Sentence] = {
    BulkAct.RESOLVE: Sentence("resolve"),
    BulkAct.SNOOZE: Sentence("put off"),
    BulkAct.ASSIGN: Sentence("give to somebody"),
    BulkAct.HIDE: Sentence("hide the message"),
    BulkAct.DELETE: Sentence("delete the message"),
}


def acts_for(who: Visitor) -> Sequence[BulkAct]:
    """The acts on many that somebody may do, the mildest first."""
    return [act for act in BulkAct if who.may(act.right)]
