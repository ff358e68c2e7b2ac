"""The commands of the inbox: see what waits, take it, answer it, close it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.commands.book import BOOK, Part
from bot.commands.calling import Call, Conversation, Length, Words
from bot.commands.cards import card_of, more_of
from bot.commands.telling import (
    case_told,
    head_told,
    item_told,
    labels_told,
    priority_told,
    reasons_told,
)
from bot.commands.views import Button, Line, Press, Tone, View, bold, dotted, italic, line, mark_of, quote, says
from inbox import work
from inbox.clocks import acknowledge
from inbox.corrections import correct
from inbox.drafting import write_draft
from inbox.errors import BadInput, Collision, NotPossible, Unsendable
from inbox.learning import told
from inbox.model import Label, SlaState, Status, Visibility
from inbox.moderation import list_cases
from inbox.people import Right
from inbox.proposals import proposals
from inbox.replies import refuse_repeating, send_draft
from inbox.responses import CannedResponse
from inbox.sentences import Sentence
from inbox.suggesting import said_why, suggest
from inbox.telling import channel_name
from inbox.views import ConversationView, QueueFilter, QueueItem, SendView

_PAGE = 8
_LABELS = {"praise": Label.PRAISE, "complaint": Label.COMPLAINT, "lead": Label.SALES_LEAD, "offensive": Label.OFFENSIVE}


class Wanted(StrEnum):
    """What `/inbox` may be narrowed to."""

    PRAISE = "praise"
    COMPLAINT = "complaint"
    LEAD = "lead"
    OFFENSIVE = "offensive"
    UNSURE = "unsure"
    MINE = "mine"
    SOON = "soon"
    LATE = "late"


_SLA = {Wanted.SOON: SlaState.DUE_SOON, Wanted.LATE: SlaState.BREACHED}


@BOOK.command("inbox", Part.INBOX, Right.LOOK)
def inbox(call: Call, label: Wanted | None = None) -> View:
    """List what waits for a person, the most pressing first."""
    wanted = None
    sla = None if label is None else _SLA.get(label)
    if label is not None and label is not Wanted.MINE and sla is None:
        wanted = _LABELS[label.value].value if label.value in _LABELS else label.value
    mine = call.person.name if label is Wanted.MINE else None
    with call.desk.store.read() as books:
        items = books.queue(QueueFilter(label=wanted, status=Status.OPEN, assignee=mine, limit=_PAGE + 1, sla=sla))
    if not items:
        return says(Sentence("Nothing waits."))
    lines = _items_told(call, items[:_PAGE])
    if len(items) > _PAGE:
        lines.append(line(Sentence("There is more. Begin with the first: /next")))
    return View(tuple(lines))


@BOOK.command("next", Part.INBOX, Right.LOOK)
def next_one(call: Call) -> View:
    """Show the most pressing conversation that nobody else has."""
    found = work.next_for(call.desk, by=call.person.actor, passed=call.target)
    return says(Sentence("Nothing waits.")) if found is None else card_of(call.desk, found.id)


@BOOK.command("show", Part.INBOX, Right.LOOK)
def show(call: Call, conversation: Conversation) -> View:
    """Show one conversation, as its card."""
    return card_of(call.desk, conversation)


@BOOK.command("claim", Part.INBOX, Right.WORK)
def claim(call: Call, conversation: Conversation) -> View:
    """Take a conversation into your hands, so that nobody else answers it meanwhile."""
    view = work.claim(call.desk, conversation, by=call.person.actor)
    minutes = round(call.desk.claims_last.total_seconds() / 60)
    return says(Sentence("Conversation {id} is in your hands for {minutes} minutes.", id=view.id, minutes=minutes))


@BOOK.command("release", Part.INBOX, Right.WORK)
def release(call: Call, conversation: Conversation) -> View:
    """Give a conversation back to all."""
    view = work.release(call.desk, conversation, by=call.person.actor)
    return says(Sentence("Conversation {id} is free for all again.", id=view.id))


@BOOK.command("assign", Part.INBOX, Right.WORK, is_for_all=True)
def assign(call: Call, conversation: Conversation, to: Words) -> View:
    """Give a conversation to somebody of the team, or put it in a queue."""
    view = work.assign(call.desk, conversation, to=to, by=call.person.actor)
    if to.strip() in call.desk.brand.teams:
        return says(Sentence("Conversation {id} is in the queue {queue}.", id=view.id, queue=to.strip()))
    answer = Sentence("Conversation {id} is with {person}.", id=view.id, person=view.assignee)
    return View((line(answer),), is_for_all=True, mentions=_ids_of(call, view.assignee))


@BOOK.command("reply", Part.INBOX, Right.WORK)
def reply(call: Call, conversation: Conversation, text: Words) -> View:
    """Answer a conversation with your own words; they leave when the hold is over."""
    refuse_repeating(call.desk, conversation, text=text, by=call.person.actor)
    draft = write_draft(call.desk, conversation, text=text, by=call.person.actor)
    return send_or_offer(call, draft.id)


@BOOK.command("draft", Part.INBOX, Right.WORK, menu=Sentence("Draft a reply"))
def draft(call: Call, conversation: Conversation, text: Words | None = None) -> View:
    """Keep your own words as a draft; without words, choose among up to three."""
    if text is not None:
        kept = write_draft(call.desk, conversation, text=text, by=call.person.actor)
        return says(Sentence("Draft {id} is kept. Nothing is sent.", id=kept.id))
    return suggestions_of(call, work.find(call.desk, conversation))


@BOOK.command("resolve", Part.INBOX, Right.WORK, aliases=("review", "complete"))
def resolve(call: Call, conversation: Conversation) -> View:
    """Close a conversation: all that was said in it is dealt with."""
    view = work.resolve(call.desk, conversation, by=call.person.actor)
    return says(Sentence("Conversation {id} is resolved. It opens again when the contact writes.", id=view.id))


@BOOK.command("reopen", Part.INBOX, Right.WORK)
def reopen(call: Call, conversation: Conversation) -> View:
    """Open a conversation again that was resolved or put off."""
    view = work.reopen(call.desk, conversation, by=call.person.actor)
    return says(Sentence("Conversation {id} is open again.", id=view.id))


@BOOK.command("snooze", Part.INBOX, Right.WORK)
def snooze(call: Call, conversation: Conversation, duration: Length) -> View:
    """Put a conversation off for a time, or until the contact writes again."""
    until = call.desk.clock() + duration
    view = work.snooze(call.desk, conversation, until=until, by=call.person.actor)
    return says(Sentence("Conversation {id} comes back by itself, or when the contact writes.", id=view.id))


@BOOK.command("escalate", Part.INBOX, Right.WORK, menu=Sentence("Escalate to support"))
def escalate(call: Call, conversation: Conversation, to: Words | None = None) -> View:
    """Hand a conversation to customer service, or to another queue, with a time by which it is due."""
    view = work.escalate(call.desk, conversation, by=call.person.actor, queue=to or "customer-service")
    handed = view.escalations[-1]
    return View(
        (
            line(Sentence("Conversation {id} is with {queue}.", id=view.id, queue=handed.queue)),
            *(
                ()
                if view.open_drafts
                else (line(Sentence("Tell the contact so: answer, or choose a draft with /draft.")),)
            ),
        )
    )


@BOOK.command("ack", Part.INBOX, Right.WORK)
def ack(call: Call, conversation: Conversation) -> View:
    """Say that you have seen an escalation and take care of it: nobody else is called."""
    view = acknowledge(call.desk, conversation, by=call.person.actor)
    return says(Sentence("You have acknowledged conversation {id}. The contact still waits for an answer.", id=view.id))


@BOOK.command("label", Part.INBOX, Right.WORK)
def label(call: Call, conversation: Conversation, labels: Words) -> View:
    """Say what the latest message of a conversation is; the model can learn from it where you allow that."""
    view = work.find(call.desk, conversation)
    last = view.last
    if last is None:
        raise NotPossible(Sentence("In conversation {id} there is nobody to answer.", id=view.id))
    return set_labels(call, last.id, _read_labels(labels))


@BOOK.command("note", Part.INBOX, Right.WORK, is_for_all=True)
def note(call: Call, conversation: Conversation, text: Words) -> View:
    """Write a note for the team; @name calls somebody. It is never sent to the contact."""
    view, mentioned = work.add_note(call.desk, conversation, text=text, by=call.person.actor)
    who = Sentence("Note by {person} on conversation {id}: ", person=call.person.name, id=view.id)
    ids: dict[str, str] = {}
    for name in mentioned:
        ids |= _ids_of(call, name)
    return View((line(bold(who), text.strip()),), is_for_all=True, mentions=ids)


@BOOK.command("why", Part.INBOX, Right.LOOK, menu=Sentence("Triage this message"))
def why(call: Call, conversation: Conversation) -> View:
    """Tell why a conversation stands as it does: labels, words, rules, and the parts of its priority."""
    view = work.find(call.desk, conversation)
    last = view.subject
    lines: list[Line] = [priority_told(view.priority, view.priority_parts)]
    if last is not None:
        lines.append(labels_told(last))
        reasons = reasons_told(last)
        lines += [reasons] if reasons is not None else []
        if last.decision is not None:
            rules = last.decision.because
            lines += [line(Sentence("rule: {rule}", rule=Sentence.of_name(rule))) for rule in rules]
            lines += [] if rules else [line(Sentence("No rule holds: a person decides."))]
            lines += [line("→ ", what) for what in proposals(last.decision.actions)]
            lines += [line("  ", remark) for remark in last.decision.notes]
        if last.prediction is not None:
            lines.append(line(Sentence("model {model}", model=last.prediction.model)))
    return View(tuple(lines), rows=more_of(view) if last is not None else ())


@BOOK.command("contact", Part.INBOX, Right.LOOK)
def contact(call: Call, conversation: Conversation) -> View:
    """Show who the contact is: since when, how many messages, which cases."""
    view = work.find(call.desk, conversation)
    cases = list_cases(call.desk, conversation_id=view.id, limit=5)
    lines = [head_told(view, now=call.desk.clock())]
    lines.append(
        dotted(channel_name(view.channel), Sentence("messages in this conversation: {n}", n=len(view.messages)))
    )
    lines += [case_told(case) for case in cases] or [line(Sentence("No case."))]
    return View(tuple(lines))


@BOOK.command("search", Part.INBOX, Right.LOOK)
def search(call: Call, text: Words) -> View:
    """Find conversations by what was said or who said it, whatever its case and accents."""
    with call.desk.store.read() as books:
        items = books.queue(QueueFilter(text=text, limit=_PAGE))
    if not items:
        return says(Sentence("Nothing was found for «{text}».", text=text.strip()))
    return View(tuple(_items_told(call, items)))


def _items_told(call: Call, items: Sequence[QueueItem]) -> list[Line]:
    now, hours = call.desk.clock(), call.desk.brand.hours
    return [told_line for item in items for told_line in item_told(item, now=now, hours=hours)]


def suggestions_of(call: Call, view: ConversationView) -> View:
    """Up to three drafts to choose from."""
    found = suggest(call.desk, view)
    if not found:
        return View(
            (line(Sentence("No prepared answer fits. Write your own.")),),
            rows=((Button(Sentence("Write"), Press("write", (str(view.id),)), Tone.MAIN),),),
        )
    lines: list[Line] = []
    buttons = []
    for number, one in enumerate(found, 1):
        response = call.desk.responses.get(one.response or "")
        title = Sentence("your team's words") if response is None else _title(response, call.person.lang)
        lines += [line(bold(f"{number}. "), title), quote(one.text)]
        if (why := said_why(one.why)) is not None:
            lines.append(line(italic(why)))
        buttons.append(
            Button(
                Sentence("Take {number}", number=number), Press("take", (str(view.id), mark_of(one.text))), Tone.MAIN
            )
        )
    return View(tuple(lines), rows=(tuple(buttons),))


def send_or_offer(
    call: Call, draft_id: int, *, reads: str | None = None, after: str | None = None, insists: bool = False
) -> View:
    """Send a draft; where a colleague was first, or a check stops it, keep it, show why, and offer to send it anyway.

    Args:
        call: Who sends.
        draft_id: The draft.
        reads: The words of the draft that the sender has seen; None where they are his own.
        after: The words of a colleague's answer that the sender has seen.
        insists: Whether the sender has seen what the checks find.
    """
    by = call.person.actor
    try:
        return sent_told(call, send_draft(call.desk, draft_id, by=by, reads=reads, after=after, insists=insists))
    except Collision as error:
        if error.answer is None:
            raise
        about = (str(draft_id), _mark_of_draft(call, draft_id), mark_of(error.answer))
        return _kept([line(error.sentence)], Press("send-after", about))
    except Unsendable as error:
        about = (str(draft_id), _mark_of_draft(call, draft_id), mark_of(after) if after is not None else "")
        told = [line("⚠ ", finding) for finding in error.findings]
        return _kept(told, Press("insist", about) if error.may_insist else None, Press("edit", (str(draft_id),)))


def _mark_of_draft(call: Call, draft_id: int) -> str:
    with call.desk.store.read() as books:
        kept = books.draft(draft_id)
    return mark_of(kept.text if kept is not None else "")


def _kept(told: Sequence[Line], anyway: Press | None, edit: Press | None = None) -> View:
    """Why a draft was not sent, and what can be done with it."""
    buttons = [] if edit is None else [Button(Sentence("Edit"), edit, Tone.MAIN)]
    if anyway is not None:
        buttons.append(Button(Sentence("Send all the same"), anyway, Tone.GRAVE))
    kept = line(Sentence("Your draft is kept. Nothing was sent."))
    return View((*told, kept), rows=(tuple(buttons),) if buttons else ())


def sent_told(call: Call, sent: SendView) -> View:
    """That something is on its way, until when it can be taken back, and who will read it."""
    view = work.find(call.desk, sent.conversation_id)
    seconds = f"{call.desk.hold.total_seconds():g}"
    leaves = (
        Sentence("It leaves in {seconds} s, in public: everyone there can read it.", seconds=seconds)
        if view.visibility is Visibility.PUBLIC
        else Sentence("It leaves in {seconds} s, for the contact alone.", seconds=seconds)
    )
    return View(
        (line(leaves),),
        rows=((Button(Sentence("Undo"), Press("undo-send", (str(sent.id),))),),),
    )


def set_labels(call: Call, message_id: int, labels: tuple[Label, ...]) -> View:
    """Say what a message is."""
    done = correct(call.desk, message_id, after=labels, by=call.person.actor)
    lines = [
        line(
            Sentence("The labels are confirmed: {labels}.", labels=told(done.after))
            if done.is_confirmation
            else Sentence("The labels are now: {labels}.", labels=told(done.after))
        )
    ]
    if not done.may_train:
        lines.append(line(Sentence("Models do not learn from {channel}: that is switched off.", channel=done.channel)))
    return View(tuple(lines))


def _title(response: CannedResponse, lang: str | None) -> str:
    """What a canned response is called, in the language of whoever reads where it has a name in it."""
    return response.title.get(lang or "") or next(iter(response.title.values()), response.code)


def _read_labels(words: str) -> tuple[Label, ...]:
    names = [word.casefold() for word in words.replace(",", " ").split()]
    if names in (["none"], ["other"]):
        return ()
    unknown = [name for name in names if name not in _LABELS and name != "sales_lead"]
    if unknown:
        raise BadInput(
            Sentence(
                'There is no label "{label}". Labels: praise, complaint, lead, offensive, or none.', label=unknown[0]
            )
        )
    return tuple(_LABELS.get(name, Label.SALES_LEAD) for name in names)


def _ids_of(call: Call, name: str | None) -> dict[str, str]:
    """The id, on the channel of the call, of somebody of the team who is to be called."""
    with call.desk.store.read() as books:
        found = next((one for one in books.moderators() if one.name == name), None)
    ids = [] if found is None else [external for channel, external in found.identities if channel == call.channel]
    return {found.name: ids[0]} if found is not None and ids else {}
