"""Promises at the shell: what is late, and which complaint nobody owns."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.shell import Shell, a_row

NO_ESCALATION = """
[[rule]]
name = "answer complaints"
when = { label = "complaint" }
then = [{ action = "draft", response = "late-parcel" }]
"""


def test_the_shell_says_how_promises_stand(tmp_path: Path):
    shell = Shell(tmp_path, {"VIGIE_BRAND__NAME": "Loriot"})
    shell.write("in.jsonl", [a_row(1)])
    shell.vigie("import", "in.jsonl", "--channel", "instagram")
    shell.vigie("triage")

    queue, shown = shell.vigie("inbox"), shell.vigie("show", "1")
    (item,) = shell.vigie("inbox", "--json").lines()
    (machine,) = shell.vigie("show", "1", "--json").lines()
    doctor = shell.vigie("doctor")

    assert "late by" in queue.out
    assert "first response late by" in shown.out
    assert item["sla"] == "breached"
    assert machine["promises"][0]["clock"] == "first"
    assert machine["promises"][0]["state"] == "breached"
    assert "without an owner" not in doctor.out


def test_doctor_names_complaints_that_nobody_owns(tmp_path: Path):
    shell = Shell(tmp_path, {"VIGIE_BRAND__NAME": "Loriot"})
    (tmp_path / "rules.toml").write_text(NO_ESCALATION, encoding="utf-8")
    shell.write("in.jsonl", [a_row(1), a_row(2, "Merci beaucoup, super équipe !")])
    shell.vigie("import", "in.jsonl", "--channel", "instagram")
    triaged = shell.vigie("triage")

    doctor = shell.vigie("doctor")

    assert triaged.code == 0, triaged.err
    assert "complaints without an owner, that nobody has and that are not escalated: 1. Conversations 1:" in doctor.out
    assert doctor.code == 1
