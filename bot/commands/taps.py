"""What the buttons of cards and answers do. Each works after a restart: all it needs is in the button."""

from __future__ import annotations

from bot.commands.book import BOOK
from bot.commands.calling import Call, Conversation, Length, Said, Words
from bot.commands.cards import more_of
from bot.commands.inbox import (
    ack,
    claim,
    contact,
    escalate,
    resolve,
    send_or_offer,
    set_labels,
    snooze,
    suggestions_of,
    why,
)
from bot.commands.inbox import note as write_note
from bot.commands.sanctions import TIMEOUT, act
from bot.commands.sanctions import spam as delete_as_spam
from bot.commands.views import Button, Form, Press, Style, Tone, View, line, mark_of, quote, says
from inbox import work
from inbox.cases import CaseAct, Subject
from inbox.drafting import change_draft, write_draft
from inbox.durations import duration
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.model import Label
from inbox.outgoing import OutboxKind
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.suggesting import suggest
from inbox.views import DraftState, DraftView

_MANY_EXPOSURES = 20
"""After so many blurred texts in a day, a break is suggested, and again after each ten more."""


@BOOK.tap("send", Right.WORK)
def send(call: Call, draft: str, seen: str = "") -> View:
    """Send a draft, if it still says what was seen."""
    found = _draft(call, draft)
    if _says_something_else(found, seen):
        return _shown_anew(found)
    return send_or_offer(call, found.id, reads=found.text)


@BOOK.tap("send-after", Right.WORK)
def send_after(call: Call, draft: str, seen: str = "", answered: str = "") -> View:
    """Send a draft although a colleague has answered, if both still say what was seen."""
    found = _draft(call, draft)
    if _says_something_else(found, seen):
        return _shown_anew(found)
    return send_or_offer(call, found.id, reads=found.text, after=_answer_seen(call, found, answered))


@BOOK.tap("insist", Right.WORK)
def insist(call: Call, draft: str, seen: str = "", answered: str = "") -> View:
    """Send a draft although a check stops it, if it still says what was seen."""
    found = _draft(call, draft)
    if _says_something_else(found, seen):
        return _shown_anew(found)
    after = _answer_seen(call, found, answered)
    return send_or_offer(call, found.id, reads=found.text, after=after, insists=True)


@BOOK.tap("edit", Right.WORK, asks=True)
def edit(call: Call, draft: str) -> View:
    """Ask for other words for a draft; meanwhile the conversation is in the hands of whoever writes."""
    found = _draft(call, draft)
    work.claim(call.desk, found.conversation_id, by=call.person.actor)
    form = Form(
        Sentence("Change the draft"), Sentence("How it is to read"), Press("edited", (draft,)), value=found.text
    )
    return View(form=form)


@BOOK.tap("edited", Right.WORK)
def edited(call: Call, draft: str, text: str) -> View:
    """Give a draft other words; it is not sent yet."""
    changed = change_draft(call.desk, int(draft), text=text, by=call.person.actor)
    return _ready(changed.id, changed.text)


@BOOK.tap("write", Right.WORK, asks=True)
def write(call: Call, conversation: str) -> View:
    """Ask for words of one's own."""
    work.claim(call.desk, int(conversation), by=call.person.actor)
    return View(form=Form(Sentence("Write an answer"), Sentence("Your words"), Press("written", (conversation,))))


@BOOK.tap("written", Right.WORK)
def written(call: Call, conversation: str, text: str) -> View:
    """Keep words as a draft; it is not sent yet."""
    kept = write_draft(call.desk, int(conversation), text=text, by=call.person.actor)
    return _ready(kept.id, kept.text)


@BOOK.tap("note", Right.WORK, asks=True)
def note(call: Call, conversation: str) -> View:
    """Ask for a note."""
    del call
    return View(form=Form(Sentence("Write a note"), Sentence("For the team alone"), Press("noted", (conversation,))))


@BOOK.tap("noted", Right.WORK)
def noted(call: Call, conversation: str, text: str) -> View:
    """Keep a note."""
    return write_note(call, Conversation(int(conversation)), Words(text))


@BOOK.tap("drafts", Right.WORK)
def drafts(call: Call, conversation: str) -> View:
    """Offer up to three drafts."""
    return suggestions_of(call, work.find(call.desk, int(conversation)))


@BOOK.tap("take", Right.WORK)
def take(call: Call, conversation: str, seen: str) -> View:
    """Make one of the drafts that were offered the one to send."""
    view = work.find(call.desk, int(conversation))
    chosen = next((one for one in suggest(call.desk, view) if mark_of(one.text) == seen), None)
    if chosen is None:
        raise NotPossible(Sentence("The drafts have changed since. Ask for them again."))
    if chosen.draft_id is not None:
        return _ready(chosen.draft_id, chosen.text)
    kept = write_draft(
        call.desk, view.id, text=chosen.text, by=call.person.actor, lang=chosen.lang, response=chosen.response
    )
    return _ready(kept.id, kept.text)


@BOOK.tap("claim", Right.WORK)
def take_in_hand(call: Call, conversation: str) -> View:
    """Take a conversation into one's hands."""
    return claim(call, Conversation(int(conversation)))


@BOOK.tap("mine", Right.WORK)
def mine(call: Call, conversation: str) -> View:
    """Give a conversation to oneself."""
    view = work.assign(call.desk, int(conversation), to=call.person.name, by=call.person.actor)
    return says(Sentence("Conversation {id} is with {person}.", id=view.id, person=view.assignee))


@BOOK.tap("escalate", Right.WORK)
def hand_over(call: Call, conversation: str) -> View:
    """Hand a conversation to customer service."""
    return escalate(call, Conversation(int(conversation)))


@BOOK.tap("ack", Right.WORK)
def take_note(call: Call, conversation: str) -> View:
    """Say that one has seen an escalation."""
    return ack(call, Conversation(int(conversation)))


@BOOK.tap("resolve", Right.WORK)
def close(call: Call, conversation: str) -> View:
    """Close a conversation."""
    return resolve(call, Conversation(int(conversation)))


@BOOK.tap("snooze", Right.WORK)
def put_off(call: Call, conversation: str, length: str) -> View:
    """Put a conversation off."""
    lasts = duration(length)
    if lasts is None:
        raise BadInput(Sentence('"{text}" is no length of time. Write 30m, 2h, 3d or 1w.', text=length))
    return snooze(call, Conversation(int(conversation)), Length(lasts))


@BOOK.tap("more", Right.LOOK)
def more(call: Call, conversation: str) -> View:
    """What can be done besides."""
    view = work.find(call.desk, int(conversation))
    says_what = Sentence("Conversation {id}, {contact}: what else?", id=view.id, contact=view.contact)
    return View((line(says_what),), rows=more_of(view))


@BOOK.tap("why", Right.LOOK)
def tell_why(call: Call, conversation: str) -> View:
    """Tell why a conversation stands as it does."""
    told = why(call, Conversation(int(conversation)))
    return View(told.lines)


@BOOK.tap("contact", Right.LOOK)
def show_contact(call: Call, conversation: str) -> View:
    """Show who the contact is."""
    return contact(call, Conversation(int(conversation)))


@BOOK.tap("toggle", Right.WORK)
def toggle(call: Call, message: str, label: str, wanted: str) -> View:
    """Say that a label holds (`on`), or does not: what the button said, however often it is tapped."""
    meant = Label(label)
    others = _labels_besides(call, message, meant)
    return set_labels(call, int(message), (*others, meant) if wanted == "on" else others)


@BOOK.tap("inoffensive", Right.WORK)
def inoffensive(call: Call, message: str) -> View:
    """Say that a message does not offend."""
    return set_labels(call, int(message), _labels_besides(call, message, Label.OFFENSIVE))


@BOOK.tap("spam", Right.MODERATE)
def mark_spam(call: Call, message: str) -> View:
    """Delete a message as spam: the one that was on the card, whatever has come since."""
    return delete_as_spam(call, Said(int(message)))


@BOOK.tap("warn", Right.MODERATE)
def warn(call: Call, message: str) -> View:
    """Warn the author of a message."""
    return act(call, CaseAct.WARN, int(message), None)


@BOOK.tap("timeout", Right.MODERATE)
def timeout(call: Call, message: str) -> View:
    """Silence the author of a message for an hour."""
    return act(call, CaseAct.TIMEOUT, int(message), None, duration=TIMEOUT, sure=False)


@BOOK.tap("ban", Right.MODERATE)
def ban(call: Call, message: str) -> View:
    """Ban the author of a message."""
    return act(call, CaseAct.BAN, int(message), None, sure=False)


@BOOK.tap("remove", Right.MODERATE)
def remove(call: Call, message: str) -> View:
    """Take a message out of sight, the mildest way the channel has."""
    subject = _subject(call, message)
    hides = call.desk.abilities_of(subject.channel).removal is OutboxKind.HIDE
    return act(call, CaseAct.HIDE if hides else CaseAct.DELETE, int(message), None, sure=False)


@BOOK.tap("sure", Right.MODERATE)
def sure(call: Call, what: str, message: str) -> View:
    """Do what cannot be undone, now that it was asked twice."""
    wanted = CaseAct(what)
    return act(call, wanted, int(message), None, duration=TIMEOUT if wanted is CaseAct.TIMEOUT else None)


@BOOK.tap("reveal", Right.LOOK)
def reveal(call: Call, message: str) -> View:
    """Show a text that was kept from view, to whoever asks, and count it."""
    subject = _subject(call, message)
    seen = work.reveal(call.desk, int(message), by=call.person.actor)
    lines = [quote(subject.evidence.text or Sentence("(no text)"), Style.VEILED)]
    if seen >= _MANY_EXPOSURES and (seen - _MANY_EXPOSURES) % 10 == 0:
        lines.append(
            line(Sentence("You have read {n} such texts today. Take a break: somebody else can go on.", n=seen))
        )
    return View(tuple(lines))


def _labels_besides(call: Call, message: str, besides: Label) -> tuple[Label, ...]:
    with call.desk.store.read() as books:
        stands = books.labels_of(int(message))
    if stands is None:
        raise NotFound(Sentence("There is no message {id}.", id=int(message)))
    return tuple(label for label in stands.labels if label is not besides)


def _subject(call: Call, message: str) -> Subject:
    with call.desk.store.read() as books:
        subject = books.find_subject(int(message))
    if subject is None:
        raise NotFound(Sentence("There is no message {id}.", id=int(message)))
    return subject


def _ready(draft_id: int, text: str) -> View:
    """Words that are kept, and can be sent."""
    return _offered(Sentence("Draft {id} is kept. Nothing is sent yet.", id=draft_id), draft_id, text)


def _draft(call: Call, number: str) -> DraftView:
    with call.desk.store.read() as books:
        found = books.draft(int(number))
    if found is None:
        raise NotFound(Sentence("There is no draft {id}.", id=int(number)))
    return found


def _answer_seen(call: Call, draft: DraftView, mark: str) -> str | None:
    """What a colleague has answered, where it is still what somebody saw."""
    with call.desk.store.read() as books:
        answer = books.answer_to(draft.conversation_id)
    return answer.text if answer is not None and mark_of(answer.text) == mark else None


def _says_something_else(draft: DraftView, seen: str) -> bool:
    return draft.state is DraftState.OPEN and mark_of(draft.text) != seen


def _shown_anew(draft: DraftView) -> View:
    """A draft whose words are not those that somebody saw when he sent it: nothing leaves unread."""
    says_why = Sentence("Draft {id} has changed since it was shown here. Nothing was sent. It now says:", id=draft.id)
    return _offered(says_why, draft.id, draft.text)


def _offered(says_what: Sentence, draft_id: int, text: str) -> View:
    number = str(draft_id)
    return View(
        (line(says_what), quote(text)),
        rows=(
            (
                Button(Sentence("Send draft"), Press("send", (number, mark_of(text))), Tone.GOOD),
                Button(Sentence("Edit"), Press("edit", (number,)), Tone.MAIN),
            ),
        ),
    )
