"""Entities on the command line."""

from __future__ import annotations

from pathlib import Path

from app.entities import KINDS, with_entities
from inbox.entities import EntityKind
from tests.end_to_end.shell import Shell


def test_a_line_of_classify_gains_the_list_of_what_its_text_names():
    told = with_entities({"id": "7", "lang": "fr"}, "commande n° 4581-22 à Lyon")

    assert told == {
        "id": "7",
        "lang": "fr",
        "entities": [
            {"kind": "order_number", "text": "4581-22", "start": 12, "end": 19, "value": "4581-22"},
            {"kind": "place", "text": "Lyon", "start": 22, "end": 26, "value": "Lyon"},
        ],
    }


def test_every_kind_has_a_name_for_people():
    assert set(KINDS) == set(EntityKind)


def test_trying_a_text_on_the_rules_shows_what_the_text_names(tmp_path: Path):
    done = Shell(tmp_path).vigie("rules", "test", "Commande n° 4581-22, rappelez-moi au 06 12 34 56 78")

    assert done.code == 0
    assert "order number: 4581-22\n" in done.out
    assert "phone number: 06 12 34 56 78 = +33612345678\n" in done.out
