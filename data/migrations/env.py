"""Run by Alembic: takes the connection that `data/migrate.py` has opened, in its transaction."""

from __future__ import annotations

from alembic import context

from data.migrate import configured

with configured(context):
    context.run_migrations()
