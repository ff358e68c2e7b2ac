"""The rules on the page without script: read, tried, edited, given another mode, brought back (rows F50 to F56)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from time import monotonic

import httpx
import pytest

from inbox.model import Actor
from inbox.people import Role
from routing.rulebook import STARTER
from tests.web.signed_in import SignedIn, sign_in
from tests.web.sites import LATE, RUDE, THANKS, Browsing, Site
from web.pages.rule_trying import BACKTEST

RULES = """\
# What we do.
[[rule]]
name = "rough"
when = { label = "offensive" }
then = [{ action = "queue", queue = "moderation" }, { action = "hide", reason = "An insult." }]
stop = true

[[rule]]
name = "late"
when = { label = "complaint", words = ["colis", "parcel*"] }
then = [{ action = "escalate", queue = "customer-service" }, { action = "draft", response = "late-parcel" }]

[[rule]]
name = "praise"
when = { label = "praise" }   # who thanks us
then = [{ action = "reply", response = "thanks" }]
mode = "draft"
"""
PAGES = "/b/loriot/rules"
EDIT = f"{PAGES}/edit"


class Ruled(Site):
    """A site whose rules are those above, with a team that is signed in."""

    team: SignedIn

    def of(self, name: str, **headers: str) -> Browsing:
        """One of the team with a browser."""
        return self.team.visitor(self, name, **headers)


@pytest.fixture(scope="module")
def team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SignedIn:
    roles = {"Inès": Role.ADMIN, "Paule": Role.ADMIN, "Omar": Role.MODERATOR, "Vic": Role.VIEWER}
    return sign_in(sqlite_template, tmp_path_factory.mktemp("team"), roles)


@pytest.fixture
def site(team: SignedIn, tmp_path: Path) -> Iterator[Ruled]:
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8", newline="")
    site = Ruled(team.copied(tmp_path / "vigie.db"), folder=tmp_path)
    site.team = team
    with site.served():
        yield site


def page(visitor: Browsing, path: str = "") -> str:
    """A page as it reads."""
    return unescape(visitor.get(f"{PAGES}{path}").text)


def typed(visitor: Browsing, text: str, *, version: int = 1, to: str = "", **more: object) -> httpx.Response:
    """Send the form of the rule book."""
    return visitor.post(f"{EDIT}{to}", on=EDIT, text=text, version=version, **more)


def versions(site: Site) -> list[tuple[int, str]]:
    with site.desk.store.read() as books:
        return [(one.version, one.author.name) for one in books.rule_books()]


def reasons(site: Site, what: str) -> list[str]:
    with site.desk.store.read() as books:
        return [str(one.line.reason) for one in books.read_audit() if one.line.what == what]


def heard(site: Site, *texts: str) -> list[int]:
    """Contacts say these, and some time goes by; their conversations."""
    said = [site.hear(text, author=f"contact-{place}") for place, text in enumerate(texts)]
    site.clock.advance(timedelta(minutes=1))
    return said


def replayed(visitor: Browsing, begun: httpx.Response) -> str:
    """What a replay has found, once it is done."""
    assert begun.status_code == 303
    until = monotonic() + 30
    while monotonic() < until:
        shown = unescape(visitor.get(begun.headers["location"]).text)
        if 'http-equiv="refresh"' not in shown:
            return shown
    raise AssertionError("The replay does not end.")


def test_the_list_says_in_words_what_each_rule_asks_for_and_does_and_how_often_it_held(site: Ruled):
    site.hear(LATE)
    visitor = site.of("Vic")

    shown = page(visitor)
    found = page(visitor, "?q=THANKS")

    assert [shown.index(f"name={name}") for name in ("rough", "late", "praise")] == sorted(
        shown.index(f"name={name}") for name in ("rough", "late", "praise")
    )
    assert "it is labelled complaint" in shown
    assert "it says one of “colis”, “parcel*”" in shown
    assert "escalate to customer-service, severity medium" in shown
    assert "prepares, and people send" in shown
    assert "held 1 ×" in shown
    assert "Version 1, by test." in shown
    assert "name=praise" in found
    assert "name=late" not in found
    assert "rules/edit" not in shown


def test_what_may_not_be_meant_stands_above_the_list_and_at_the_rule(site: Ruled):
    site.rules.write_text(RULES.replace('mode = "draft"', 'mode = "live"'), encoding="utf-8")

    shown = page(site.of("Vic"))

    assert "What may not be meant: 1" in shown
    assert 'rules.toml, rule 3 "praise"' in page(site.of("Vic"), "/rule?name=praise")
    assert "Version 2, written into the file." in shown


def test_a_rule_has_its_own_words_its_record_and_where_it_held_with_what_offends_hidden(site: Ruled):
    late, rude = site.hear(LATE), site.hear(RUDE, author="max")
    visitor = site.of("Vic")

    of_late, of_rough = page(visitor, "/rule?name=late"), page(visitor, "/rule?name=rough")

    assert f'href="/b/loriot/inbox/{late}"' in of_late
    assert LATE in of_late
    assert 'words = ["colis", "parcel*"]' in of_late
    assert f'href="/b/loriot/inbox/{rude}"' in of_rough
    assert "Offensive text, hidden until you ask for it" in of_rough
    assert RUDE not in of_rough
    assert visitor.get(f"{PAGES}/rule?name=nothing").status_code == 404


def test_only_administrators_change_rules_and_nobody_sees_those_of_another_brand(site: Ruled):
    omar = site.of("Omar")

    assert omar.get(EDIT).status_code == 403
    assert omar.post(EDIT, on=PAGES + "/try", text="", version=1).status_code == 403
    assert omar.post(f"{PAGES}/step", on=PAGES + "/try", rule="late", to="shadow").status_code == 403
    assert omar.post(f"{PAGES}/versions/1/back", on=PAGES + "/try").status_code == 403
    assert site.of("Inès").get("/b/merle/rules").status_code == 404
    assert site.visitor().get(PAGES).headers["location"].startswith("/sign-in")


def test_f51_faults_are_told_at_their_lines_and_nothing_is_saved_until_they_are_gone(site: Ruled):
    ines = site.of("Inès")
    wrong = RULES.replace('"complaint", words', '"complain", words').replace('"late-parcel"', '"late-parcle"')

    refused = typed(ines, wrong, why="a try")
    told = unescape(refused.text)

    assert refused.status_code == 422
    assert "Wrong: 2." in told
    assert '<a href="#line-10" data-line="10">line 10</a>' in told
    assert 'there is no label "complain". Did you mean "complaint"?' in told
    assert '<a href="#line-11" data-line="11">line 11</a>' in told
    assert wrong in told
    assert 'value="a try"' in told
    assert versions(site) == [(1, "test")]
    assert site.rules.read_text(encoding="utf-8") == RULES


def test_f51_faults_are_told_in_the_language_of_the_reader(site: Ruled):
    ines = site.of("Inès", **{"accept-language": "fr"})

    told = unescape(typed(ines, RULES.replace('"complaint", words', '"complain", words'), to="/check").text)

    assert "Vouliez-vous dire" in told


def test_f56_what_is_saved_is_in_force_at_once_to_the_letter_as_a_version_with_author_and_reason(site: Ruled):
    ines, text = site.of("Inès"), RULES.replace('"late"', '"very late"')

    saved = typed(ines, text.replace("\n", "\r\n"), why="Named as we say it.")

    assert saved.headers["location"] == f"{PAGES}?saved=2"
    assert site.rules.read_bytes() == text.encode()
    assert versions(site) == [(1, "test"), (2, "Inès")]
    assert reasons(site, "rules.edited") == ["Inès has edited the rules: Named as we say it."]
    assert site.desk.as_of_now().rules.names == ("rough", "very late", "praise")
    assert "Version 2 is in force." in page(ines, "?saved=2")
    assert "Named as we say it." in page(ines, "/versions")


def test_line_ends_stay_those_of_the_file(site: Ruled):
    site.rules.write_bytes(RULES.replace("\n", "\r\n").encode())
    ines = site.of("Inès")
    page(ines)

    saved = typed(ines, RULES.replace("What we do", "What we all do").replace("\n", "\r\n"), version=2)

    assert saved.status_code == 303
    assert site.rules.read_bytes() == RULES.replace("What we do", "What we all do").replace("\n", "\r\n").encode()


def test_f56_who_saves_second_sees_both_side_by_side_and_loses_nothing(site: Ruled):
    ines, paule = site.of("Inès"), site.of("Paule")
    first, second = RULES.replace('"late"', '"very late"'), RULES.replace("# What we do.", "# Ours.")
    typed(ines, first)

    refused = typed(paule, second, why="a better head")
    told = unescape(refused.text)
    again = typed(paule, first.replace("# What we do.", "# Ours."), version=2)

    assert refused.status_code == 409
    assert "You have edited version 1, and version 2 is in force since. Nothing was saved." in told
    assert "<ins>Ours</ins>" in told
    assert 'name="version" value="2"' in told
    assert 'value="a better head"' in told
    assert second in told
    assert again.status_code == 303
    assert versions(site) == [(1, "test"), (2, "Inès"), (3, "Paule")]


def test_an_empty_book_and_one_that_reads_as_before_are_not_saved(site: Ruled):
    ines = site.of("Inès")

    assert [typed(ines, text).status_code for text in ("", "# nothing\n", RULES)] == [409, 409, 409]
    assert versions(site) == [(1, "test")]


def test_a_file_that_somebody_has_broken_is_told_of_and_not_written_over(site: Ruled):
    site.rules.write_text("[[rule]\n", encoding="utf-8")
    ines = site.of("Inès")

    shown, refused = page(ines), typed(ines, RULES.replace('"late"', '"very late"'))

    assert "The file is faulty as it stands" in shown
    assert refused.status_code == 409
    assert 'name = "very late"' in unescape(refused.text)
    assert site.rules.read_text(encoding="utf-8") == "[[rule]\n"
    assert versions(site) == [(1, "test")]


def test_f55_a_text_is_tried_condition_by_condition_and_nothing_is_done(site: Ruled):
    visitor = site.of("Vic")

    tried = visitor.post(f"{PAGES}/try", on=f"{PAGES}/try", sample=LATE, channel="instagram", kind="comment")
    told = unescape(tried.text)

    assert "Vigie reads it as: complaint" in told
    assert "draft with the response “late-parcel”" in told
    assert re.search(r'class="yes">.*?words = \["colis", "parcel\*"\]', told)
    assert re.search(r'class="no">.*?label = "offensive"', told)
    assert "2 rules do not hold." in told
    with site.desk.store.read() as books:
        assert books.summary().messages == 0
    assert visitor.post(f"{PAGES}/try", on=f"{PAGES}/try", sample=" ").status_code == 422


def test_f55_a_text_is_tried_on_rules_that_are_not_saved_yet(site: Ruled):
    told = unescape(typed(site.of("Inès"), RULES.replace('"colis", ', ""), to="/try", sample=LATE).text)

    assert "3 rules do not hold." in told
    assert "No rule holds: a person decides." in told
    assert versions(site) == [(1, "test")]


def test_f52_the_past_is_replayed_beside_what_people_did(site: Ruled):
    heard(site, LATE, THANKS, RUDE)
    vic = site.of("Vic")

    told = replayed(vic, vic.post(f"{PAGES}/backtest", on=f"{PAGES}/try", since="2d", until=""))

    assert "3 messages replayed." in told
    assert LATE in told
    assert RUDE not in told
    assert "the rules in force, version 1" in told
    assert "Decided otherwise" not in told


def test_f52_a_change_is_tried_on_the_past_before_it_is_saved(site: Ruled):
    heard(site, LATE)
    ines = site.of("Inès")

    told = replayed(ines, typed(ines, RULES.replace('"colis", ', ""), to="/../backtest"))

    assert "Decided otherwise than by the rules in force: 1" in told
    assert "the rules that Inès edits" in told
    assert versions(site) == [(1, "test")]


def test_a_period_that_makes_no_sense_is_refused_with_what_was_typed(site: Ruled):
    vic = site.of("Vic")

    for since, until, says in (
        ("soon", "", '"soon" is no date and no length.'),
        ("2d", "3d", "The end of the period is not after its beginning."),
        ("2020-01-01", "", "Here, one year at most."),
    ):
        refused = vic.post(f"{PAGES}/backtest", on=f"{PAGES}/try", since=since, until=until)

        assert refused.status_code == 422
        assert says in unescape(refused.text)
        assert f'value="{since}"' in refused.text


def test_a_replay_of_another_brand_or_one_that_is_not_kept_is_not_found(site: Ruled):
    site.add("Max", Role.VIEWER, brand="merle")
    job = site.house.jobs.start(lambda watch: watch(1, 2), kind=BACKTEST, brand="loriot", owner="Vic")

    assert site.visitor("Max").get(f"/b/merle/rules/backtests/{job.id}").status_code == 404
    assert site.of("Vic").get(f"{PAGES}/backtests/nothing").status_code == 404


def stands(visitor: Browsing, rule: str) -> dict[str, str]:
    """What the form for another mode keeps of how a rule stands."""
    shown = page(visitor, f"/rule?name={rule}")
    return dict(re.findall(r'name="(from|since)" value="([^"]*)"', shown))


def test_f53_a_rule_goes_further_only_for_a_reason_while_its_record_is_thin(site: Ruled):
    ines = site.of("Inès")
    how = stands(ines, "praise")
    on = f"{PAGES}/rule?name=praise"

    shown = page(ines, "/rule?name=praise")
    refused = ines.post(f"{PAGES}/step", on=on, rule="praise", to="share:10", **how)
    without = ines.post(f"{PAGES}/step", on=on, rule="praise", to="share:10", in_spite="yes", **how)
    done = ines.post(f"{PAGES}/step", on=on, rule="praise", to="share:10", in_spite="yes", why="I read all.", **how)
    stale = ines.post(f"{PAGES}/step", on=on, rule="praise", to="live", in_spite="yes", why="again", **how)

    assert "It has held 0 times since it stands so; 10 are wanted." in shown
    assert [refused.status_code, without.status_code, stale.status_code] == [409, 409, 409]
    assert "If you want it all the same, say why." in unescape(without.text)
    assert "The rules have changed since. Look at its record again." in unescape(stale.text)
    assert done.status_code == 303
    assert site.rules.read_text(encoding="utf-8") == RULES.replace('mode = "draft"', 'mode = "share:10"')
    assert versions(site) == [(1, "test"), (2, "Inès")]
    assert reasons(site, "rules.mode") == ['Inès has put rule "praise" from draft to share:10: I read all.']


def test_f53_a_step_back_is_never_refused(site: Ruled):
    ines = site.of("Inès")

    done = ines.post(f"{PAGES}/step", on=PAGES + "/try", rule="late", to="shadow", **stands(ines, "late"))

    assert done.status_code == 303
    assert 'mode = "shadow"' in site.rules.read_text(encoding="utf-8")
    assert "in shadow: it only notes what it would do" in page(ines, "/rule?name=late")


def test_f56_versions_are_shown_side_by_side_and_one_is_brought_back_to_the_letter(site: Ruled):
    ines = site.of("Inès")
    typed(ines, RULES.replace('words = ["colis", "parcel*"]', 'words = ["parcel*"]'), why="Only English.")

    differs = page(ines, "/versions/2")
    compared = page(ines, "/versions/1?to=2")
    back = ines.post(f"{PAGES}/versions/1/back", on=f"{PAGES}/versions/1", why="It was right.")
    again = ines.post(f"{PAGES}/versions/1/back", on=f"{PAGES}/versions/2")

    assert "1 lines new, 1 lines gone" in differs
    assert re.search(r'<del>"?colis"?.*</del>', differs)
    assert "Versions 1 and 2 of the rules" in compared
    assert back.headers["location"] == f"{PAGES}?saved=3"
    assert site.rules.read_bytes() == RULES.encode()
    assert reasons(site, "rules.rolled_back") == [
        "Inès has brought back version 1 of the rule book: It was right.",
    ]
    assert again.status_code == 409
    assert ines.get(f"{PAGES}/versions/99").status_code == 404


def test_on_postgresql_the_rules_are_edited_promoted_and_brought_back(postgres_url: str, tmp_path: Path):
    site = Site(postgres_url, folder=tmp_path)
    with site.served():
        site.add("Inès", Role.ADMIN)
        (late,) = heard(site, LATE)
        ines, starter = site.visitor("Inès"), STARTER.read_text(encoding="utf-8")

        saved = typed(ines, starter.replace('name = "refund"', 'name = "money back"'), why="Clearer.")
        shown = page(ines, "/rule?name=late+parcel")
        down = ines.post(f"{PAGES}/step", on=PAGES, rule="late parcel", to="shadow", **stands(ines, "late parcel"))
        back = ines.post(f"{PAGES}/versions/1/back", on=f"{PAGES}/versions/1")
        told = replayed(ines, ines.post(f"{PAGES}/backtest", on=f"{PAGES}/try", since="2d"))

        assert [saved.status_code, down.status_code, back.status_code] == [303, 303, 303]
        assert f'href="/b/loriot/inbox/{late}"' in shown
        assert versions(site) == [(1, "test"), (2, "Inès"), (3, "Inès"), (4, "Inès")]
        assert site.rules.read_text(encoding="utf-8") == starter
        assert "1 messages replayed." in told
        assert site.desk.as_of_now().rule_book_version == 4


def test_rules_that_cannot_be_changed_from_here_say_why(site: Ruled):
    with site.desk.store.begin() as books:
        books.keep_rule_book(RULES, author=Actor.person("Inès"), now=site.clock())
    merle = site.of("Vic")
    site.add("Max", Role.ADMIN, brand="merle")

    refused = site.visitor("Max").get("/b/merle/rules")

    assert merle.get(PAGES).status_code == 200
    assert refused.status_code == 409
    assert "not changed" in refused.text
