"""The commands of the records: cases, warnings, what can be undone."""

from __future__ import annotations

from bot.commands.book import BOOK, Part
from bot.commands.calling import Call, CaseNumber, Conversation, Said, Words
from bot.commands.card import moment_of, undo_press
from bot.commands.cards import facts_of
from bot.commands.telling import case_told
from bot.commands.views import Button, Line, Press, View, dotted, italic, line, quote, says
from inbox import work
from inbox.care import is_blurred
from inbox.corrections import take_back
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.ladder import points_now
from inbox.learning import told
from inbox.model import Label, Severity, Status
from inbox.moderation import change_reason, find_case, list_cases, list_warnings, undo
from inbox.people import Right
from inbox.replies import undo_send
from inbox.sentences import Sentence
from inbox.team import require
from inbox.telling import HIDDEN

_PAGE = 10

_RESTING = frozenset({"conversation.resolved", "conversation.snoozed", "conversation.spam"})


@BOOK.command("case", Part.RECORDS, Right.LOOK)
def case(call: Call, case: CaseNumber) -> View:
    """Show a case: what was done, to whom, why, by whom, and the evidence."""
    found = find_case(call.desk, case)
    lines: list[Line] = [case_told(found)]
    severity = Severity.MEDIUM if Label.OFFENSIVE in found.evidence.labels else None
    blurred = is_blurred(found.evidence.labels, severity)
    lines.append(quote(HIDDEN if blurred else found.evidence.text or Sentence("(no text)")))
    if found.withheld is not None:
        lines.append(line(found.withheld))
    if found.rule:
        lines.append(line(Sentence("house rule: {rule}", rule=found.rule)))
    if found.notice is not None and found.notice.error is not None:
        lines.append(line("⚠ ", Sentence("the author could not be told: {why}", why=found.notice.error)))
    if found.appeal is not None:
        lines.append(dotted(Sentence("appeal"), found.appeal.text))
    if found.undone_by is not None:
        lines.append(
            line(italic(Sentence("undone by {person}: {why}", person=found.undone_by, why=found.undone_why or "-")))
        )
    buttons = []
    if blurred and found.message_id is not None:
        buttons.append(Button(Sentence("Show the text"), Press("reveal", (str(found.message_id),))))
    if found.stands and found.reversible:
        buttons.append(Button(Sentence("Undo"), Press("undo-case", (str(found.number),))))
    return View(tuple(lines), rows=(tuple(buttons),) if buttons else ())


@BOOK.command("modlogs", Part.RECORDS, Right.LOOK, aliases=("history",))
def modlogs(call: Call, user: Said) -> View:
    """List the cases of somebody, newest first."""
    cases = list_cases(call.desk, conversation_id=_conversation(call, user), limit=_PAGE)
    return View(tuple(case_told(one) for one in cases)) if cases else says(Sentence("No case."))


@BOOK.command("warnings", Part.RECORDS, Right.LOOK)
def warnings(call: Call, user: Said) -> View:
    """List the warnings of somebody that count now, and their points."""
    counting = list_warnings(call.desk, _conversation(call, user))
    points = points_now(counting, now=call.desk.clock(), fade_after=call.desk.policy.fade_after)
    return View((line(Sentence("Points now: {n}", n=points)), *(case_told(one) for one in counting)))


@BOOK.command("reason", Part.RECORDS, Right.MODERATE)
def reason(call: Call, case: CaseNumber, reason: Words) -> View:
    """Give a case another reason."""
    changed = change_reason(call.desk, case, reason, by=call.person.actor)
    return View((line(Sentence("Case {number} has another reason.", number=changed.number)), case_told(changed)))


@BOOK.command("undo", Part.RECORDS, Right.WORK)
def undo_last(call: Call, conversation: Conversation) -> View:
    """Take back what was done last in a conversation: a reply on its way, a case, a resolution, labels."""
    facts = facts_of(call.desk, conversation)
    if facts is None:
        raise NotFound(Sentence("There is no conversation {id}.", id=conversation))
    press = undo_press(facts)
    if press is None:
        raise BadInput(Sentence("In conversation {id} there is nothing to undo.", id=conversation))
    tap = BOOK.find_tap(press[0])
    assert tap is not None  # noqa: S101  # every press of a card has its tap
    require(call.desk, call.person, tap.right, what="/undo")
    return tap.run(call, *press[0].about) or says(Sentence("Taken back."))


@BOOK.tap("undo-send", Right.WORK)
def undo_sending(call: Call, number: str) -> View:
    """Take back a reply that has not left."""
    taken = undo_send(call.desk, int(number), by=call.person.actor)
    return says(
        Sentence(
            "Taken back: nothing has left. The draft of conversation {id} is open again.", id=taken.conversation_id
        )
    )


@BOOK.tap("undo-case", Right.MODERATE)
def undo_case(call: Call, number: str) -> View:
    """Undo a case."""
    done = undo(call.desk, int(number), by=call.person.actor)
    return says(Sentence("Case {number} is undone.", number=done.number))


@BOOK.tap("undo-label", Right.WORK)
def undo_labels(call: Call, message: str) -> View:
    """Let the labels of the model stand again."""
    stands = take_back(call.desk, int(message), by=call.person.actor)
    return says(Sentence("The labels are again those of the model: {labels}.", labels=told(stands.labels)))


@BOOK.tap("reopen", Right.WORK)
def open_again(call: Call, conversation: str, moment: str = "") -> View:
    """Open a conversation again, if nobody has closed it or put it off since."""
    found = work.find(call.desk, int(conversation))
    done = next((act for act in reversed(found.audit) if act.what in _RESTING), None)
    if done is not None and moment_of(done) != moment and found.status in {Status.RESOLVED, Status.SNOOZED}:
        raise NotPossible(
            Sentence("Since then: {why} To open it all the same: /reopen {id}", why=done.reason, id=found.id)
        )
    view = work.reopen(call.desk, found.id, by=call.person.actor)
    return says(Sentence("Conversation {id} is open again.", id=view.id))


def _conversation(call: Call, message_id: int) -> int:
    with call.desk.store.read() as books:
        found = books.conversation_of(message_id)
    if found is None:
        raise NotFound(Sentence("There is no message {id}.", id=message_id))
    return found
