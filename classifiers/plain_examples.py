"""Plain things people say, as a floor under what a model learns: one line per message, by language and label.

The corpora are rich in hard and rare turns; these lines are the everyday ones. `mixed_lines` joins two halves in one
message.
"""

from __future__ import annotations

from collections.abc import Iterator

PRAISE, COMPLAINT, SALES_LEAD, OFFENSIVE, NEITHER = "praise", "complaint", "sales_lead", "offensive", "neither"

PLAIN = {
    ("fr", PRAISE): """
        Super produit
        Super produit, je recommande
        Très bon produit, conforme à la description
        Produit de qualité, je suis ravie
        Super service, merci beaucoup
        Équipe au top, merci
        Accueil chaleureux et personnel très sympa
        Vos gâteaux sont délicieux
        J'adore votre boutique
        J'adore cette couleur
        Trop beau
        C'est magnifique
        Excellent restaurant, on reviendra
        Livraison rapide et soignée
        Livraison en deux jours, parfait
        Merci pour votre professionnalisme
        Bravo pour votre travail
        Bravo à toute l'équipe
        Félicitations pour cette belle réussite
        Meilleure boulangerie du quartier
        Rien à redire, tout était parfait
        Je suis très contente de mon achat
        Très satisfait de la prestation
        Service client réactif et efficace
        Un grand merci au vendeur qui m'a aidé
        Génial
        Top
        Parfait
        Votre appli est super pratique
        La nouvelle version est géniale
        Le concert était incroyable
        Mes enfants ont adoré
        Qualité au rendez-vous
        Je recommande les yeux fermés
    """,
    ("fr", COMPLAINT): """
        Mon colis a dix jours de retard
        Votre livreur a deux heures de retard
        Ma commande n'est toujours pas arrivée
        Je n'ai jamais reçu mon colis
        Colis perdu et personne ne répond
        Livraison en retard
        La livraison a encore du retard
        Livrée avec deux semaines de retard
        Un mois de retard sur la livraison
        Le colis a mis cinq semaines à arriver
        La livraison est toujours aussi lente
        Toujours aucune nouvelle de ma commande
        Le produit est arrivé cassé
        Article défectueux, je veux être remboursé
        Produit de mauvaise qualité
        Ça ne marche pas
        L'appli plante sans arrêt
        Le site est en panne depuis ce matin
        Impossible de se connecter
        Service client injoignable
        Personne ne répond au téléphone
        Une heure d'attente au téléphone
        Vos horaires sont nuls
        Vos prix sont beaucoup trop chers
        C'est trop cher pour ce que c'est
        Votre service est nul
        Votre site est nul
        Qualité nulle
        C'est de la merde votre produit
        Votre appli c'est de la merde
        Très déçue
        Je suis très déçu de votre service
        Vendeuse désagréable
        Accueil déplorable
        Serveur froid et plats tièdes
        Vous m'avez facturé deux fois
        Toujours pas remboursé après un mois
        C'est inadmissible
        Quelle honte
        C'est de l'arnaque
        Je veux annuler ma commande, j'en ai marre
        Le technicien n'est jamais venu
        Pas content du tout
        Rupture de stock encore une fois
        Ma taille est arrivée fausse
    """,
    ("fr", SALES_LEAD): """
        Ça coûte combien ?
        Quel est le prix ?
        Le prix svp
        Livrez-vous à Nantes ?
        Est-ce que vous livrez en Belgique ?
        Vous livrez à domicile ?
        C'est disponible en taille 38 ?
        Encore dispo ?
        Avez-vous ce modèle en noir ?
        Je voudrais un devis
        Pouvez-vous m'envoyer un devis pour une cuisine ?
        Je souhaite commander deux exemplaires
        Où peut-on acheter vos produits ?
        Je le veux, comment commander ?
        Je voudrais réserver une table pour quatre
        Il vous reste des places pour samedi ?
        Quels sont vos tarifs ?
        Combien pour un groupe de dix ?
        Proposez-vous des abonnements ?
        Faites-vous des tarifs pour les entreprises ?
        Je suis intéressé par votre offre
        Intéressée, pouvez-vous me contacter ?
        Je cherche un cadeau pour ma mère, que conseillez-vous ?
        Peut-on payer en plusieurs fois ?
        Je voudrais prendre rendez-vous
        On aimerait privatiser la salle pour un mariage
        Comment s'inscrire au cours ?
    """,
    ("fr", OFFENSIVE): """
        espèce de connard
        bande de connards
        t'es qu'un abruti
        sale con
        gros con
        ferme ta gueule
        ta gueule
        va te faire foutre
        allez vous faire foutre bande d'enculés
        nique ta mère
        fils de pute
        fdp
        vous êtes des voleurs et des enculés
        bande d'incapables et de débiles
        pauvre merde
        crève
        tu devrais crever
        retourne dans ton pays
        sale pute
        espèce de salope
        sale pédé
        je vais te casser la gueule
        je sais où tu habites, je vais te buter
        je vais te tuer
        on va te retrouver et te tabasser
        je vais vous casser les dents
        attends que je t'attrape, je vais te frapper
        on va brûler ta maison
        je vais te faire la peau
        t'es moche et stupide
        le community manager est un débile mental
    """,
    ("fr", NEITHER): """
        Merci
        Merci pour votre réponse
        Merci d'avance
        Bonjour
        Bonjour à tous
        Bonne journée
        D'accord
        Ok merci
        Vous rouvrez quand ?
        Vous ouvrez à quelle heure ?
        Êtes-vous ouverts le dimanche ?
        Où êtes-vous situés ?
        Comment changer mon mot de passe ?
        C'est quand le prochain match ?
        Il fait beau aujourd'hui
        Je passe demain avec la voiture de prêt
        Je suis musulmane et je cherche une salle de prière
        Ma voisine est lesbienne et nous venons ensemble
        Je suis noir et je vis à Lyon
        En tant que personne handicapée, je viens souvent
        Mes amis juifs viennent samedi
        Mon frère est gay
        Nous sommes une famille arabe de Marseille
        Je vous envoie ma référence de commande
        Voici mon numéro de dossier
        On se voit demain
        Je viens avec ma mère
    """,
    ("en", PRAISE): """
        Great product
        Great product, highly recommend
        Really good quality, very happy
        Love it
        Love this so much
        Amazing service, thank you
        Thank you so much, you were brilliant
        The staff were so friendly
        Best coffee in town
        Delicious food, we will be back
        Fast delivery and well packed
        Arrived in two days, perfect
        Well done to the whole team
        Congratulations on the launch
        Excellent customer service
        Very pleased with my purchase
        So helpful on the phone
        Beautiful colour
        This is gorgeous
        The new update is awesome
        The app is so easy to use
        The show was incredible
        My kids loved it
        Couldn't be happier
        Five stars from me
        Awesome
        Perfect
        Brilliant work
        You guys are the best
        Keep up the good work
    """,
    ("en", COMPLAINT): """
        My parcel is ten days late
        Your driver was two hours late
        My order still hasn't arrived
        I never received my parcel
        Delivered two weeks late
        A month late with the delivery
        Delivery is always slow
        The packaging was a mess
        Parcel lost and nobody answers
        Still no news about my order
        It arrived broken
        Faulty item, I want a refund
        Poor quality
        It doesn't work
        The app keeps crashing
        The site has been down all morning
        I can't log in
        Nobody answers the phone
        An hour on hold
        Your prices are terrible
        Your prices are a joke
        Way too expensive for what it is
        Your service is terrible
        Your website is awful
        This product is shit
        The packaging was shit
        Your app is a piece of crap
        Very disappointed
        So disappointed with your service
        The staff were rude
        Cold food and slow service
        You charged me twice
        Still waiting for my refund
        This is unacceptable
        What a joke
        Such a scam
        I want to cancel my order, I am fed up
        The technician never came
        Not happy at all
        Out of stock again
        You sent the wrong size
        Worst experience ever
        Waste of money
    """,
    ("en", SALES_LEAD): """
        How much does it cost?
        How much?
        What's the price?
        Price please
        Do you deliver to London?
        Do you ship to Canada?
        Do you do home delivery?
        Is it available in size 8?
        Still available?
        Do you have this in black?
        Could I get a quote?
        Can you send me a quote for a kitchen?
        I'd like to order two
        Where can I buy this?
        I want one, how do I order?
        I'd like to book a table for four
        Any tickets left for Saturday?
        What are your rates?
        How much for a group of ten?
        Do you offer subscriptions?
        Do you have business pricing?
        I'm interested in your offer
        Interested, please contact me
        Looking for a gift for my mum, what do you suggest?
        Can I pay in instalments?
        I'd like to make an appointment
        We'd love to hire the room for a wedding
        How do I sign up for the course?
        When is it back in stock? I want to buy it
    """,
    ("en", OFFENSIVE): """
        asshole
        you asshole
        you're an idiot
        you are all morons
        bunch of morons
        fuck you
        go fuck yourself
        shut the fuck up
        stupid bitch
        piece of shit
        you piece of shit
        you thieving bastards
        kill yourself
        kys
        I will kill you
        I know where you live, watch your back
        I'm going to kill you
        we will find you and beat you up
        I'll smash your teeth in
        wait till I get hold of you, I'll hurt you
        we are going to burn your house down
        I'm going to stab you
        go back to your country
        dirty faggot
        fat ugly cow
        retard
        you should die
        your social media guy is a retard
        wanker
        dumb cunt
    """,
    ("en", NEITHER): """
        Thanks
        Thanks for your reply
        Thanks in advance
        Hello
        Hi everyone
        Have a good day
        Okay
        Ok thanks
        When do you reopen?
        What time do you open?
        Are you open on Sundays?
        Where are you based?
        How do I change my password?
        When is the next match?
        Nice weather today
        I am driving up tomorrow with the loan car
        As a Muslim woman I am looking for a prayer room
        As a black woman I come here every week
        My neighbours are Muslim and come with us
        My brother is gay
        I am a lesbian and I live in Leeds
        My Jewish friends are coming on Saturday
        We are a Mexican family from Texas
        My son is autistic and comes on Mondays
        Here is my order number
        This is my reference
        See you tomorrow
        I'm coming with my mum
    """,
}

_BUT = {"fr": ("mais", ". Par contre", ", dommage :", ". Mais"), "en": ("but", ". However", ", shame that", ". But")}


def plain_lines() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Language, text and labels of every line."""
    for (lang, label), block in PLAIN.items():
        for line in _lines(block):
            yield lang, line, () if label == NEITHER else (label,)


def mixed_lines() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Kind words and a complaint in one message, either way round, and kind words with a wish to buy."""
    for lang, joints in _BUT.items():
        kind, cross = _lines(PLAIN[lang, PRAISE]), _lines(PLAIN[lang, COMPLAINT])
        for at, complaint in enumerate(cross):
            for turn in range(3):
                praise, joint = kind[(at * (2 * turn + 1) + 3 * turn) % len(kind)], joints[(at + turn) % len(joints)]
                yield lang, f"{praise}{' ' if joint.isalpha() else ''}{joint} {_lower(complaint)}", (PRAISE, COMPLAINT)
            praise, joint = kind[at % len(kind)], joints[0]
            yield lang, f"{complaint} {joint} {_lower(praise)}", (PRAISE, COMPLAINT)
        for at, lead in enumerate(_lines(PLAIN[lang, SALES_LEAD])):
            if at % 3 == 0:
                yield lang, f"{kind[at % len(kind)]} ! {lead}", (PRAISE, SALES_LEAD)


def _lines(block: str) -> list[str]:
    return [line.strip() for line in block.strip().splitlines()]


def _lower(line: str) -> str:
    return line if line.startswith(("I ", "I'")) else line[0].lower() + line[1:]
