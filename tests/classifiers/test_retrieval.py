"""Texts that are most like another: found whatever else was said, brought up to date, bounded."""

from __future__ import annotations

import pytest

from classifiers import retrieval
from classifiers.retrieval import Likeness

LATE = "Mon colis n’est toujours pas arrivé"
BROKEN = "La lampe est arrivée cassée"


def test_the_likest_comes_first_and_the_same_words_are_wholly_alike():
    memory: Likeness[str] = Likeness()
    memory.add([LATE, BROKEN, "Bravo à toute l’équipe"], ["late", "broken", "praise"])

    found = memory.alike("mon colis n'est pas arrive")

    assert found[0][0] == "late"
    [(known, likeness)] = memory.alike(LATE, at_least=0.9)
    assert known == "late"
    assert likeness == pytest.approx(1.0)


def test_what_is_added_later_is_found_too_and_an_empty_memory_finds_nothing():
    memory: Likeness[str] = Likeness()
    assert memory.alike(LATE) == []
    memory.add([], [])
    memory.add([BROKEN], ["broken"])
    memory.add([LATE], ["late"])

    assert [known for known, _ in memory.alike(LATE, limit=1)] == ["late"]
    assert len(memory) == 2


def test_the_oldest_give_way_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retrieval, "_BLOCK", 2)
    memory: Likeness[int] = Likeness(most=4)
    memory.add([f"commande numéro {at} perdue" for at in range(7)], list(range(7)))

    found = {known for known, _ in memory.alike("commande perdue", limit=9)}

    assert len(memory) <= 4
    assert found <= {3, 4, 5, 6}
    assert 6 in found


def test_as_many_things_as_texts_have_to_be_given():
    memory: Likeness[str] = Likeness()

    with pytest.raises(ValueError, match="2 texts, but 1 things"):
        memory.add([LATE, BROKEN], ["late"])
