"""Ordinary sentences about who people are, so that naming a people, a faith or a handicap is not taken for an insult.

Public collections of insults name some groups in nearly every insult, and a model that learns from them learns the
names. Each word below is put into a few of the sentences, drawn with a fixed seed.

Source: Dixon et al. 2018, "Measuring and Mitigating Unintended Bias in Text Classification", section 4.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

FRAMES_PER_WORD = 16

_FRAMES = {
    "fr": """
        Il est {m}.
        Nous sommes une famille {f} du quartier.
        Ma sœur est {f}.
        Mon frère est {m} et travaille à l'hôpital.
        Moi je suis {m}, et vous ?
        moi aussi je suis {f}
        Ma mère est {f} et mon père aussi.
        Mon meilleur ami est {m}.
        Notre voisine {f} garde les enfants le mercredi.
        Le médecin est {m}, la secrétaire est {f}.
        une copine {f} m'a parlé de cette expo
        J'ai un client {m} qui demande la facture.
        C'est une autrice {f} très lue.
        Mon fils est {m}, y a-t-il un accès pour lui ?
        Ma fille est {f}, elle adore vos ateliers.
        Est-ce que l'acteur est {m} ?
        Le personnage principal est {m}.
        En tant que personne {f}, je vous pose la question.
        Dans ma classe il y a un garçon {m}.
        Mon mari est {m}, on vient dimanche.
        Les clients {m}s sont nombreux ici.
        Je cherche un livre sur la vie d'une femme {f}.
        elle est {f} et lui il est belge
        Un homme {m} attend devant la porte.
        Ma collègue est {f}, elle parle trois langues.
        Vous avez des employés {m}s ?
        Oui, elle est {f}, et sa mère aussi.
        La dame est {f}.
        Le voisin est {m}, la voisine est {f}.
        On dit qu'elle est {f}, je ne sais pas.
    """,
    "en": """
        He is {m}.
        We are a {m} family from round the corner.
        My sister is {m}.
        My brother is {m} and works at the hospital.
        me too, I'm {m}
        My mother is {m} and so is my father.
        My best mate is {m}.
        Our {m} neighbour looks after the kids on Wednesdays.
        The doctor is {m} and the nurse is from Leeds.
        a {m} friend told me about this exhibition
        I have a {m} customer who needs the invoice.
        She is a {m} author and I read all her books.
        My son is {m}, is there access for him?
        My daughter is {m} and loves your classes.
        Is the actor {m}?
        The main character is {m}.
        Speaking as a {m} person, I have a question.
        There is a {m} boy in my class.
        My husband is {m}, we are coming on Sunday.
        You have a lot of {m} customers here.
        Looking for a book about the life of a {m} woman.
        she is {m} and he is Irish
        A {m} man is waiting at the door.
        My colleague is {m} and speaks three languages.
        Do you have {m} staff?
        They are {m} and very good cooks.
        Yes, she is {m}, and so is her mother.
        The lady is {m}.
        The photo shows {m} people at a market.
        I think she's {m}, I am not sure.
    """,
}

_WORDS = {
    "fr": """
        arabe algérien|algérienne marocain|marocaine tunisien|tunisienne maghrébin|maghrébine africain|africaine
        sénégalais|sénégalaise malien|malienne noir|noire blanc|blanche métis|métisse asiatique chinois|chinoise
        vietnamien|vietnamienne japonais|japonaise indien|indienne turc|turque kurde syrien|syrienne afghan|afghane
        israélien|israélienne palestinien|palestinienne rom gitan|gitane roumain|roumaine polonais|polonaise
        portugais|portugaise espagnol|espagnole italien|italienne allemand|allemande anglais|anglaise russe
        ukrainien|ukrainienne américain|américaine mexicain|mexicaine brésilien|brésilienne antillais|antillaise
        réunionnais|réunionnaise corse breton|bretonne québécois|québécoise suisse juif|juive musulman|musulmane
        chrétien|chrétienne catholique protestant|protestante bouddhiste hindou|hindoue sikh athée croyant|croyante
        pratiquant|pratiquante voilé|voilée gay lesbienne homosexuel|homosexuelle bisexuel|bisexuelle trans
        transgenre queer intersexe asexuel|asexuelle hétéro handicapé|handicapée sourd|sourde aveugle
        malvoyant|malvoyante malentendant|malentendante muet|muette autiste trisomique dyslexique épileptique
        diabétique bègue paralysé|paralysée dépressif|dépressive schizophrène gros|grosse obèse mince petit|petite
        grand|grande chauve roux|rousse blond|blonde vieux|vieille âgé|âgée jeune retraité|retraitée
        adolescent|adolescente étranger|étrangère immigré|immigrée réfugié|réfugiée migrant|migrante pauvre riche
        chômeur|chômeuse ouvrier|ouvrière paysan|paysanne féministe végan|végane
    """,
    "en": """
        Arab Algerian Moroccan Tunisian African Nigerian Kenyan Ghanaian Somali black white mixed-race brown Asian
        Chinese Vietnamese Japanese Korean Indian Pakistani Bangladeshi Turkish Kurdish Syrian Afghan Iranian Iraqi
        Israeli Palestinian Roma Gypsy Romanian Polish Portuguese Spanish Italian German French English Irish Scottish
        Welsh Russian Ukrainian American Mexican Latino Hispanic Puerto-Rican Brazilian Cuban Caribbean Jamaican
        Haitian Aboriginal Native-American Jewish Muslim Christian Catholic Protestant Mormon Buddhist Hindu Sikh
        atheist religious veiled gay lesbian homosexual bisexual trans transgender queer non-binary intersex asexual
        straight disabled deaf blind mute autistic dyslexic epileptic diabetic paralysed paralyzed bipolar
        schizophrenic overweight fat obese thin short tall bald ginger blonde old elderly young teenage retired
        foreign immigrant refugee migrant undocumented poor rich unemployed working-class homeless female male
        feminist vegan
    """,
}


def neutral_lines(seed: int = 0) -> Iterator[tuple[str, str]]:
    """Language and text of every sentence, in a fixed order."""
    for lang, block in _FRAMES.items():
        frames = [line.strip() for line in block.strip().splitlines()]
        chance = random.Random(f"{seed} {lang}")  # noqa: S311 — for variety, not for secrets
        for word in _WORDS[lang].split():
            masculine, _, feminine = word.replace("-", " ").partition("|")
            for frame in chance.sample(frames, FRAMES_PER_WORD):
                yield lang, frame.format(m=masculine, f=feminine or masculine)
