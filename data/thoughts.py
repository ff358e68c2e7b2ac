"""Which prediction and which correction are about a message as it reads now: conditions to join by."""

from __future__ import annotations

from sqlalchemy import and_

from data.tables import correction, message, prediction

PREDICTED = and_(
    prediction.c.message_id == message.c.id,
    prediction.c.replaced_at.is_(None),
    prediction.c.message_version == message.c.version,
)
"""The model's word."""

CORRECTED = and_(
    correction.c.message_id == message.c.id,
    correction.c.replaced_at.is_(None),
    correction.c.message_version == message.c.version,
)
"""A person's."""
