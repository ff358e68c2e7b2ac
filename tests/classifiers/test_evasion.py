"""Disguised insults are read, harmless words with a rude part are not taken for them (F17); French and English."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import pytest

from classifiers.corpora import Row, corpus_files, is_held_out, read_rows, share_of
from classifiers.functions import function_files, read_cases
from classifiers.model import StarterModel
from classifiers.word_lists import WORD_LISTS
from inbox.model import Label
from inbox.text import fold
from tests.classifiers.builders import CORPORA

LANGUAGES = ("fr", "en")
SENTENCES = 60
DISGUISED_ALREADY = ("leet_insult", "spaced_or_dotted_insult", "starred_insult")

LEET = str.maketrans("aeiosAEIOS", "@310$@310$")
CYRILLIC = str.maketrans("aceopxyiABCEHKMOPTX", "асеорхуіАВСЕНКМОРТХ")
BOLD = {ord(first) + step: start + step for first, start in (("a", 0x1D41A), ("A", 0x1D400)) for step in range(26)}
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
VOWELS = "aeiouyéèêàâîôûAEIOUY"


def starred(word: str, chance: random.Random) -> str:
    at = next((place for place, letter in enumerate(word[1:-1], start=1) if letter in VOWELS), 1)
    return word[:at] + "*" + word[at + 1 :]


def stretched(word: str, chance: random.Random) -> str:
    at = next((place for place, letter in enumerate(word) if letter in VOWELS), 1)
    return word[:at] + word[at] * 4 + word[at:]


def dropped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :]


def swapped(word: str, chance: random.Random) -> str:
    places = [at for at in range(1, len(word) - 2) if word[at] != word[at + 1]] or [0]
    at = chance.choice(places)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "leet": lambda word, _: word.translate(LEET),
    "spaced": lambda word, _: " ".join(word),
    "dotted": lambda word, _: ".".join(word),
    "zero width": lambda word, _: "\u200b".join(word),
    "soft hyphen": lambda word, _: "\u00ad".join(word),
    "homoglyph": lambda word, _: word.translate(CYRILLIC),
    "bold maths": lambda word, _: word.translate(BOLD),
    "full width": lambda word, _: word.translate(FULL_WIDTH),
    "stretched": stretched,
    "starred": starred,
    "letter dropped": dropped,
    "letters swapped": swapped,
}

EDGES = ".,!?…;:«»\"'()"
INSULTS = frozenset(word for word in WORD_LISTS["insult"].split() if len(word) >= 4)


def is_insult(word: str) -> bool:
    return fold(word).strip(EDGES) in INSULTS


def disguise(text: str, how: str) -> str:
    """The text with every insult in it disguised; what stands beside the word stays as it is."""
    chance = random.Random(f"{how}\n{text}")
    said = []
    for word in text.split(" "):
        bare = word.strip(EDGES)
        said.append(word.replace(bare, DISGUISES[how](bare, chance)) if is_insult(word) else word)
    return " ".join(said)


def can_be_disguised(text: str) -> bool:
    """Whether there is an insult in it that every disguise changes; some have no letter that leet writes otherwise."""
    return any(map(is_insult, text.split(" "))) and all(disguise(text, how) != text for how in DISGUISES)


@cache
def insulting_rows(lang: str) -> list[Row]:
    """Offensive sentences with an insult in them that no model has learned from, in an order of their own."""
    functions = [
        case.row
        for case in read_cases(function_files(CORPORA))
        if case.held_out and case.function not in DISGUISED_ALREADY
    ]
    known = {row.text for row in functions}
    others = [
        row
        for row in read_rows(corpus_files(CORPORA))
        if is_held_out(row) and row.text not in known and not row.source.endswith("-functions")
    ]
    rows = [
        row
        for row in [*functions, *others]
        if row.lang == lang and Label.OFFENSIVE in row.holds and can_be_disguised(row.text)
    ]
    return sorted(rows, key=lambda row: share_of(row, salt="evasion"))


def offensive(model: StarterModel, texts: list[str], lang: str) -> list[float]:
    return [one.confidence(Label.OFFENSIVE) for one in model.predict(texts, hints=[lang] * len(texts))]


def told_plainly(model: StarterModel, lang: str) -> list[str]:
    """Sentences that the model calls offensive when nothing is disguised."""
    texts = [row.text for row in insulting_rows(lang)]
    told = [text for text, chance in zip(texts, offensive(model, texts, lang), strict=True) if chance >= 0.5]
    return told[:SENTENCES]


def share_still_told(model: StarterModel, lang: str, how: str) -> float:
    texts = [disguise(text, how) for text in told_plainly(model, lang)]
    return sum(chance >= 0.5 for chance in offensive(model, texts, lang)) / len(texts)


STILL_TOLD_AT_LEAST = {
    "leet": (0.73, 0.90),
    "spaced": (0.91, 0.95),
    "dotted": (0.91, 0.95),
    "zero width": (1.0, 1.0),
    "soft hyphen": (1.0, 1.0),
    "homoglyph": (1.0, 1.0),
    "bold maths": (1.0, 1.0),
    "full width": (1.0, 1.0),
    "stretched": (0.91, 0.96),
    "starred": (0.80, 0.86),
    "letter dropped": (0.61, 0.70),
    "letters swapped": (0.56, 0.68),
}
"""Per disguise the least share of insulting sentences that is told still, French and English."""

HARMLESS = {
    "fr": """
        concert concombre concours concerto concept conseil conseillère console consonne contrat contrôle contrebasse
        conte conteur contact contenu conteneur continent confiture confiance confort confetti conférence congé congrès
        congélateur connaissance connecteur connexion connectique conquête conservatoire constat construction
        consultation convive convoi conduite conducteur faucon balcon flacon cocon silicone icône seconde rencontre
        économie culture cultivateur calcul calculatrice véhicule particule pellicule circulaire circulation musculation
        agriculture apiculteur recul bascule molécule majuscule minuscule renoncule canicule matricule opuscule
        habitude habitant arbitre arbitrage orbite bitume cohabitation exhibition ambition députée dispute réputation
        députation computation amputation fichier machiniste machine chiffon chiffre chiendent chicorée salade saladier
        salon salopette salaire salamandre salsifis salière pédagogie pédale pédiatre pédicure pédalier encyclopédie
        expédition Niger Nigeria nigelle pétanque pétale pétition compétition répétition appétit tapis tapisserie étape
        pique-nique technique mécanique clinique chronique tunique branche branchement branchie embranchement putois
        putsch assistance assiette passage classe tasse bassin terrasse Sussex Essex Middlesex Scunthorpe Penistone
        exercice objet analyse canal gland églantine épissure piscine pissenlit bordereau Bordeaux bordure commerce
        merlan merle putréfaction crétacé Crète enculturation basculement culminance culasse cuisson cocotte coquelicot
        nichoir négociation négoce Montenegro Montcuq Conques Condom Bitche Pussay cassette passoire embarcation
        pouffe-rire garçonnet gouttière trouvaille pintade dindon bâtiment bastide
    """,
    "en": """
        cockpit cocktail peacock shuttlecock cockatoo cockle woodcock cockerel Hitchcock Hancock assistance assistant
        assembly assessment asset assignment association assumption assurance class classic classroom glass grass brass
        bass passage passenger passport password compass embassy ambassador cassette casserole mass massage potassium
        molasses canvass sassafras cucumber document documentary circumference circumstance accumulation cumin cumulus
        vacuum Cumbria title titanium titan constitution competition institute petition appetite entity identity
        quantity gratitude altitude practitioner partition repetition titmouse Dickens Dickinson dictionary shiitake
        Matsushita Fuchsia Scunthorpe Sussex Essex Middlesex Wessex sextant sextet sexton shoe shoelace horseshoe
        phoenix canoe shell seashell Michelle analysis analogue canal analyst grape drape scrape trapeze grapefruit
        therapist
        therapy skyscraper raccoon cocoon tycoon spice hospice auspice night Nigeria Niger benignity saltwater
        nightwatch Wankel swan apricot pricker arsenal parsley hoarseness arsenic button butter butterfly buttress
        rebuttal homonym homogeneity scrap scrapbook mustard custard leotard tardigrade bustard pussycat Penistone
        peninsula object exercise doorknob ballet woodpecker trombone basement amusement advertisement horsemen humpback
        Lightwater Clitheroe Arsenal Cockermouth Cockburn Shitterton Pratt's-Bottom matchstick chopstick stickler
        Dickensian sussing bitumen bitmap habit rabbit orbit ambition pitcher kitchen stitching chinking Chinchilla
        fagotto vagabond wagtail hoedown pawnshop gooseberry analgesic manuscript magnum cumquat
    """,
}
"""Words and names with a rude part in them, or a letter away from one."""

HARMLESS_FRAMES = {
    "fr": (
        "Le mot du jour est {}.",
        "J'ai noté {} dans mon cahier ce matin.",
        "Votre affiche parle de {} en page deux.",
    ),
    "en": (
        "The word of the day is {}.",
        "I wrote {} in my notebook this morning.",
        "Your poster mentions {} on page two.",
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_f17_there_are_sixty_insulting_sentences_to_disguise(starter: StarterModel, lang: str) -> None:
    assert len(told_plainly(starter, lang)) == SENTENCES


@pytest.mark.parametrize("how", DISGUISES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_f17_a_disguised_insult_is_still_told(starter: StarterModel, lang: str, how: str) -> None:
    assert share_still_told(starter, lang, how) >= STILL_TOLD_AT_LEAST[how][LANGUAGES.index(lang)]


@pytest.mark.parametrize(
    "text", ["c0nn@rd", "c o n n a r d", "c.o.n.n.a.r.d", "соnnаrd", "con\u200bnard", "ｃｏｎｎａｒｄ", "𝐜𝐨𝐧𝐧𝐚𝐫𝐝"]
)
def test_f17_a_disguised_insult_scores_as_the_plain_one(starter: StarterModel, text: str) -> None:
    plain, hidden = offensive(starter, ["connard", text], "fr")
    assert hidden == pytest.approx(plain, abs=0.1)
    assert Label.OFFENSIVE in starter.predict([text], hints=["fr"])[0].labels


@pytest.mark.parametrize("lang", LANGUAGES)
def test_f17_a_harmless_word_with_a_rude_part_is_never_acted_on_as_offensive(starter: StarterModel, lang: str) -> None:
    words = HARMLESS[lang].split()
    assert len({*words}) >= 150
    texts = [frame.format(word) for word in words for frame in ("{}", *HARMLESS_FRAMES[lang])]
    seen = starter.predict(texts, hints=[lang] * len(texts))
    assert [text for text, one in zip(texts, seen, strict=True) if Label.OFFENSIVE in one.labels] == []


@pytest.mark.parametrize(
    "text",
    [
        "J'ai besoin d'assistance pour conduire jusqu'à Sussex",
        "La conduite accompagnée, c'est pour quand ?",
        "The objects/exercises of chapter two are missing",
        "Les objects/exercises sont dans le fichier",
    ],
)
def test_f17_the_words_of_the_row_are_not_offensive(starter: StarterModel, text: str) -> None:
    seen = starter.predict([text])[0]
    assert Label.OFFENSIVE not in (*seen.labels, *seen.unsure)


@pytest.mark.parametrize(
    "text", ["b a t a r d t'as leave en plein promo", "votre c r é t i n d'agent a laissé le portail ouvert"]
)
def test_f17_a_spaced_insult_ends_before_an_elided_word(starter: StarterModel, text: str) -> None:
    assert offensive(starter, [text], "fr")[0] >= 0.5
