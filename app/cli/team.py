"""`vigie user`: who of the team is who, with which role, and who may sign in to the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.help import add, group
from app.cli.output import moment, out, say, say_json, table
from app.words import _, tell
from inbox.people import ROLE_NAMES, Moderator, Role

app = group(_("The team: names, roles, and who is who on Discord and Telegram."))

_SignsIn = Annotated[
    bool, typer.Option("--password", help=_("Let this person sign in to the page; asks for a password, unseen."))
]
_PasswordFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", exists=True, dir_okay=False, help=_("Take the password from this file.")),
]
_Name = Annotated[str, typer.Argument(metavar="NAME", help=_("How the team and the records call this person."))]


def add_user(
    name: _Name,
    role: Annotated[Role, typer.Option(help=_("What this person may do: viewer, agent, moderator or admin."))],
    discord: Annotated[str | None, typer.Option(metavar="ID", help=_("The id on Discord."))] = None,
    telegram: Annotated[str | None, typer.Option(metavar="ID", help=_("The id on Telegram."))] = None,
    signs_in: _SignsIn = False,
    password_file: _PasswordFile = None,
) -> None:
    """Add somebody to the team, or give somebody another role. It counts before any role on Discord or Telegram."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.logins import add_login
    from inbox.team import add_member, link_member
    from web.passwords import Argon2

    password = _ask_password(password_file) if signs_in or password_file is not None else None
    with open_desk(read_settings()) as desk:
        if password is not None:
            add_login(desk, Argon2(), name, password, role=role, by=shell_user())
        member = add_member(desk, name, role=role, by=shell_user())
        for channel, external_id in (("discord", discord), ("telegram", telegram)):
            if external_id is not None:
                member = link_member(desk, member.name, channel, external_id, by=shell_user())
    say(_("{name} has the role {role}.").format(name=member.name, role=tell(ROLE_NAMES[role])))


def change_password(name: _Name, password_file: _PasswordFile = None) -> None:
    """Give somebody another password for the page, and end all his sessions."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox import logins
    from web.passwords import Argon2

    password = _ask_password(password_file)
    with open_desk(read_settings()) as desk:
        login = logins.find_login(desk.store, name)
        logins.change_password(desk, Argon2(), login, password, by=shell_user())
    say(_("{name} has another password; all sessions have ended.").format(name=login.name))


def sessions(
    name: _Name,
    end: Annotated[bool, typer.Option("--end", help=_("End them all."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False,
) -> None:
    """List where somebody is signed in to the page, or end it all."""
    from app.settings import read_settings
    from app.wiring import now, open_desk, shell_user
    from inbox import logins

    with open_desk(read_settings()) as desk:
        login = logins.find_login(desk.store, name)
        if end:
            ended = logins.end_sessions(desk, login, by=shell_user())
            say(_("Sessions of {name} that ended: {n}.").format(name=login.name, n=ended))
            return
        found = logins.sessions_of(desk.store, login, now=now())
    if as_json:
        for one in found:
            say_json({"browser": one.browser, "opened_at": one.opened_at, "seen_at": one.seen_at})
    elif found:
        rows = [(one.browser, moment(one.opened_at), moment(one.seen_at)) for one in found]
        out.print(table((_("browser"), _("since"), _("seen")), rows))
    else:
        say(_("{name} is not signed in.").format(name=login.name))


def remove_user(
    name: _Name,
    to: Annotated[
        str | None, typer.Option("--to", metavar="NAME", help=_("Who takes over the conversations and leads."))
    ] = None,
) -> None:
    """Take somebody out of the team: he signs in no more, and his open work goes to another."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.parting import remove_member

    with open_desk(read_settings()) as desk:
        moved = remove_member(desk, name, heir=to, by=shell_user())
    say(_("{name} is no longer in the team. Conversations handed over: {n}.").format(name=name, n=len(moved)))


def _ask_password(file: Path | None) -> str:
    """The password in a file, or as it is typed twice, unseen."""
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    asked: str = typer.prompt(_("Password, 10 characters or more"), hide_input=True, confirmation_prompt=True)
    return asked


def link_user(
    name: _Name,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help=_("discord, telegram or shell."))],
    external_id: Annotated[str, typer.Argument(metavar="ID", help=_("The id there; at the shell the login name."))],
) -> None:
    """Say that an id on a channel is somebody of the team: two ids of one person then count as one."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.team import link_member

    with open_desk(read_settings()) as desk:
        member = link_member(desk, name, channel, external_id, by=shell_user())
    say(_("{name} is {id} on {channel}.").format(name=member.name, id=external_id, channel=channel))


def list_users(as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False) -> None:
    """List the team: roles, ids, and who is away."""
    from app.settings import read_settings
    from app.wiring import open_store

    with open_store(read_settings()) as store, store.read() as books:
        members = books.moderators()
    if as_json:
        for one in members:
            say_json(_to_json(one))
    elif members:
        out.print(table((_("name"), _("role"), _("known as"), _("absent")), [_to_row(one) for one in members]))
    else:
        say(_("Nobody of the team is known yet: vigie user add, or let them use a command in the chat."))


def _to_row(one: Moderator) -> tuple[str, ...]:
    role = "" if one.stands is None else tell(ROLE_NAMES[one.stands])
    known = ", ".join(f"{channel} {external_id}" for channel, external_id in one.identities)
    away = "" if one.absent_since is None else (one.deputy or _("yes"))
    return one.name, role, known, away


def _to_json(one: Moderator) -> dict[str, object]:
    return {
        "name": one.name,
        "role": one.stands,
        "given": one.role,
        "identities": [{"channel": channel, "id": external_id} for channel, external_id in one.identities],
        "lang": one.lang,
        "deputy": one.deputy,
        "absent_since": one.absent_since,
    }


add("add", add_user, to=app)
add("link", link_user, to=app)
add("password", change_password, to=app)
add("sessions", sessions, to=app)
add("remove", remove_user, to=app)
add("list", list_users, to=app)
