"""An error says what happened, in the reader's language, and carries what a caller acts on."""

from __future__ import annotations

from inbox.errors import BadLine, BadRuleBook, InboxError, SendFailed
from inbox.sentences import Sentence

FRENCH = {
    "There is no label {word}.": "Il n’y a pas de label {word}.",
    "line {line}: {reason}": "ligne {line} : {reason}",
}


def in_french(says: str) -> str:
    return FRENCH.get(says, says)


def test_an_error_is_told_in_the_readers_language():
    error = InboxError(Sentence("There is no label {word}.", word="complain"))

    assert (str(error), error.told_by(in_french)) == (
        "There is no label complain.",
        "Il n’y a pas de label complain.",
    )


def test_a_bad_line_says_which_and_why():
    error = BadLine(12, Sentence("There is no label {word}.", word="complain"))

    assert (error.line, str(error)) == (12, "line 12: There is no label complain.")
    assert error.told_by(in_french) == "ligne 12 : Il n’y a pas de label complain."


def test_a_bad_rule_book_tells_every_fault_on_a_line_of_its_own():
    error = BadRuleBook(
        [Sentence("There is no label {word}.", word="a"), Sentence("There is no label {word}.", word="b")]
    )

    assert str(error) == "There is no label a.\nThere is no label b."


def test_a_refused_send_says_whether_it_is_for_good():
    error = SendFailed(Sentence("The contact has blocked the bot."), permanent=True)

    assert (error.permanent, error.outcome_unknown) == (True, False)
