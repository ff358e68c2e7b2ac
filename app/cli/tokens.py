"""`vigie token`: let programs work for a brand over the API, and take that away again."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.brand import Brand, settings_of
from app.cli.help import add, group
from app.cli.output import note, out, say, say_json, table
from app.words import _
from inbox.programs import SCOPES, Scope, Token

app = group(_("Tokens, by which programs work for a brand over the API."))

_Name = Annotated[str, typer.Argument(metavar="NAME", help=_("What the program is called in the records."))]


def add_token(
    name: _Name,
    scope: Annotated[list[Scope], typer.Option(help=_("What it may be used for; may be repeated."))],
    brand: Brand = None,
) -> None:
    """Make a token. Its secret is shown this once: put it where the program reads it."""
    from app.wiring import open_desk, shell_user
    from inbox.tokens import make_token

    with open_desk(settings_of(brand)) as desk:
        made, secret = make_token(desk, name, scopes=scope, by=shell_user(desk.store))
    say(secret)
    note(_("{name} may: {scopes}. Nobody can read the secret again.").format(name=made.name, scopes=_scopes(made)))


def list_tokens(
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False, brand: Brand = None
) -> None:
    """List the tokens of the brand, what each may be used for, and when it was used last."""
    from app.wiring import open_store

    with open_store(settings_of(brand)) as store, store.read() as books:
        found = books.list_tokens()
    if as_json:
        for one in found:
            say_json(_to_json(one))
    elif found:
        out.print(
            table((_("name"), _("may"), _("made by"), _("last used"), _("revoked")), [_row(one) for one in found])
        )
    else:
        say(_("There is no token yet: vigie token add NAME --scope messages:write"))


def revoke_token(name: _Name, brand: Brand = None) -> None:
    """Have a token work no longer, at once."""
    from app.wiring import open_desk, shell_user
    from inbox import tokens

    with open_desk(settings_of(brand)) as desk:
        revoked = tokens.revoke_token(desk, name, by=shell_user(desk.store))
    say(_("The token {name} works no longer.").format(name=revoked.name))


def _scopes(one: Token) -> str:
    return ", ".join(scope.value for scope in SCOPES if scope in one.scopes)


def _row(one: Token) -> tuple[str, ...]:
    used, revoked = (f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (one.used_at, one.revoked_at))
    return one.name, _scopes(one), one.made_by, used, revoked


def _to_json(one: Token) -> dict[str, object]:
    return {
        "name": one.name,
        "scopes": sorted(one.scopes),
        "made_by": one.made_by,
        "made_at": one.made_at,
        "used_at": one.used_at,
        "revoked_at": one.revoked_at,
    }


add("add", add_token, to=app)
add("list", list_tokens, to=app)
add("revoke", revoke_token, to=app)
