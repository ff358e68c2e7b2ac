"""What the page does with people, the shell does too (row F86)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from inbox.people import Role
from tests.end_to_end.shell import Shell
from tests.web.sites import LATE, Site


def test_sessions_are_listed_and_ended_and_somebody_is_removed_at_the_shell(tmp_path: Path, sqlite_url: str):
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": sqlite_url, "VIGIE_BRAND__KEY": "loriot"})
    site = Site(sqlite_url)
    with site.served():
        # The shell goes by the clock on the wall.
        site.clock.advance(datetime.now(UTC) - site.clock())
        site.add("Inès", Role.ADMIN)
        site.add("Omar", Role.AGENT)
        omar = site.visitor("Omar", **{"user-agent": "Firefox 128"})
        late = site.hear(LATE)
        omar.post(f"/b/loriot/c/{late}/assign", on="/b/loriot/inbox", to="Omar")

        listed = shell.vigie("user", "sessions", "omar", "--json").lines()
        ended = shell.vigie("user", "sessions", "Omar", "--end")
        after = omar.get("/b/loriot/inbox").status_code
        refused = shell.vigie("user", "remove", "Omar")
        removed = shell.vigie("user", "remove", "Omar", "--to", "Inès")
        last = shell.vigie("user", "remove", "Inès")

    assert [one["browser"] for one in listed] == ["Firefox 128"]
    assert (ended.out, after) == ("Sessions of Omar that ended: 1.\n", 303)
    assert "Say who takes over." in refused.err
    assert removed.out == "Omar is no longer in the team. Conversations handed over: 1.\n"
    assert "Inès is the last administrator." in last.err
