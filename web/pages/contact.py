"""Contacts on the page: find one, see all that is known of him, say that two are one person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox.contacts import ContactCard
from inbox.contactwork import find_card, mark_vip, merge, note_contact, search_contacts, unmerge
from inbox.moderation import list_cases
from inbox.people import Right
from inbox.telling import HIDDEN, channel_name, known_since_told
from web.pages.inbox import TOLD
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/contacts", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Working = Annotated[Act, Depends(acting(Right.WORK))]


@router.get("")
def list_found(who: Looking, q: str = "") -> HTMLResponse:
    """Look somebody up by his name or an account of his."""
    found = search_contacts(who.desk, q)
    return who.page("contacts.html.jinja", found=found, q=q, channel_name=channel_name)


@router.get("/{contact}")
def show(who: Looking, contact: int, q: str = "") -> HTMLResponse:
    """Show all that is known of somebody; `q` looks for who else he may be."""
    card = find_card(who.desk, contact)
    return who.page(
        "contact.html.jinja",
        **TOLD,
        card=card,
        q=q,
        found=search_contacts(who.desk, q, besides=card.id),
        cases=_cases(who, card),
        known=known_since_told(card.known_since, now=who.now()),
        hidden=HIDDEN,
        names={one.id: one.name for one in card.merged},
    )


@router.post("/{contact}/merge")
def merge_with(act: Working, contact: int) -> Response:
    """Say that another contact is the same person."""
    card = merge(act.desk, contact, act.number("other"), by=act.visitor.person.actor)
    return act.back(f"contacts/{card.id}")


@router.post("/{contact}/unmerge")
def take_apart(act: Working, contact: int) -> Response:
    """Say that a contact is somebody else after all."""
    unmerge(act.desk, contact, by=act.visitor.person.actor)
    return act.back(f"contacts/{contact}")


@router.post("/{contact}/vip")
def come_first(act: Working, contact: int) -> Response:
    """Have somebody come first, or not any more."""
    mark_vip(act.desk, contact, is_vip=act.text("vip") == "yes", by=act.visitor.person.actor)
    return act.back(f"contacts/{contact}")


@router.post("/{contact}/note")
def write_note(act: Working, contact: int) -> Response:
    """Write down something about somebody, for the team."""
    note_contact(act.desk, contact, text=act.text("text"), by=act.visitor.person.actor)
    return act.back(f"contacts/{contact}")


def _cases(who: Visitor, card: ContactCard) -> object:
    # Cases are asked for by a conversation; they are those of the whole person.
    return list_cases(who.desk, conversation_id=card.conversations[0].id, limit=50) if card.conversations else []
