"""F53, F56: modes with their record, promotion at the shell and in the chat, and what runs takes it up by itself."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.shell import Shell, a_row
from tests.end_to_end.test_channels_kill import Kept

RULES = """\
# The house.
[[rule]]
name = "thank"
when = { label = "praise" }   # who thanks us
then = [{ action = "reply", response = "thanks" }]
mode = "shadow"
"""
PRAISE = "Merci beaucoup, super équipe, j'adore votre boutique !"
QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
PATIENCE_S = 60


def praise(numbers: range) -> list[dict[str, object]]:
    return [a_row(number, PRAISE, author=f"fan-{number}") for number in numbers]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A folder whose one rule is in shadow and has held twelve times."""
    made = Shell(tmp_path)
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    assert made.vigie("import", str(made.write("praise.jsonl", praise(range(12))))).code == 0
    assert made.vigie("triage").code == 0
    return made


def test_f53_a_rule_in_shadow_logs_what_it_would_have_done_for_every_match_and_sends_none(shell: Shell):
    (record,) = shell.vigie("rules", "modes", "--json").lines()
    shown = shell.vigie("show", "1").out

    assert (record["rule"], record["mode"], record["matches"], record["in_shadow"]) == ("thank", "shadow", 12, 12)
    assert (record["last_week"], record["words"]["sent"], record["words"]["prepared"]) == (12, 0, 12)
    assert 'In shadow, rule "thank" would have asked for' in shown
    assert not shell.vigie("inbox", "--json").lines()[0].get("draft")
    assert "12, in shadow" in shell.vigie("rules", "modes").out


def test_f53_a_promotion_shows_the_record_asks_and_changes_one_line_of_the_file(shell: Shell):
    unasked = shell.vigie("rules", "promote", "thank")
    assert (unasked.code, "add --yes" in unasked.err) == (1, True)
    assert "thank: from shadow to draft" in unasked.out
    assert "has held 12 times since" in unasked.out

    done = shell.vigie("rules", "promote", "Thank", "--yes", "--why", "A quiet week")

    assert (done.code, done.out.splitlines()[-1]) == (
        0,
        "rules.toml: rule “thank” is in mode draft now, version 2.",
    )
    assert (shell.folder / "rules.toml").read_text() == RULES.replace('"shadow"', '"draft"')
    *_, last = shell.vigie("rules", "versions", "--json").lines()
    assert last["author"]["kind"] == "person"
    assert 'has put rule "thank" from shadow to draft: A quiet week' in last["why"]
    assert shell.vigie("audit", "verify").code == 0
    (record,) = shell.vigie("rules", "modes", "--json").lines()
    assert (record["mode"], record["matches"], record["last_week"]) == ("draft", 0, 12)


def test_f53_a_thin_record_is_refused_with_its_reasons_unless_somebody_says_why(shell: Shell):
    refused = shell.vigie("rules", "promote", "thank", "--to", "live", "--yes")
    text = (shell.folder / "rules.toml").read_text()
    done = shell.vigie("rules", "promote", "thank", "--to", "share:10", "--yes", "--all-the-same", "Reviewed by hand")
    back = shell.vigie("rules", "demote", "thank", "--yes")

    assert (refused.code, text) == (1, RULES)
    assert "✗ People have answered 0 of its messages; 20 are wanted to compare with." in refused.out
    assert "✗ It has sent 0 replies by itself" in refused.out
    assert "--all-the-same REASON" in refused.err
    assert (done.code, back.code) == (0, 0)
    assert 'mode = "draft"' in (shell.folder / "rules.toml").read_text()
    assert shell.vigie("rules", "demote", "thank", "--to", "live", "--yes").code == 1
    assert shell.vigie("rules", "promote", "nobody", "--yes").code == 1


def test_f56_rules_of_a_brand_are_listed_checked_and_promoted_apart(tmp_path: Path):
    shell = Shell(tmp_path)
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "second.toml").write_text(RULES.replace("thank", "merci").replace("mercis", "thanks"), encoding="utf-8")
    (tmp_path / "vigie.toml").write_text('[brands.second]\nname = "Second"\nrules = "second.toml"\n', encoding="utf-8")

    (listed,) = shell.vigie("rules", "list", "--json", "--brand", "second").lines()
    checked = shell.vigie("rules", "check", "--brand", "second").out
    done = shell.vigie("rules", "promote", "merci", "--brand", "second", "--yes", "--all-the-same", "A try")
    unknown = shell.vigie("rules", "list", "--brand", "third")

    assert (listed["rule"], "second.toml: 1 rules" in checked, done.code) == ("merci", True, 0)
    assert 'mode = "draft"' in (tmp_path / "second.toml").read_text()
    assert (tmp_path / "rules.toml").read_text() == RULES
    assert len(shell.vigie("rules", "versions", "--json", "--brand", "second").lines()) == 2
    assert shell.vigie("rules", "versions", "--json").lines() == []
    assert shell.vigie("rules", "rollback", "1", "--brand", "second").code == 0
    assert "merci" in shell.vigie("rules", "modes", "--brand", "second").out
    assert (unknown.code, unknown.err.strip()) == (1, 'vigie: There is no brand "third". There are: main, second.')


class Deciding:
    """A worker that runs, and what it decides on what is taken in beside it."""

    def __init__(self, shell: Shell, kept: Kept) -> None:
        self._shell, self._kept = shell, kept
        self._taken_in = 12

    async def actions(self) -> tuple[int, str]:
        """The version of the rules that the next message is decided by, and what is asked for."""
        number = self._taken_in
        self._taken_in += 1
        taken_in = self._shell.vigie(
            "import", str(self._shell.write(f"{number}.jsonl", praise(range(number, number + 1))))
        )
        assert taken_in.code == 0
        await self._kept.until(self._taken_in, "triaged_at IS NOT NULL")
        (told,) = self._shell.vigie("show", str(self._taken_in), "--json").lines()
        decision = told["messages"][-1]["decision"]
        return decision["rule_book"], " ".join(one["action"] for one in decision["actions"])


async def test_f56_what_runs_takes_up_a_promotion_for_the_next_message_and_no_faulty_file(shell: Shell, tmp_path: Path):
    rules = tmp_path / "rules.toml"
    with closing(Kept(f"sqlite:///{tmp_path}/var/vigie.db")) as kept, shell.start("run", **QUIET) as running:
        deciding = Deciding(shell, kept)
        try:
            shadow = await deciding.actions()
            promoted = shell.vigie("rules", "promote", "thank", "--yes")
            draft = await deciding.actions()
            rules.write_text(rules.read_text() + "[[rule]]\nname = 3\n")
            faulty = await deciding.actions()
            status = [one for one in shell.vigie("doctor", "--json").lines() if one["about"] == "rules"]
            rules.write_text(RULES.replace('"reply"', '"draft"').replace('mode = "shadow"', "# by hand"))
            by_hand = await deciding.actions()
        finally:
            running.terminate()
            running.wait(PATIENCE_S)

    assert promoted.code == 0
    assert (shadow, draft, faulty) == ((1, ""), (2, "draft"), (2, "draft"))
    assert any(one["health"] == "wrong" and "goes on with the rules it had" in one["says"] for one in status)
    assert by_hand == (3, "draft")
    last = shell.vigie("rules", "versions", "--json").lines()[-1]
    assert last["author"] == {"kind": "vigie", "name": "file"}
    assert not any("rules it had" in one["says"] for one in shell.vigie("doctor", "--json").lines())
    assert shell.vigie("audit", "verify").code == 0
