"""What people do with drafts: send, throw away, undo."""

from __future__ import annotations

from datetime import datetime

from inbox.answering import thread_for
from inbox.approval import ask_approval, has_to_ask
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.errors import AwaitsApproval, Collision, NotFound, NotPossible, Unsendable
from inbox.findings import blocking
from inbox.lengths import too_long
from inbox.model import Actor, Label
from inbox.outcome import parts_for
from inbox.outgoing import OutboxKind
from inbox.proofreading import findings_in, spoken_in
from inbox.responses import CannedResponse
from inbox.sentences import Sentence
from inbox.views import ConversationView, DraftState, DraftView, SendState, SendView
from inbox.wording import said
from inbox.work import must_find, refuse_if_held


def send_draft(
    desk: Desk,
    draft_id: int,
    *,
    by: Actor,
    text: str | None = None,
    reads: str | None = None,
    after: str | None = None,
    insists: bool = False,
    privately: bool = False,
) -> SendView:
    """Put a draft in the outbox in a person's name; it leaves when the hold is over, unless undone.

    Args:
        desk: The desk.
        draft_id: The draft.
        by: Who sends.
        text: Other words than the draft's.
        reads: The words of the draft that the sender has seen; None where he sends it whatever it says.
        after: The words of a colleague's answer that the sender has seen, and sends after; None where there is none.
        insists: Whether the sender has read what the checks find, and sends it all the same.
        privately: Whether the contact alone is to read it, though he wrote where all can.

    Returns:
        The row of the outbox; the first, where the channel needs several messages for it.

    Raises:
        NotFound: There is no such draft.
        AwaitsApproval: A colleague has to approve it first; it was kept with these words, and waits.
        NotAllowed: He asked for the approval himself, or may not approve.
        NotPossible: The text is too long, the draft is not open any more, or says something else than what the sender
            has seen; or the channel takes no such answer, or none any more.
        Unsendable: The checks keep the words from being sent.
        Collision: A colleague has answered since the contact last wrote, or has the conversation in hand; the draft
            stays open.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        draft = books.draft(draft_id)
        if draft is None:
            raise NotFound(Sentence("There is no draft {id}.", id=draft_id))
        view = must_find(books, draft.conversation_id)
        _refuse_second(books, view, by=by, after=after)
        if draft.asked_by is None or view.held_by(now) != draft.asked_by:
            refuse_if_held(view, by=by, now=now)
        if draft.state is DraftState.OPEN and reads not in {None, draft.text}:
            raise NotPossible(Sentence("Draft {id} has other words now: {text}", id=draft_id, text=draft.text))
        alone = privately or (draft.awaits_approval and draft.asked_privately)
        thread = thread_for(desk, books, view, message_id=draft.message_id, privately=alone, now=now)
        words = draft.text if text is None else text
        response = desk.responses.get(draft.response or "") if words == draft.text else None
        passed = _checked(desk, view, words, message_id=draft.message_id, response=response, insists=insists)
        parts = _parts(desk, books.channel_of(draft.conversation_id), words)
        if draft.state is not DraftState.OPEN:
            raise NotPossible(_not_open(draft_id, draft.state))
        waits = has_to_ask(desk, books, draft, by=by, labels=_labels_of(view, draft.message_id), channel=view.channel)
        if waits:
            ask_approval(desk, books, draft, words, by=by, privately=alone, **passed)
        else:
            leaves_at = now + desk.hold
            send_id = books.approve(draft_id, parts=parts, by=by, not_before=leaves_at, now=now, thread=thread)
            if send_id is None:
                raise NotPossible(_not_open(draft_id, draft.state))
            why, asked = _approved(draft, is_changed=words != draft.text)
            _note(books, by, "draft.approved", draft_id, why, now=now, outbox=send_id, **passed, **asked)
            return _must(books.send(send_id), send_id)
    # Only now: what was kept is committed.
    raise AwaitsApproval(draft_id)


def _approved(draft: DraftView, *, is_changed: bool) -> tuple[Sentence, dict[str, object]]:
    """Why a draft leaves, and for the audit log who had asked for the approval, if anybody."""
    if draft.asked_by is None:
        return (Sentence("A person edited the draft.") if is_changed else Sentence("A person approved the draft.")), {}
    asked: dict[str, object] = {"asked_by": draft.asked_by, "changed": is_changed}
    if is_changed:
        return Sentence("A colleague changed and approved what {person} wanted to send.", person=draft.asked_by), asked
    return Sentence("A colleague approved what {person} wanted to send.", person=draft.asked_by), asked


def _labels_of(view: ConversationView, message_id: int) -> tuple[Label, ...]:
    """The labels of a message that is answered."""
    return next((one.labels for one in view.messages if one.id == message_id), ())


def refuse_repeating(desk: Desk, conversation_id: int, *, text: str, by: Actor) -> None:
    """Let somebody go on unless he has answered the same message in these words: a chat may tell of one wish twice.

    Raises:
        NotPossible: He has.
    """
    with desk.store.read() as books:
        view = books.conversation(conversation_id)
    if view is None or view.last is None or not text.strip():
        return
    first = parts_for(text.strip(), desk.abilities_of(view.channel))[0]
    said = {SendState.WAITING, SendState.SENDING, SendState.SENT}
    for send in view.sends:
        is_same = (send.message_id, send.actor, send.text) == (view.last.id, by, first)
        if is_same and send.kind == OutboxKind.REPLY and send.state in said:
            raise NotPossible(Sentence("You have answered in these words already."))


def discard_draft(desk: Desk, draft_id: int, *, by: Actor) -> None:
    """Throw a draft away.

    Raises:
        NotFound: There is no such draft.
        NotPossible: The draft is not open any more.
    """
    with desk.store.begin() as books:
        draft = books.draft(draft_id)
        if draft is None:
            raise NotFound(Sentence("There is no draft {id}.", id=draft_id))
        if not books.discard(draft_id):
            raise NotPossible(_not_open(draft_id, draft.state))
        why = Sentence("A person threw the draft away.")
        _note(books, by, "draft.discarded", draft_id, why, now=desk.clock())


def undo_send(desk: Desk, send_id: int, *, by: Actor) -> SendView:
    """Take back something that has not left yet; its draft is open again.

    Raises:
        NotFound: There is no such row in the outbox.
        NotPossible: It has left, or is leaving right now.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        send = _must(books.send(send_id), send_id)
        if send.state is SendState.CANCELLED:
            raise NotPossible(Sentence("Number {id} was taken back already.", id=send_id))
        why = Sentence("A person took it back.")
        if not books.cancel(send_id, why=why):
            raise NotPossible(Sentence("Too late: number {id} has left, or is leaving now.", id=send_id))
        _note(books, by, "outbox.undone", send_id, why, now=now)
        return _must(books.send(send_id), send_id)


def edit_sent(desk: Desk, send_id: int, *, text: str, by: Actor, insists: bool = False) -> SendView:
    """Change the words of a reply that has left, on the channel itself; the row of the outbox that does it.

    Who `insists` has read what the checks find, and changes it all the same.

    Raises:
        NotFound: There is no such row in the outbox.
        NotPossible: It has not left, was not a reply, reads so already, or the channel takes no changes.
        Unsendable: The checks keep the words from being sent.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        sent = _sent_reply(desk, books, send_id, OutboxKind.EDIT)
        if not text.strip():
            raise NotPossible(Sentence("A reply needs words. To take it back whole: vigie retract {id}", id=send_id))
        view = must_find(books, sent.conversation_id)
        passed = _checked(desk, view, text, message_id=sent.message_id, insists=insists)
        abilities = desk.abilities_of(sent.channel)
        if (found := abilities.measure(text)) > abilities.longest:
            raise NotPossible(too_long(found, abilities.longest))
        change_id = books.change_sent(send_id, kind=OutboxKind.EDIT, text=text, by=by, not_before=now, now=now)
        _note(
            books, by, "outbox.edited", send_id, Sentence("A person changed a reply that had left."), now=now, **passed
        )
        return _must(books.send(change_id), change_id)


def retract_sent(desk: Desk, send_id: int, *, by: Actor) -> SendView:
    """Take a reply that has left back from the channel; the row of the outbox that does it.

    Raises:
        NotFound: There is no such row in the outbox.
        NotPossible: It has not left, was not a reply, or the channel lets nothing be taken back.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        _sent_reply(desk, books, send_id, OutboxKind.RETRACT)
        change_id = books.change_sent(
            send_id, kind=OutboxKind.RETRACT, text="", by=by, not_before=now + desk.hold, now=now
        )
        _note(books, by, "outbox.retracted", send_id, Sentence("A person took back a reply that had left."), now=now)
        return _must(books.send(change_id), change_id)


def _checked(
    desk: Desk,
    view: ConversationView,
    text: str,
    *,
    message_id: int | None,
    response: CannedResponse | None = None,
    insists: bool,
) -> dict[str, list[str]]:
    """Let words go on unless the checks keep them; for the audit log, which checks a person has passed over.

    Raises:
        Unsendable: They do.
    """
    lang = spoken_in(view, message_id, brand=desk.brand)
    found = findings_in(
        text, view, message_id=message_id, lang=lang, response=response, brand=desk.brand, now=desk.clock()
    )
    if kept := blocking(found, insists=insists):
        raise Unsendable(kept)
    passed = sorted({finding.kind.value for finding in blocking(found) if finding.kind is not None})
    return {"insisted": passed} if passed else {}


def _refuse_second(books: Books, view: ConversationView, *, by: Actor, after: str | None) -> None:
    """Let somebody go on unless a colleague was first: two answers to one question shame the brand."""
    answer = books.answer_to(view.id)
    if answer is None or answer.by == by.name or answer.text == after:
        return
    raise Collision(
        Sentence("{person} has answered already: {text}", person=answer.by, text=answer.text), answer=answer.text
    )


def _parts(desk: Desk, channel: str, text: str) -> tuple[str, ...]:
    abilities = desk.abilities_of(channel)
    parts = parts_for(text, abilities)
    if len(parts) > 1 and not desk.splits_replies:
        raise NotPossible(too_long(abilities.measure(text), abilities.longest))
    return parts


def _sent_reply(desk: Desk, books: Books, send_id: int, kind: OutboxKind) -> SendView:
    sent = _must(books.send(send_id), send_id)
    if sent.kind != OutboxKind.REPLY:
        raise NotPossible(Sentence("Number {id} is not a reply.", id=send_id))
    if sent.state is not SendState.SENT:
        raise NotPossible(Sentence("Number {id} has not left. To take it back: vigie undo {id}", id=send_id))
    if not desk.abilities_of(sent.channel).can(kind):
        raise NotPossible(
            Sentence("Not possible on {channel}: what was sent there stays as it is.", channel=sent.channel)
        )
    return sent


def _not_open(draft_id: int, state: DraftState) -> Sentence:
    return Sentence("Draft {id} is not open any more: it is {state}.", id=draft_id, state=said(state))


def _must(send: SendView | None, send_id: int) -> SendView:
    if send is None:
        raise NotFound(Sentence("There is no number {id} in the outbox.", id=send_id))
    return send


def _note(
    books: Books, by: Actor, what: str, subject_id: int, why: Sentence, *, now: datetime, **facts: object
) -> None:
    books.write_audit([AuditLine(now, by, what, what.partition(".")[0], subject_id, why, facts)])
    books.seal_audit()
