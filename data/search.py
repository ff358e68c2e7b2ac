"""Finding conversations by what was said in them, whatever its case and accents."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, Text, func, literal, or_, select

from data.tables import contact, conversation, message
from data.transaction import Transaction
from inbox.text import fold

# PostgreSQL folds letter by letter by this list; SQLite is given the fold of the program itself (data/engine.py).
_ACCENTED = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸ’ʼ‘"
_PLAIN = "aaaaaaceeeeiiiinoooooouuuuyyaaaaaaceeeeiiiinoooooouuuuyy'''"


def conversations_saying(tx: Transaction, text: str) -> Select[int]:
    """The conversations in which somebody has said this, or whose contact is called so."""
    pattern = f"%{escaped(fold(text.strip()))}%"
    named = select(contact.c.id).where(contact.c.brand_id == tx.brand_id, _folded(tx, contact.c.name, pattern))
    said = select(message.c.conversation_id).where(
        message.c.brand_id == tx.brand_id, message.c.deleted_at.is_(None), _folded(tx, message.c.text, pattern)
    )
    return select(conversation.c.id).where(
        conversation.c.brand_id == tx.brand_id,
        or_(conversation.c.id.in_(said), conversation.c.contact_id.in_(named)),
    )


def _folded(tx: Transaction, written: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    return folded(tx, written).like(literal(pattern), escape="\\")


def folded(tx: Transaction, written: ColumnElement[str]) -> ColumnElement[str]:
    """A text without case and accents, as `inbox.text.fold` gives it."""
    if not tx.is_postgresql:
        return func.vigie_fold(written, type_=Text())
    plain = func.translate(func.lower(written), literal(_ACCENTED), literal(_PLAIN), type_=Text())
    return func.replace(func.replace(func.replace(plain, "œ", "oe"), "Œ", "oe"), "æ", "ae", type_=Text())


def escaped(text: str) -> str:
    """A text to be found as it is written, in a pattern of LIKE whose escape is a backslash."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
