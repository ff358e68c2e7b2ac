"""People are let in at the shell, and sign in to the page (row F86)."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.shell import Shell
from tests.web.sites import PASSWORD, Site

OTHER = "un tout autre mot de passe"


def test_somebody_added_at_the_shell_signs_in_and_out_again_when_the_password_changes(tmp_path: Path, sqlite_url: str):
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": sqlite_url, "VIGIE_BRAND__KEY": "loriot"})
    (tmp_path / "first").write_text(PASSWORD + "\n", encoding="utf-8")
    (tmp_path / "second").write_text(OTHER, encoding="utf-8")
    (tmp_path / "short").write_text("court", encoding="utf-8")

    short = shell.vigie("user", "add", "Max", "--role", "agent", "--password-file", "short")
    added = shell.vigie("user", "add", "Léa", "--role", "agent", "--password-file", "first")
    twice = shell.vigie("user", "add", "léa", "--role", "admin", "--password-file", "first")
    site = Site(sqlite_url)
    with site.served():
        lea = site.visitor("Léa")
        before = lea.get("/b/loriot/inbox").status_code
        changed = shell.vigie("user", "password", "Léa", "--password-file", "second")
        after = lea.get("/b/loriot/inbox").status_code
        again = site.visitor().sign_in("Léa", OTHER).status_code

    assert "at least 10 characters" in short.err
    assert (added.code, added.out) == (0, "Léa has the role agent.\n")
    assert "Somebody signs in as léa already." in twice.err
    assert (before, changed.code, after, again) == (200, 0, 303, 303)


def test_a_password_is_given_only_to_whoever_signs_in(tmp_path: Path):
    (tmp_path / "first").write_text(PASSWORD, encoding="utf-8")

    done = Shell(tmp_path).vigie("user", "password", "Personne", "--password-file", "first")

    assert done.code == 1
    assert "Nobody signs in as Personne." in done.err
