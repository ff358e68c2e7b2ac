"""A copy of a SQLite database that can be put in its place, made while others read and write it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from inbox.errors import StoreTrouble
from inbox.sentences import Sentence


def copy_sqlite(file: Path, to: Path) -> Path:
    """Copy a database with everything committed so far; the copy.

    It appears under its name only when it is whole, and whoever may not read the database may not read it either.

    Raises:
        StoreTrouble: The copy cannot be written, or something is there already.
    """
    if to.exists():
        raise StoreTrouble(Sentence("The copy {to} is there already. Move it, or name another.", to=str(to)))
    partial = to.with_name(to.name + ".part")
    try:
        partial.touch(mode=0o600)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(partial)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        shutil.copymode(file, partial)
        partial.replace(to)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise StoreTrouble(
            Sentence("The database cannot be copied to {to}: {reason}.", to=str(to), reason=str(error))
        ) from error
    return to
