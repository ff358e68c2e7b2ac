"""Which texts read alike, and which wording is taken beside what was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.variety import ALONE, Near, Neighbourhood, Said, freshest, reads_alike, repeats
from routing.responses import load_responses

ONE = "Merci {}, toute l’équipe lit votre message avec plaisir."
TWO = "Quel plaisir de vous lire, {} ! Nous transmettons à l’atelier."
THREE = "Un grand merci {} : c’est pour cela que nous faisons ce métier."


def said(text: str, name: str = "Lou", *, thread: str = "post-1") -> Said:
    return Said(text.format(name), name, "instagram", thread)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (said(ONE, "Lou"), said(ONE, "Camille"), True),
        (said(ONE, "Lou"), Said(ONE.format("à vous"), "x__92"), True),
        (said(ONE), said(ONE.upper()), True),
        (Said("Commande 123 : merci !", ""), Said("Commande 98765 : merci !", ""), True),
        (said(ONE), said(TWO), False),
        (Said("Merci Lou !", "Lou"), Said("Merci Zoé !", "Zoé"), True),
        (Said("❤️ ❤️", ""), Said("❤️❤️", ""), True),
        (Said("❤️", ""), Said("🎉", ""), False),
        (Said("", ""), Said("Merci", ""), False),
    ],
)
def test_f40_names_numbers_and_signs_make_no_other_text(one: Said, other: Said, *, alike: bool):
    assert reads_alike(one, other) is alike


@given(st.text(), st.text(), st.text(), st.text())
def test_reading_alike_goes_both_ways_and_everything_reads_like_itself(one: str, other: str, name: str, named: str):
    first, second = Said(one, name), Said(other, named)

    assert reads_alike(first, first)
    assert reads_alike(first, second) == reads_alike(second, first)


def test_the_wordings_of_one_starter_response_never_read_alike():
    for response in load_responses().values():
        for lang in {variant.lang for variant in response.variants}:
            worded = [Said(one.text, "") for one in response.variants if one.lang == lang]
            assert not any(
                reads_alike(one, other) for place, one in enumerate(worded) for other in worded[place + 1 :]
            ), f"{response.code} ({lang})"


def test_f40_the_first_wording_that_nobody_near_was_told_is_taken():
    near = Near(sent=(said(ONE, "Zoé"), said(TWO, "Max")))

    assert freshest([said(ONE), said(TWO), said(THREE)], near) == (2, True)


def test_f40_a_wording_that_is_only_drafted_beside_is_taken_where_there_is_no_other():
    near = Near(sent=(said(ONE, "Zoé"),), drafted=(said(TWO, "Max"),))

    assert freshest([said(ONE), said(TWO)], near) == (1, True)


def test_f40_where_every_wording_was_told_the_first_is_taken_and_said_to_be_no_news():
    assert freshest([said(ONE)], Near(sent=(said(ONE, "Zoé"),))) == (0, False)


def test_nothing_around_leaves_the_first_wording():
    assert freshest([said(ONE), said(TWO)], ALONE) == (0, True)


def test_a_thread_remembers_its_last_two_and_the_account_its_last_one():
    beside = Neighbourhood([said(ONE), said(TWO), said(THREE), said("Ailleurs, autre chose.", thread="post-2")])

    sent = [one.text for one in beside.around("instagram", "post-1").sent]
    assert sent == [TWO.format("Lou"), THREE.format("Lou"), "Ailleurs, autre chose."]
    assert beside.around("discord", "post-1") == ALONE


@given(st.lists(st.sampled_from([(0, 1), (1, 0), (2, 1)]), min_size=5, max_size=60))
def test_f40_with_three_wordings_a_thread_goes_on_for_ever_without_a_neighbour_reading_alike(order: list[object]):
    beside = Neighbourhood()
    told: list[Said] = []
    for number, _ in enumerate(order):
        wordings = [said(text, f"Nom{'x' * number}") for text in (ONE, TWO, THREE)]
        place, is_new = freshest(wordings, beside.around("instagram", "post-1"))
        assert is_new
        assert not repeats(wordings[place], told[-2:])
        told.append(wordings[place])
        beside.note_sent(wordings[place])
