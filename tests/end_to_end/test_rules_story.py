"""F50 to F53: the story that teaches the rule book, followed from the first file to the last command."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.manual import Command, as_told, follow, steps
from tests.end_to_end.shell import Shell

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
STORY = PAGE.partition("## Léa's December\n")[2].partition("\n## ")[0]


def test_f50_f51_f52_f53_every_step_of_the_story_ends_as_it_is_told(tmp_path: Path):
    shell = Shell(tmp_path)
    told_of = list(steps(STORY))

    for step in told_of:
        told, given = follow(step, shell)
        assert given == told, step

    assert sum(isinstance(step, Command) for step in told_of) > 15


def test_f51_a_rule_test_tells_each_condition_the_rule_that_holds_and_its_actions_and_does_nothing(tmp_path: Path):
    shell = Shell(tmp_path)
    (tmp_path / "rules.toml").write_text(
        '[[rule]]\nname = "thanks"\nwhen = { label = "praise", words = "magnifique" }\n'
        'then = [{ action = "draft", response = "thanks" }]\n'
        '[[rule]]\nname = "late"\nwhen = { label = "complaint" }\nthen = [{ action = "tag", tag = "late" }]\n'
    )

    done = shell.vigie("rules", "test", "Magnifique, merci beaucoup !")

    assert [line.strip() for line in done.out.splitlines()[1:]] == [
        "✓ thanks",
        '✓ label = "praise"',
        '✓ words = "magnifique"',
        "✗ late",
        '✗ label = "complaint"',
        "→ draft with the response “thanks”  “thanks”",
    ]
    assert (done.code, done.err) == (0, "Nothing was done.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["rules.toml"]


def test_a_line_that_the_page_tells_otherwise_is_noticed():
    assert as_told(("a", "…", "d"), ["a", "b", "c", "d"]) == ["a", "…", "d"]
    assert as_told(("a", "…"), ["a", "b"]) == ["a", "…"]
    assert as_told(("a", "…", "d"), ["a", "b", "c"]) != ["a", "…", "d"]
    assert as_told(("a",), ["a", "b"]) != ["a"]
    assert as_told(("…", "b"), ["a", "b", "c"]) != ["…", "b"]
