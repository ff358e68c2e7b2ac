"""A moderator's day at the shell, every command a process of its own, with the model and the rules that ship."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end.shell import Shell, a_row

LATE = "Bonjour, mon colis a 3 semaines de retard, c'est inadmissible, je veux une réponse !"
THANKS = "Merci beaucoup, super équipe, j'adore votre boutique !"
GERMAN = "Ich warte seit drei Wochen auf mein Paket, das ist eine Frechheit!"
INSULT = "ferme ta gueule sale connard, t'es qu'une merde"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path, {"VIGIE_HOLD_SECONDS": "0", "VIGIE_BRAND__NAME": "Loriot"})


@pytest.fixture
def triaged(shell: Shell) -> Shell:
    """Four messages of four people, taken in and triaged."""
    texts = [LATE, THANKS, GERMAN, INSULT]
    shell.write("four.jsonl", [a_row(n, text, author=f"person-{n}") for n, text in enumerate(texts)])
    assert shell.vigie("import", "four.jsonl", "--channel", "instagram").code == 0
    assert shell.vigie("triage").code == 0
    return shell


def test_the_same_file_twice_creates_nothing_the_second_time(shell: Shell):
    shell.write("a.jsonl", [a_row(n) for n in range(30)])

    first, second = shell.vigie("import", "a.jsonl"), shell.vigie("import", "a.jsonl")

    assert first.out == "30 created, 0 skipped (here before), 0 refused.\n"
    assert second.out == "0 created, 30 skipped (here before), 0 refused.\n"


def test_a_file_with_twenty_ids_doubled_and_bad_lines_loses_nothing(shell: Shell):
    rows = [json.dumps(a_row(n % 480)) for n in range(500)]
    rows[10:10] = ["{broken", json.dumps({"external_id": "x"})]
    (shell.folder / "b.jsonl").write_text("\n".join(rows))

    done = shell.vigie("import", "b.jsonl", "--json")

    assert done.code == 1
    assert done.lines() == [{"created": 480, "skipped": 20, "refused": [11, 12]}]
    assert 'line 12: the field "text" is missing' in done.err


def test_every_message_is_triaged_and_nothing_has_left(triaged: Shell):
    waiting = triaged.vigie("triage")
    doctor = triaged.vigie("doctor", "--json")

    assert waiting.out == "0 messages triaged.\n"
    assert doctor.code == 0
    assert {"about": "rules", "health": "well", "says": "no rule sends by itself"} in doctor.lines()
    assert not (triaged.folder / "var" / "console.jsonl").exists()


def test_a_late_parcel_reaches_customer_service_with_a_draft_and_two_moments(triaged: Shell):
    (item,) = [one for one in triaged.vigie("inbox", "--json").lines() if one["text"] == LATE]

    (shown,) = triaged.vigie("show", str(item["id"]), "--json").lines()

    assert shown["queue"] == "customer-service"
    (message,) = shown["messages"]
    assert message["prediction"]["labels"] == ["complaint"]
    assert message["prediction"]["scores"]["complaint"] > 0.5
    assert message["prediction"]["reasons"]["complaint"]
    assert "late parcel" in message["decision"]["because"]
    assert [draft["response"] for draft in shown["drafts"]] == ["late-parcel"]
    assert shown["escalations"][0]["first_response_due_at"] < shown["escalations"][0]["resolution_due_at"]


def test_a_language_the_model_does_not_know_goes_to_a_person_and_nothing_else_happens(triaged: Shell):
    (item,) = [one for one in triaged.vigie("inbox", "--json", "--label", "unsure").lines() if one["text"] == GERMAN]

    (shown,) = triaged.vigie("show", str(item["id"]), "--json").lines()

    assert item["lang"] == "de"
    assert shown["queue"] == "review"
    assert (shown["drafts"], shown["escalations"]) == ([], [])


def test_text_that_offends_is_blurred_until_asked_for(triaged: Shell):
    (item,) = triaged.vigie("inbox", "--json", "--label", "offensive").lines()

    table = triaged.vigie("inbox").out
    shown = triaged.vigie("show", str(item["id"])).out
    revealed = triaged.vigie("show", str(item["id"]), "--reveal").out

    assert INSULT not in table
    assert "connard" not in shown
    assert INSULT in revealed
    assert "propose to hide it" in shown


def test_a_draft_is_sent_by_a_person_and_printed_once(shell: Shell):
    started = shell.vigie("run", "--until-done", typed=f"Marie Dupont: {THANKS}\n")
    (item,) = shell.vigie("inbox", "--json").lines()
    (shown,) = shell.vigie("show", str(item["id"]), "--json").lines()
    (draft,) = shown["drafts"]

    sent = shell.vigie("send", str(draft["id"]))
    delivered = shell.vigie("run", "--until-done")
    again = shell.vigie("run", "--until-done")

    assert "Marie Dupont" in started.out
    assert sent.code == 0
    assert delivered.out == f"→ marie dupont: {draft['text']}\n"
    assert again.out == ""
    (after,) = shell.vigie("show", str(item["id"]), "--json").lines()
    assert after["status"] == "pending"
    assert [message["ours"] for message in after["messages"]] == [False, True]
    assert after["outbox"][0]["state"] == "sent"


def test_f05_whoever_replies_is_told_whether_it_is_public_or_private(shell: Shell):
    shell.write("public.jsonl", [a_row(1, THANKS)])
    shell.vigie("import", "public.jsonl")
    shell.vigie("run", "--until-done", typed=f"Marie Dupont: {THANKS}\n")
    told = {}
    for item in shell.vigie("inbox", "--json").lines():
        (shown,) = shell.vigie("show", str(item["id"]), "--json").lines()
        told[shown["visibility"]] = shell.vigie("send", str(shown["drafts"][0]["id"])).err

    assert "It is public" in told["public"]
    assert "It is private" in told["private"]


def test_what_has_not_left_can_be_taken_back(tmp_path: Path):
    shell = Shell(tmp_path, {"VIGIE_HOLD_SECONDS": "3600", "VIGIE_BRAND__NAME": "Loriot"})
    shell.vigie("run", "--until-done", typed=f"Marie: {THANKS}\n")
    number = shell.vigie("send", "1").out.split()[1]

    undone = shell.vigie("undo", number)
    delivered = shell.vigie("run", "--until-done")
    twice = shell.vigie("undo", number)

    assert undone.code == 0
    assert delivered.out == ""
    assert twice.code == 1
    assert twice.err == f"vigie: Number {number} was taken back already.\n"
    (shown,) = shell.vigie("show", "1", "--json").lines()
    assert shown["drafts"][0]["state"] == "open"


LIVE = """
[[rule]]
name = "thank at once"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }]
mode = "live"
"""


def test_a_pause_holds_what_rules_send_and_resuming_asks_what_becomes_of_it(shell: Shell):
    (shell.folder / "rules.toml").write_text(LIVE)
    shell.vigie("pause")

    held = shell.vigie("run", "--until-done", typed=f"Marie: {THANKS}\n")
    paused_again = shell.vigie("pause")
    resumed = shell.vigie("resume")
    after = shell.vigie("run", "--until-done")

    assert "→ marie" not in held.out
    assert "Held back: 1" in paused_again.out
    assert resumed.code == 0
    assert after.out == ""
    (shown,) = shell.vigie("show", "1", "--json").lines()
    assert [draft["state"] for draft in shown["drafts"]] == ["open"]


def test_a_rule_that_is_live_replies_by_itself_once(shell: Shell):
    (shell.folder / "rules.toml").write_text(LIVE)

    first = shell.vigie("run", "--until-done", typed=f"Marie: {THANKS}\n")
    second = shell.vigie("run", "--until-done")

    assert first.out.count("→ marie: ") == 1
    assert second.out == ""
    (shown,) = shell.vigie("show", "1", "--json").lines()
    assert shown["outbox"][0]["by"] == "rule:thank at once"


def test_a_reply_that_cannot_be_sent_is_shown_with_where_to_look(triaged: Shell):
    (item,) = [one for one in triaged.vigie("inbox", "--json").lines() if one["text"] == THANKS]
    (shown,) = triaged.vigie("show", str(item["id"]), "--json").lines()
    (draft,) = shown["drafts"]

    triaged.vigie("send", str(draft["id"]), "--text", "Merci à vous !")
    triaged.vigie("run", "--until-done")
    doctor = triaged.vigie("doctor")

    assert doctor.code == 1
    assert f"1 could not be sent, the latest in: vigie show {item['id']}" in doctor.out
    assert "The channel instagram is not connected here." in triaged.vigie("show", str(item["id"])).out


def test_a_blank_that_nothing_fills_cannot_be_sent_and_says_which(shell: Shell):
    (shell.folder / "responses.toml").write_text(
        '[[response]]\ncode = "thanks"\npolarity = "thanks"\n'
        '[[response.variant]]\nlang = "fr"\ntext = "Merci {{contact.first_name}} !"\n'
    )
    (shell.folder / "rules.toml").write_text(LIVE)
    run = shell.vigie("run", "--until-done", typed=f"xX_Watt_Xx: {THANKS}\n")

    refused = shell.vigie("send", "1")
    other_words = shell.vigie("send", "1", "--text", "Merci à vous !")

    assert "→ xx_watt_xx" not in run.out
    assert refused.code == 1
    assert "contact.first_name" in refused.err
    assert other_words.code == 0


def test_the_audit_log_names_the_first_row_that_was_tampered_with(triaged: Shell):
    whole = triaged.vigie("audit", "verify", "--json")
    with sqlite3.connect(triaged.folder / "var" / "vigie.db") as tampering:
        triggers = tampering.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        with pytest.raises(sqlite3.Error):
            tampering.execute("UPDATE audit SET actor_name = 'nobody' WHERE seq = 3")
        for (name,) in triggers:
            tampering.execute(f"DROP TRIGGER {name}")
        tampering.execute("UPDATE audit SET actor_name = 'nobody' WHERE seq = 3")
        (row,) = tampering.execute("SELECT id FROM audit WHERE seq = 3").fetchone()
    tampering.close()

    broken = triaged.vigie("audit", "verify", "--json")

    assert whole.code == 0
    assert broken.code == 1
    assert broken.lines()[0]["broken_at"] == row
    assert broken.lines()[0]["sealed"] == 2


def test_f51_rules_are_tried_on_a_text_without_a_trace_in_the_database(shell: Shell):
    done = shell.vigie("rules", "test", LATE)

    assert done.code == 0
    assert '✓ label = "complaint"' in done.out
    assert "late parcel" in done.out
    assert not (shell.folder / "var").exists()


def test_a_wrong_rule_book_is_told_with_rule_place_and_nearest_name(shell: Shell):
    (shell.folder / "rules.toml").write_text(LIVE.replace('"praise"', '"prase"'))

    done = shell.vigie("rules", "check")

    assert done.code == 1
    assert 'rules.toml, rule 1 "thank at once"' in done.err
    assert 'Did you mean "praise"?' in done.err


def test_the_shell_speaks_french(tmp_path: Path):
    shell = Shell(tmp_path, {"VIGIE_LANG": "fr"})

    missing, help_text = shell.vigie("show", "12"), shell.vigie("--help")

    assert "La conversation 12 n’existe pas." in missing.err
    assert "Essayer et vérifier" in help_text.out
    assert "Montrer ce message, puis s’arrêter." in help_text.out


def test_a_brand_that_changes_its_name_keeps_its_messages(tmp_path: Path):
    before, after = Shell(tmp_path, {"VIGIE_BRAND__NAME": "Loriot"}), Shell(tmp_path, {"VIGIE_BRAND__NAME": "Merle"})
    before.write("a.jsonl", [a_row(1)])
    before.vigie("import", "a.jsonl")

    assert len(after.vigie("inbox", "--json").lines()) == 1


def test_a_misspelt_setting_stops_the_start(tmp_path: Path):
    done = Shell(tmp_path, {"VIGIE_DATABSE_URL": "x"}).vigie("inbox")

    assert done.code == 1
    assert 'Did you mean "VIGIE_DATABASE_URL"?' in done.err
    assert "Traceback" not in done.err
