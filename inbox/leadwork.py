"""What people do with leads: make one of a conversation, say where it stands and whose it is; each act on record."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.audit import AuditLine
from inbox.books import Books, Store
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.leadbooks import LeadChange
from inbox.leading import line_about, source_of, tell_crm
from inbox.leads import Lead, LeadSource, LeadStatus, NewSource
from inbox.model import UNDETERMINED, Actor, Label, Prediction
from inbox.outcome import LEAD, SALES
from inbox.ports import Clock
from inbox.sentences import Sentence
from inbox.team import find_member, whoever_stands_in
from inbox.views import ConversationView, MessageView
from inbox.wording import said
from inbox.work import find, must_find


def mark_lead(desk: Desk, conversation_id: int, *, by: Actor) -> Lead:
    """Make a lead of a conversation, or bring the open lead of its contact up to date; it waits where sales looks.

    Raises:
        NotFound: There is no such conversation.
        NotPossible: Nothing that the contact has said in it is there any more.
    """
    sources = _sources(desk, find(desk, conversation_id))
    now = desk.clock()
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        assert view.contact_id is not None  # noqa: S101  # every conversation that is stored has its contact
        contact_id = view.contact_id
        is_marked = not books.add_tag(conversation_id, tag=LEAD)
        if not is_marked and SALES in desk.brand.teams:
            books.set_queue(conversation_id, queue=SALES)
        new = [NewSource(contact_id, conversation_id, one, makes=True) for one in sources]
        changes = books.keep_sources(new, now=now)
        why = Sentence("{person} marks it as a sales lead.", person=by.name)
        lines = [line_about(one, _what(one), by=by, why=why, now=now) for one in changes]
        if not changes and not is_marked:
            lines = [AuditLine(now, by, "conversation.lead", "conversation", conversation_id, why)]
        books.write_audit(lines)
        tell_crm(books, changes, by=by, crm=desk.crm is not None, not_before=now + desk.hold, now=now)
        books.seal_audit()
        lead = changes[-1].after if changes else books.lead_of(conversation_id)
    assert lead is not None  # noqa: S101  # there was a source, and it makes one
    return lead


def change_lead(
    desk: Desk, lead_id: int, *, status: LeadStatus | None = None, owner: str | None = None, by: Actor
) -> Lead:
    """Say where a lead stands, and who of the team has it ("" for nobody); while he is away, his deputy.

    Setting it back is what undoes it.

    Raises:
        NotFound: There is no such lead, or nobody of this name.
        NotPossible: It stands so already, or is to be open beside another open lead of its contact.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        if books.lead(lead_id) is None:
            raise _none(lead_id)
        has_it = whoever_stands_in(books, find_member(books, owner)).name if owner else owner
        change = books.set_lead(lead_id, status=status, owner=has_it, now=now)
        if change is None:
            raise NotPossible(Sentence("Lead {id} stands so already.", id=lead_id))
        told = _told(change, by)
        books.write_audit([line_about(change, what, by=by, why=why, now=now) for what, why in told])
        tell_crm(books, [change], by=by, crm=desk.crm is not None, not_before=now + desk.hold, now=now)
        books.seal_audit()
        return change.after


def find_lead(store: Store, lead_id: int) -> Lead:
    """One lead.

    Raises:
        NotFound: There is no such lead.
    """
    with store.read() as books:
        found = books.lead(lead_id)
    if found is None:
        raise _none(lead_id)
    return found


def list_leads(
    store: Store, *, status: LeadStatus | None = None, owner: str | None = None, limit: int | None = None
) -> Sequence[Lead]:
    """Leads, those that are open first and the highest score first; of one status or owner where it is named.

    Raises:
        NotFound: There is nobody of this name.
    """
    with store.read() as books:
        return books.list_leads(status=status, owner=_member(books, owner), limit=limit)


def export_leads(
    store: Store, *, status: LeadStatus | None = None, owner: str | None = None, by: Actor, clock: Clock
) -> Sequence[Lead]:
    """The leads that somebody takes out of here as a file, which is put on record: they hold people's addresses.

    Raises:
        NotFound: There is nobody of this name.
    """
    now = clock()
    with store.begin() as books:
        leads = books.list_leads(status=status, owner=_member(books, owner))
        why = Sentence("{person} has taken leads out as a file.", person=by.name)
        facts = {"leads": len(leads), "status": status.value if status else None, "owner": owner}
        books.write_audit([AuditLine(now, by, "leads.exported", "lead", 0, why, facts)])
        books.seal_audit()
    return leads


def _member(books: Books, name: str | None) -> str | None:
    return find_member(books, name).name if name else None


def _what(change: LeadChange) -> str:
    return "lead.made" if change.before is None else "lead.updated"


def _told(change: LeadChange, by: Actor) -> list[tuple[str, Sentence]]:
    before, after = change.before, change.after
    assert before is not None  # noqa: S101  # what a person changes is there
    told: list[tuple[str, Sentence]] = []
    if before.status is not after.status:
        why = Sentence(
            "{person} says that lead {id} is: {status}.", person=by.name, id=after.id, status=said(after.status)
        )
        told.append(("lead.status", why))
    if before.owner != after.owner:
        why = (
            Sentence("{person} has the lead {id} now.", person=after.owner, id=after.id)
            if after.owner is not None
            else Sentence("Nobody has the lead {id} any more.", id=after.id)
        )
        told.append(("lead.owner", why))
    return told


def _sources(desk: Desk, view: ConversationView) -> list[LeadSource]:
    """What a conversation gives to a lead: what is a lead in it; where nothing is, what was said last.

    Raises:
        NotPossible: Nothing that the contact has said in it is there any more.
    """
    theirs = [one for one in view.messages if not one.is_ours and one.deleted_at is None and one.text.strip()]
    if not theirs:
        raise NotPossible(Sentence("In conversation {id} there is nothing left that could be a lead.", id=view.id))
    asking = [one for one in theirs if Label.SALES_LEAD in one.labels] or theirs[-1:]
    return [_source(desk, one) for one in asking]


def _source(desk: Desk, one: MessageView) -> LeadSource:
    unread = Prediction((), (), {}, {}, UNDETERMINED, lang_known=False, model="")
    return source_of(
        desk,
        one.text,
        one.prediction or unread,
        message_id=one.id,
        version=1 + len(one.former_texts),
        said_at=one.sent_at,
    )


def _none(lead_id: int) -> NotFound:
    return NotFound(Sentence("There is no lead {id}.", id=lead_id))
