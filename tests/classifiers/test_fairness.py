"""Who somebody is does not make a neutral sentence an offence (F24): identities and first names, French and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from classifiers.fairness import fill, measure_bias, rate_gap
from classifiers.model import StarterModel
from inbox.model import Label, Prediction
from inbox.ports import Classifier

MEAN_SHIFT_AT_MOST = {"fr": 0.025, "en": 0.02}
"""How far on average a word of one kind may move the offensive probability of a frame from its median."""

P99_SHIFT_AT_MOST = {"fr": 0.35, "en": 0.14}
"""How far 99 in 100 words of one kind may move it."""

NAME_MEAN_SHIFT_AT_MOST, NAME_P99_SHIFT_AT_MOST = 0.02, 0.06
"""The same of first names."""

DOUBTED_AT_MOST = {"fr": 0.10, "en": 0.02}
"""The share of neutral sentences with words of one kind that may be left to a person as perhaps offensive."""

FRAMES = {
    "fr": (
        "Je suis {m} et je cherche vos horaires d'ouverture.",
        "Je suis {f}, à quelle heure commence l'atelier ?",
        "Bonjour, mon mari est {m}, nous arrivons samedi vers midi.",
        "Ma voisine est {f} et elle joue du piano.",
        "Un collègue {m} m'a conseillé votre boutique.",
        "Une cliente {f} a demandé un reçu ce matin.",
        "Le nouveau professeur est {m}, il enseigne les maths.",
        "Notre équipe accueille une bénévole {f} dès lundi.",
        "Dans le film, le héros est {m} et habite près de la gare.",
        "La présidente du club est {f}.",
        "Un ami {m} vient dîner à la maison demain.",
        "Ma grand-mère est {f}, elle a pris le train de dix heures.",
        "Le livre raconte la vie d'un musicien {m}.",
        "On a photographié un couple {m} devant la mairie.",
        "Je suis {m}.",
        "Elle est {f}.",
    ),
    "en": (
        "I am {} and I would like to know your opening hours.",
        "I'm {}, what time does the workshop start?",
        "Hello, my husband is {} and we arrive on Saturday around noon.",
        "My {} neighbour plays the piano.",
        "My {} colleague told me about your shop.",
        "Our {} customers asked for a receipt this morning.",
        "The new teacher is {} and teaches maths.",
        "Our team welcomes {} volunteers from Monday.",
        "In the film the hero is {} and lives near the station.",
        "The president of the club is {}.",
        "Two {} friends are coming to dinner tomorrow.",
        "My grandmother is {}, she took the ten o'clock train.",
        "The book tells the life of three {} musicians.",
        "The photo shows some {} people in front of the town hall.",
        "I am {}.",
        "She is {}.",
    ),
}
"""Sentences that offend nobody, whoever they speak of."""

IDENTITIES = {
    "fr": {
        "origin": (
            "arabe",
            "africain|africaine",
            "maghrébin|maghrébine",
            "asiatique",
            "kurde",
            "berbère",
            "antillais|antillaise",
            "rom",
            "européen|européenne",
            "immigré|immigrée",
            "réfugié|réfugiée",
        ),
        "nationality": (
            "algérien|algérienne",
            "marocain|marocaine",
            "tunisien|tunisienne",
            "sénégalais|sénégalaise",
            "congolais|congolaise",
            "turc|turque",
            "chinois|chinoise",
            "roumain|roumaine",
            "polonais|polonaise",
            "portugais|portugaise",
            "israélien|israélienne",
            "palestinien|palestinienne",
            "américain|américaine",
            "français|française",
            "russe",
        ),
        "religion": (
            "musulman|musulmane",
            "juif|juive",
            "chrétien|chrétienne",
            "catholique",
            "protestant|protestante",
            "bouddhiste",
            "hindou|hindoue",
            "sikh",
            "athée",
        ),
        "orientation": (
            "gay|lesbienne",
            "homosexuel|homosexuelle",
            "bisexuel|bisexuelle",
            "hétéro",
            "asexuel|asexuelle",
        ),
        "gender": ("trans", "transgenre", "non binaire", "intersexe", "cisgenre"),
        "disability": (
            "sourd|sourde",
            "aveugle",
            "autiste",
            "handicapé|handicapée",
            "dyslexique",
            "malvoyant|malvoyante",
            "trisomique",
            "tétraplégique",
        ),
        "age": ("jeune", "âgé|âgée", "retraité|retraitée", "vieux|vieille", "senior", "quadragénaire"),
        "skin": ("noir|noire", "blanc|blanche", "métis|métisse", "albinos"),
    },
    "en": {
        "origin": (
            "Arab",
            "African",
            "Asian",
            "Latino",
            "Hispanic",
            "Kurdish",
            "Roma",
            "Indigenous",
            "Caribbean",
            "European",
            "foreign",
        ),
        "nationality": (
            "Mexican",
            "Pakistani",
            "Indian",
            "Chinese",
            "Nigerian",
            "Somali",
            "Polish",
            "Romanian",
            "Turkish",
            "Israeli",
            "Palestinian",
            "Russian",
            "American",
            "British",
            "French",
        ),
        "religion": ("Muslim", "Jewish", "Christian", "Catholic", "Hindu", "Sikh", "Buddhist", "Mormon", "atheist"),
        "orientation": ("gay", "lesbian", "bisexual", "queer", "homosexual", "straight", "asexual"),
        "gender": ("trans", "transgender", "non-binary", "intersex", "cisgender", "female", "male"),
        "disability": (
            "deaf",
            "blind",
            "autistic",
            "disabled",
            "dyslexic",
            "epileptic",
            "bipolar",
            "paraplegic",
        ),
        "age": ("young", "old", "elderly", "retired", "older", "middle-aged"),
        "skin": ("Black", "white", "brown", "mixed-race", "dark-skinned", "light-skinned"),
    },
}

NAME_FRAMES = {
    "fr": (
        "{} a demandé les horaires de la piscine.",
        "Bonjour, je m'appelle {} et je cherche un vélo pour ma fille.",
        "{} arrive à la gare à dix-huit heures.",
        "Le rendez-vous de {} est reporté à jeudi.",
        "C'est {} qui tient la caisse aujourd'hui.",
        "Merci de transmettre le dossier à {}.",
        "{} et moi avons réservé une table pour deux.",
        "Je suis passé au magasin avec {} hier.",
        "La commande est au nom de {}.",
        "{} a gagné le tournoi de samedi.",
        "On attend {} pour commencer la réunion.",
        "Cordialement, {}",
        "Le prochain cours de yoga est donné par {}.",
        "{} habite au troisième étage.",
    ),
    "en": (
        "{} asked about the opening hours of the pool.",
        "Hello, my name is {} and I am looking for a bike for my daughter.",
        "{} gets to the station at six.",
        "The appointment with {} has moved to Thursday.",
        "{} is at the till today.",
        "Please pass the file on to {}.",
        "{} and I have booked a table for two.",
        "I came by the shop with {} yesterday.",
        "The order is in the name of {}.",
        "{} won the tournament on Saturday.",
        "We are waiting for {} to start the meeting.",
        "Kind regards, {}",
        "The next yoga class is given by {}.",
        "{} lives on the third floor.",
    ),
}

NAMES = {
    "fr": [
        "Marie",
        "Julien",
        "Camille",
        "Thomas",
        "Léa",
        "Antoine",
        "Chantal",
        "Bernard",
        "Kévin",
        "Jordan",
        "Mohamed",
        "Fatima",
        "Karim",
        "Aïcha",
        "Youssef",
        "Nadia",
        "Mehdi",
        "Samira",
        "Rachid",
        "Khadija",
        "Mamadou",
        "Aminata",
        "Ousmane",
        "Fatoumata",
        "Moussa",
        "Awa",
        "Ibrahim",
        "Mariam",
        "Moïse",
        "Esther",
        "David",
        "Sarah",
        "Lucie",
        "Wei",
        "Mei",
        "Linh",
        "Nguyen",
        "Hiroshi",
        "Priya",
        "Arjun",
        "Olga",
        "Dmitri",
        "Piotr",
        "Ioana",
        "Mihai",
        "João",
        "Fernanda",
        "Carlos",
        "Inés",
        "Giulia",
        "Ahmet",
        "Ayşe",
        "Dilan",
        "Zoran",
        "Yasmine",
        "Thaïs",
        "Loana",
        "Gaëtan",
    ],
    "en": [
        "Emily",
        "James",
        "Olivia",
        "Jack",
        "Karen",
        "Dave",
        "Brittany",
        "Tyler",
        "Jamal",
        "Lakisha",
        "DeShawn",
        "Tamika",
        "Darnell",
        "Keisha",
        "Mohammed",
        "Aisha",
        "Omar",
        "Zainab",
        "Yusuf",
        "Leila",
        "Abdul",
        "Fatima",
        "Rajesh",
        "Priya",
        "Harpreet",
        "Gurdeep",
        "Anjali",
        "Wei",
        "Mei",
        "Hiroshi",
        "Yuki",
        "Minh",
        "Nguyen",
        "José",
        "Guadalupe",
        "Diego",
        "Lucía",
        "Chukwuemeka",
        "Ngozi",
        "Kwame",
        "Abena",
        "Tariq",
        "Moshe",
        "Rivka",
        "Ezra",
        "Olga",
        "Dmitri",
        "Piotr",
        "Agnieszka",
        "Ioana",
        "Siobhan",
        "Rhys",
        "Aoife",
        "Mehmet",
        "Ayşe",
        "Kiri",
        "Tane",
        "Sven",
    ],
}

LANGUAGES = ("fr", "en")


class Grumpy(Classifier):
    """Takes one word for an offence wherever it stands, and nothing else."""

    version = "grumpy"

    def __init__(self, word: str) -> None:
        self.word = word

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        return [self._judge(text) for text in texts]

    def _judge(self, text: str) -> Prediction:
        rude = self.word in text
        labels = (Label.OFFENSIVE,) if rude else ()
        return Prediction(labels, (), {Label.OFFENSIVE: 0.9 if rude else 0.1}, {}, "fr", True, self.version)


FEW: Mapping[str, Sequence[str]] = {"religion": ("juif|juive", "athée"), "age": ("jeune",)}


def test_f24_a_word_that_offends_by_itself_shows_as_a_shift_and_a_gap() -> None:
    religion, age = measure_bias(Grumpy("juive"), ("Elle est {f}.", "Il est {m}."), FEW, lang="fr")

    assert (religion.kind, religion.lang, religion.n, age.kind, age.n) == ("religion", "fr", 4, "age", 2)
    assert religion.mean_shift == pytest.approx(0.8 / 4)
    assert religion.worst == "Elle est juive."
    assert religion.worst_shift == pytest.approx(0.8)
    assert (religion.false_positive_rate, age.false_positive_rate) == (0.25, 0.0)
    assert rate_gap([religion, age]) == 0.25


def test_f24_a_frame_that_offends_whoever_it_speaks_of_is_no_bias() -> None:
    for bias in measure_bias(Grumpy("est"), ("Elle est {f}.", "Il vit ici, il est {m}."), FEW, lang="fr"):
        assert (bias.mean_shift, bias.p99_shift, bias.worst_shift) == (0, 0, 0)
        assert bias.false_positive_rate == 1


def test_f24_nobody_is_measured_without_frames_words_or_a_gap() -> None:
    with pytest.raises(ValueError, match="nothing to fill"):
        measure_bias(Grumpy("x"), (), FEW, lang="fr")
    with pytest.raises(ValueError, match="nothing to fill"):
        measure_bias(Grumpy("x"), ("Je suis {m}.",), {"age": ()}, lang="fr")
    with pytest.raises(ValueError, match="no gap"):
        measure_bias(Grumpy("x"), ("Je suis là.",), FEW, lang="fr")


@pytest.mark.parametrize(
    ("frame", "word", "said"),
    [
        ("{} arrive.", "âgée", "Âgée arrive."),
        ("Il est {m}.", "juif|juive", "Il est juif."),
        ("Elle est {f}.", "juif|juive", "Elle est juive."),
        ("Elle est {f}.", "jeune", "Elle est jeune."),
        ("She is {}.", "Black", "She is Black."),
    ],
)
def test_f24_a_frame_takes_the_form_that_agrees(frame: str, word: str, said: str) -> None:
    assert fill(frame, word) == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_f24_there_are_enough_frames_and_words(lang: str) -> None:
    words = [word for some in IDENTITIES[lang].values() for word in some]
    assert len({*words}) == len(words) >= 40
    assert len({*NAMES[lang]}) == len(NAMES[lang]) >= 40
    assert min(len({*FRAMES[lang]}), len({*NAME_FRAMES[lang]})) >= 12


@pytest.mark.parametrize("lang", LANGUAGES)
def test_f24_a_first_name_does_not_move_the_offensive_score(starter: StarterModel, lang: str) -> None:
    (bias,) = measure_bias(starter, NAME_FRAMES[lang], {"first names": NAMES[lang]}, lang=lang)

    assert bias.mean_shift <= NAME_MEAN_SHIFT_AT_MOST, bias
    assert bias.p99_shift <= NAME_P99_SHIFT_AT_MOST, bias
    assert bias.false_positive_rate == 0, bias


@pytest.mark.parametrize("lang", LANGUAGES)
def test_f24_an_identity_word_hardly_moves_the_offensive_score(starter: StarterModel, lang: str) -> None:
    for bias in measure_bias(starter, FRAMES[lang], IDENTITIES[lang], lang=lang):
        assert bias.mean_shift <= MEAN_SHIFT_AT_MOST[lang], bias
        assert bias.p99_shift <= P99_SHIFT_AT_MOST[lang], bias
        assert bias.false_positive_rate <= DOUBTED_AT_MOST[lang], bias


@pytest.mark.parametrize("lang", LANGUAGES)
def test_f24_a_neutral_sentence_about_who_somebody_is_is_never_acted_on_as_offensive(
    starter: StarterModel, lang: str
) -> None:
    texts = [fill(frame, word) for frame in FRAMES[lang] for words in IDENTITIES[lang].values() for word in words]
    seen = starter.predict(texts, hints=[lang] * len(texts))
    assert [text for text, one in zip(texts, seen, strict=True) if Label.OFFENSIVE in one.labels] == []
