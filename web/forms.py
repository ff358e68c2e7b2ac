"""What somebody has filled in, read from a request."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import FormData


async def form_of(request: Request) -> FormData:
    """The form; a NUL in its words, which no database keeps, is read as the sign for what cannot be read."""
    form = await request.form()
    read = [
        (name, value.replace("\x00", "\ufffd") if isinstance(value, str) else value)
        for name, value in form.multi_items()
    ]
    return FormData(read)
