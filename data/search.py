"""Finding conversations by what was said in them, whatever its case and accents."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy import table as table_called

from data.few import few_words
from data.many import is_among
from data.tables import contact, conversation, message
from data.transaction import Transaction
from inbox.text import fold, to_words

# PostgreSQL folds letter by letter by this list; SQLite is given the fold of the program itself (data/engine.py).
_ACCENTED = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸ’ʼ‘"
_PLAIN = "aaaaaaceeeeiiiinoooooouuuuyyaaaaaaceeeeiiiinoooooouuuuyy'''"

# The index of migration 0013 is found by this expression, to the letter.
WORDS = (
    "regexp_replace(replace(replace(replace(translate(lower(left({column}, 100000)), '"
    + "', '".join((_ACCENTED, _PLAIN.replace("'", "''")))
    + "'), 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), '[^0-9a-z\u00c0-\u1fff\u2c00-\uffff]+', ' ', 'g')"
)

_MOST_WORDS = 12


def says(tx: Transaction, text: str) -> ColumnElement[bool]:
    """Whether one message of a conversation holds all of these words, or the name of its contact does.

    A word is found by how it begins. Where few messages hold them, the conversations are named; where many do, each one
    is to be looked at in the order of the queue, and a page of them is soon full.
    """
    words = to_words(fold(text))[:_MOST_WORDS]
    if not words:
        return false()
    there = and_(message.c.brand_id == tx.brand_id, message.c.deleted_at.is_(None))
    said = few_words(tx, select(message.c.conversation_id).where(there, _is_found(tx, "message", words)))
    called = select(contact.c.id).where(contact.c.brand_id == tx.brand_id, _is_found(tx, "contact", words))
    people = few_words(tx, called)
    named: ColumnElement[bool]
    spoken: ColumnElement[bool] | None = None
    if people is None:
        named = conversation.c.contact_id.in_(called)
        if said is not None:
            spoken = is_among(tx, conversation.c.id, said)
    else:
        theirs = _conversations_of(tx, people)
        if said is not None:
            return is_among(tx, conversation.c.id, sorted({*said, *theirs}))
        named = is_among(tx, conversation.c.id, theirs)
    if spoken is None:
        spoken = exists().where(message.c.conversation_id == conversation.c.id, there, _holds(tx, words))
    return or_(spoken, named)


def _conversations_of(tx: Transaction, people: Collection[int]) -> list[int]:
    """The conversations of some contacts."""
    if not people:
        return []
    wanted = select(conversation.c.id).where(is_among(tx, conversation.c.contact_id, people))
    return list(tx.connection.scalars(wanted))


def _is_found(tx: Transaction, table: str, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a row of a table is among those that the index has for all of these words."""
    if tx.is_postgresql:
        spelt = {"message": "message.text", "contact": "contact.name"}[table]
        wanted = func.to_tsquery(literal_column("'simple'"), " & ".join(f"'{word}':*" for word in words))
        return literal_column(f"to_tsvector('simple', {WORDS.format(column=spelt)})").op("@@")(wanted)
    # The index is a table whose rows bear the numbers of those that they are about.
    index = table_called(f"{table}_words", column("rowid", Integer))
    asked = " AND ".join(f'"{word}"*' for word in words)
    found = select(index.c.rowid).where(literal_column(index.name).op("MATCH")(literal(asked)))
    return {"message": message.c.id, "contact": contact.c.id}[table].in_(found)


def _holds(tx: Transaction, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether the text of a message holds all of these words, told without the index."""
    if tx.is_postgresql:
        spaced = literal_column(f"(' ' || {WORDS.format(column='message.text')})", Text)
        return and_(*(func.strpos(spaced, f" {word}") > 0 for word in words))
    return and_(*(func.instr(func.vigie_words(message.c.text), f" {word}") > 0 for word in words))


def folded(tx: Transaction, written: ColumnElement[str]) -> ColumnElement[str]:
    """A text without case and accents, as `inbox.text.fold` gives it."""
    if not tx.is_postgresql:
        return func.vigie_fold(written, type_=Text())
    plain = func.translate(func.lower(written), literal(_ACCENTED), literal(_PLAIN), type_=Text())
    return func.replace(func.replace(func.replace(plain, "œ", "oe"), "Œ", "oe"), "æ", "ae", type_=Text())


def escaped(text: str) -> str:
    """A text to be found as it is written, in a pattern of LIKE whose escape is a backslash."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
