"""F56: versions of the rule book at the shell: listed with their authors, compared, brought back to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.shell import Shell

RULE = '[[rule]]\nname = "{name}"\nwhen = {{}}\nthen = [{{ action = "tag", tag = "{name}" }}]\n'
VERSIONS = [
    RULE.format(name="un"),
    RULE.format(name="un") + RULE.format(name="deux"),
    # Line ends of another system, accents, a tab, and no line end at the end.
    "# Été : « œuvre »\t\r\n" + RULE.format(name="trois").replace("\n", "\r\n") + "# fin",
    RULE.format(name="quatre"),
]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A folder in which four rule books were in force, one after the other."""
    made = Shell(tmp_path)
    for text in VERSIONS:
        (tmp_path / "rules.toml").write_bytes(text.encode())
        assert made.vigie("triage").code == 0
    return made


def test_f56_rollback_3_restores_version_3_exactly(shell: Shell):
    done = shell.vigie("rules", "rollback", "3")

    assert (done.code, done.out) == (0, "rules.toml reads as in version 3 again, which is now version 5 as well.\n")
    assert (shell.folder / "rules.toml").read_bytes() == VERSIONS[2].encode()
    listed = shell.vigie("rules", "versions", "--json").lines()
    assert [one["version"] for one in listed] == [1, 2, 3, 4, 5]
    assert {one["author"]["kind"] for one in listed} == {"person"}
    assert [(one["added"], one["removed"]) for one in listed[:2]] == [(4, 0), (4, 0)]
    assert shell.vigie("audit", "verify").code == 0
    # What runs next finds it in force, and makes no version of it.
    assert shell.vigie("triage").code == 0
    assert len(shell.vigie("rules", "versions", "--json").lines()) == 5
    again = shell.vigie("rules", "rollback", "3")
    assert (again.code, again.err.strip()) == (1, "vigie: The rule book reads as in version 3 already.")


def test_f56_what_differs_is_shown_and_what_was_not_on_record_is_kept(shell: Shell):
    between = shell.vigie("rules", "diff", "1", "2").out
    assert '+name = "deux"' in between
    assert "--- version 1\n+++ version 2\n" in between

    edited = VERSIONS[3] + "# by hand\n"
    (shell.folder / "rules.toml").write_text(edited)
    assert "+# by hand" in shell.vigie("rules", "diff").out.splitlines()

    assert shell.vigie("rules", "rollback", "1").code == 0
    assert shell.vigie("rules", "rollback", "5").code == 0
    assert (shell.folder / "rules.toml").read_text() == edited


def test_f56_an_unknown_version_and_one_that_does_not_read_today_change_nothing(shell: Shell):
    responses = '[[response]]\ncode = "{}"\npolarity = "thanks"\ntitle = {{ fr = "t", en = "t" }}\n'
    variants = "".join(f'[[response.variant]]\nlang = "{lang}"\ntext = "Merci !"\n' for lang in ("fr", "en"))
    (shell.folder / "responses.toml").write_text(responses.format("gone") + variants)
    (shell.folder / "rules.toml").write_text(
        RULE.format(name="a").replace('"tag", tag = "a"', '"draft", response = "gone"')
    )
    assert shell.vigie("triage").code == 0
    (shell.folder / "responses.toml").write_text(responses.format("here") + variants)
    (shell.folder / "rules.toml").write_text(VERSIONS[0])

    unknown, broken = shell.vigie("rules", "rollback", "9"), shell.vigie("rules", "rollback", "5")

    assert (unknown.code, unknown.err.strip()) == (1, "vigie: There is no version 9. There are 1 to 5.")
    assert broken.code == 1
    assert 'version 5, rule 1 "a", then[1].response: there is no response "gone".' in broken.err
    assert (shell.folder / "rules.toml").read_text() == VERSIONS[0]


def test_f56_over_the_rule_book_that_ships_an_earlier_one_is_written_to_rules_toml(tmp_path: Path):
    shell = Shell(tmp_path)
    (tmp_path / "rules.toml").write_text(VERSIONS[0])
    assert shell.vigie("triage").code == 0
    (tmp_path / "rules.toml").unlink()
    assert shell.vigie("triage").code == 0

    assert shell.vigie("rules", "rollback", "1").code == 0
    assert (tmp_path / "rules.toml").read_text() == VERSIONS[0]
