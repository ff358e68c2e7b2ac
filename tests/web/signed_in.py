"""A team that has signed in once, whatever the number of tests: hashing passwords is slow on purpose."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from inbox.people import Role
from tests.web.sites import Browsing, Site
from web.visitor import COOKIE


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A database in which a team is signed in, and the token of each."""

    file: Path
    tokens: Mapping[str, str]

    def copied(self, to: Path) -> str:
        """The address of a copy of the database."""
        shutil.copyfile(self.file, to)
        return f"sqlite:///{to}"

    def visitor(self, site: Site, name: str, **headers: str) -> Browsing:
        """One of the team with a browser, on a site over a copy."""
        visitor = site.visitor(None, **headers)
        visitor.client.cookies.set(COOKIE, self.tokens[name])
        return visitor


def sign_in(template: Path, folder: Path, team: Mapping[str, Role]) -> SignedIn:
    """Let a team sign in, in a copy of an empty database."""
    file = folder / "signed-in.db"
    shutil.copyfile(template, file)
    site = Site(f"sqlite:///{file}")
    with site.served():
        for name, role in team.items():
            site.add(name, role)
        tokens = {name: site.visitor(name).client.cookies[COOKIE] for name in team}
    return SignedIn(file, tokens)
