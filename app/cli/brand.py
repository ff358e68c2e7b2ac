"""Commands that are about one brand among several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.words import _

if TYPE_CHECKING:
    from app.settings import Settings

Brand = Annotated[
    str | None, typer.Option("--brand", metavar="KEY", help=_("A brand by its key; the main one if left out."))
]


def settings_of(brand: str | None) -> Settings:
    """The settings as one brand works by them; None for the main one.

    Raises:
        BadSettings: They do not hold together.
        NotFound: There is no such brand.
    """
    from app.settings import read_settings
    from app.wiring import for_brand

    return for_brand(read_settings(), brand)
