"""A list that is quick at any size: conversations in the order of the queue, and words by how they begin.

Revision 0013, after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Keep conversations in the order of the queue, and find messages and contacts by their words."""
    _order_the_queue()
    _index_words("message", "text")
    _index_words("contact", "name")


def _order_the_queue() -> None:
    order = (sa.text("priority DESC"), "waiting_since", "id")
    for name, *columns in (
        ("ix_conversation_pressing", "status"),
        ("ix_conversation_pressing_any",),
        ("ix_conversation_pressing_on", "channel_account_id", "status"),
        ("ix_conversation_pressing_in", "queue", "status"),
        ("ix_conversation_pressing_with", "assignee", "status"),
    ):
        op.create_index(name, "conversation", ["brand_id", *columns, *order])
    op.create_index("ix_conversation_tag_tag", "conversation_tag", ["brand_id", "tag", "conversation_id"])


# As data/search.py has it, to the letter: PostgreSQL finds the index by its expression.
_WORDS = (
    "to_tsvector('simple', regexp_replace(replace(replace(replace(translate(lower(left({column}, 100000)), "
    "'àáâãäåçèéêëìíîïñòóôõöøùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸ’ʼ‘', "
    "'aaaaaaceeeeiiiinoooooouuuuyyaaaaaaceeeeiiiinoooooouuuuyy'''''''), 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), "
    "'[^0-9a-z\u00c0-\u1fff\u2c00-\uffff]+', ' ', 'g'))"
)


def _index_words(table: str, column: str) -> None:
    """Have the words of a column found by how they begin; SQLite keeps them by triggers, in whatever way it is written.

    The index holds no text: what is erased from the column is erased from it.
    """
    index = f"{table}_words"
    if op.get_bind().dialect.name == "postgresql":
        words = _WORDS.format(column=column)
        op.execute(f"CREATE INDEX ix_{index} ON {table} USING gin (({words}))")
        return
    spelt = f"{{row}}.{column}"
    for written, plain in (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae")):
        spelt = f"replace({spelt}, '{written}', '{plain}')"
    new, old = spelt.format(row="new"), spelt.format(row="old")
    forget = f"INSERT INTO {index} ({index}, rowid, words) VALUES ('delete', old.id, {old})"  # noqa: S608  # ours
    keep = f"INSERT INTO {index} (rowid, words) VALUES (new.id, {new})"  # noqa: S608  # names of ours
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5"
        "(words, content='', prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute(f"INSERT INTO {index} (rowid, words) SELECT id, {spelt.format(row=table)} FROM {table}")  # noqa: S608  # ours
    op.execute(f"CREATE TRIGGER {index}_new AFTER INSERT ON {table} BEGIN {keep}; END")
    op.execute(f"CREATE TRIGGER {index}_gone AFTER DELETE ON {table} BEGIN {forget}; END")
    op.execute(
        f"CREATE TRIGGER {index}_other AFTER UPDATE OF {column} ON {table} "
        f"WHEN old.{column} IS NOT new.{column} BEGIN {forget}; {keep}; END"
    )
