"""Insults in disguise are known as such, and words that look like them are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.features import LISTS, SHAPE
from classifiers.insults import vile_words
from classifiers.reading import read_texts, read_words

LOOK_ALIKE = """
    as assistance assiette associer assurance passer passion classe massage message grass brass glass mass lass bass
    assess asset assassin assemble class pass compass embassy cassette casserole chasse tasse basse lasse fasse
    conduire content concombre contact conseil conte console concert connaitre connu connecter bacon balcon flacon
    falcon faucon second seconde wagon silicone concierge cocon cone cones icon silicon economy conquer concede
    reputation disputer disputes deputy depute computer amputer imputer putter put output input compute computing
    putty putois pull pulls puits puisque salade salades salad salads salon salaire salopette salute salut saluer
    salve salmon sales salle salles sauce saule slope slopes saloon salpe merci mercerie mers merle merlan merlin
    mercredi amer ameres medes fagot fagots fagoter batterie batiment bataille bateau batir battle baton batch barde
    bards bastille bastion bastide enclume enclos encoder encolure enculture encre enceinte enclave ecule ecules
    culture calcul culotte culinaire reculer faculte picks pick pricey price prince princess prickly priest picnic
    pickle rick trick brick dictionary dicter dictee dickens benedict predict addict verdict dictator edict medic
    indicate cuntry county country count counter account discount court cut cute hunt shirt shift ship sheet sheets
    short shot shin shine hit shiv smith ducks duck fork fuchsia fucus funk flick folk fusion truck luck buck puck
    bench beach birch butch ditch witch pitch stitch stitches biches biche niche riche slate sluice slot lots slit
    slim salt niger nigeria nigerian night tiger negociation nager neige neiger negatif neglige google goggles gorge
    gosse gosses gousse grossir grossesse debit debut debris debiter delile debilite idioms idiome idiomatique ideal
    idol idole ideology moral morose morning maroon macaron marron moons morns monsoon cretes cretan secretin crete
    creation credit cretois bouton boudin bouffee bougnat bougeoir bonbon boisson bouillon bourgeon tocade tocsin
    toucan tocante travel travels traveler travelling travail gravel wander wonder winker waker walker tanker banker
    anchor ranker wake awaken jacket jackal jackpot jack jackson imbiber imbrication imbattable putin patin satin
    matin butin mutin lutin hutin conrad condor colorado concorde canard canards renard conasse cocasse carcasse
    connivence connexion pedestre pedaler pedagogie pediatre pedicure torpedo pikes piker piquer pique picasso
    pervenche pervers persil perverse twain twit twist watt tweet tweets scunthorpe sussex essex middlesex penistone
    lightwater cockburn hancock cocktail peacock sexton dyker dike duke tosses tossed tennis tossing demure demain
    demeurer demander couler couloir couleur coulisse coulis libertad liberty library librairie liberte libellule
    puppet puppets moppet basque basin basilic basalt bassin feindre feinte feint tapis tapage tapioca tapotement
    tapir ration ratio ratatouille rateau guineen guinea gouache guignolet guitare prevert cochard dumas ashlee
    debbie bastad bambola salud monique analyse analyste cumulus documents circumstances therapist manslaughter
    arsenal arsenic parse sparse hoarse harassed embarrassed grapefruit titanic title titre institution constitution
    button butter butler rebuttal snigger bigger digger trigger dagger jigger nugget
"""


def counted_as_insult(text: str) -> bool:
    return bool(read_words([text], read_texts([text])).listed[:, LISTS.index("insult")].any())


def test_three_hundred_words_that_look_like_insults_are_none() -> None:
    words = LOOK_ALIKE.split()
    assert len(set(words)) >= 300
    assert [word for word in words if counted_as_insult(word)] == []
    assert [word for word in words if counted_as_insult(f"Un {word.title()}, a {word.upper()}!")] == []


@pytest.mark.parametrize(
    "text",
    ["connrad", "cnonard", "asshloe", "salpoe", "enuclé", "motherfcker", "fuckr", "bastrd", "CONNRAD", "cönnrad"],
)
def test_a_long_insult_with_a_letter_swapped_or_dropped_is_an_insult(text: str) -> None:
    assert counted_as_insult(f"espèce de {text} va")


@pytest.mark.parametrize("text", ["c*nnard", "m**de", "f***", "a**hole", "b*tch", "sh*t", "s*lope"])
def test_a_starred_insult_is_an_insult(text: str) -> None:
    assert counted_as_insult(text)


@pytest.mark.parametrize(
    "text", ["con.nard", "con-nard", "enc_ule", "sa·lope", "sh.it", "ass/hole", "con*nard", "CON|NARD"]
)
def test_an_insult_with_one_joiner_inside_is_an_insult(text: str) -> None:
    assert counted_as_insult(text)
    assert counted_as_insult(f"quel {text}!")


@pytest.mark.parametrize(
    "text", ["enc ule", "sa lope", "sh it", "enc. ule", "enc -ule", "enc\nule", "enc--ule", "p.d", "cu-nte"]
)
def test_words_apart_are_not_read_as_one_insult(text: str) -> None:
    assert not counted_as_insult(text)


@pytest.mark.parametrize(
    "text", ["tu as raison", "as usual", "oh my god", "pass me the salt", "Le Niger et le Nigeria"]
)
def test_a_word_is_not_taken_for_one_with_a_doubled_letter(text: str) -> None:
    reading = read_texts([text])
    assert not counted_as_insult(text)
    assert reading.shape[0, SHAPE.index("glad words")] == 0
    assert reading.shape[0, SHAPE.index("not words")] == 0


@pytest.mark.parametrize("text", ["fuuuck", "asssshole", "connnnard", "saloooope"])
def test_a_stretched_insult_is_an_insult(text: str) -> None:
    assert counted_as_insult(text)


def test_every_insult_that_is_looked_for_in_pieces_is_on_the_list() -> None:
    assert [word for word in vile_words() if not counted_as_insult(word)] == []


@given(st.sampled_from(vile_words()), st.data())
def test_an_insult_with_one_inner_star_is_an_insult(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    assert counted_as_insult(f"{word[:at]}*{word[at + 1 :]}")


@given(st.text("abcdeinors*. ", max_size=40), st.text("abcdeinors*. ", max_size=40))
def test_what_stands_before_a_line_does_not_change_how_it_is_read(before: str, text: str) -> None:
    alone = read_words([text], read_texts([text]))
    after = read_words([f"{before}!\n{text}"], read_texts([f"{before}!\n{text}"]))
    last = len(alone.sign)
    assert after.listed[len(after.sign) - last :, LISTS.index("insult")].tolist() == (
        alone.listed[:, LISTS.index("insult")].tolist()
    )
