"""The checks of words before they are sent, whoever wrote them. `check_words` runs them all; each has a file here."""

from inbox.checks.checking import check_words
from inbox.checks.context import LEVELS, NO_CHECKS, Checks, Context, Level
from inbox.checks.echo import name_to_say
from inbox.checks.mending import mended

__all__ = ["LEVELS", "NO_CHECKS", "Checks", "Context", "Level", "check_words", "mended", "name_to_say"]
