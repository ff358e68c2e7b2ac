"""A rule book of 200 rules such as a team of several brands would have, in French and English, for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator

N_RULES = 200

SUBJECTS: dict[str, tuple[str, str]] = {
    "late parcel": (
        "colis, livraison*, livreur*, transporteur*, pas reçu, jamais reçu, toujours pas arriv*, numéro de suivi",
        "parcel*, deliver*, courier*, tracking, never arrived, still waiting for my order, shipment*, not received",
    ),
    "damaged": (
        "abîmé*, cassé*, endommagé*, fissur*, en morceaux, carton ouvert, déchiré*",
        "broken, damaged, cracked, in pieces, torn, dented, smashed",
    ),
    "wrong item": (
        "mauvais article, pas la bonne taille, mauvaise couleur, erreur de commande, pas ce que j'ai commandé, trompé*",
        "wrong item, wrong size, wrong colour, not what i ordered, mixed up, wrong order",
    ),
    "refund": (
        "rembours*, rendez-moi mon argent, rétractation, annuler ma commande, litige, avoir, remboursez",
        "refund*, money back, reimburs*, chargeback, cancel my order, store credit",
    ),
    "return": (
        "retour*, renvoyer, étiquette de retour, échange*, délai de retour, point relais, bordereau",
        "return*, send back, return label, exchange, drop off point, swap",
    ),
    "invoice": (
        "facture*, justificatif, tva, double prélèvement, débité deux fois, prélevé*, duplicata",
        "invoice*, receipt, vat, charged twice, billed, statement",
    ),
    "payment": (
        "paiement*, carte refusée, 3d secure, virement, paypal, payer en plusieurs fois, code de sécurité",
        "payment*, card declined, bank transfer, paypal, instalment*, apple pay, klarna",
    ),
    "account": (
        "mot de passe, compte bloqué, me connecter, connexion impossible, piraté*, supprimer mon compte",
        "password, locked out, log in, login, hacked, delete my account, sign in",
    ),
    "application": (
        "appli*, plante*, bug*, écran noir, mise à jour, message d'erreur, ne s'ouvre plus",
        "app, apps, crash*, bug*, black screen, update, error message, won't open, freez*",
    ),
    "website": (
        "site, panier, page blanche, lien mort, erreur 404, formulaire, ne charge pas",
        "website, basket, checkout, blank page, dead link, error 404, won't load",
    ),
    "delivery price": (
        "frais de port, livraison gratuite, offerte, franco, frais de livraison, trop cher la livraison",
        "shipping cost*, free delivery, free shipping, postage, delivery fee",
    ),
    "stock": (
        "rupture, en stock, réassort, disponible*, précommande*, de retour en stock, épuisé*",
        "out of stock, in stock, restock*, available, pre order*, sold out, back in stock",
    ),
    "price": (
        "prix, combien, tarif*, devis, coûte, ristourne, trop cher, moins cher",
        "price*, how much, quote, cost*, discount, too expensive, cheaper",
    ),
    "promotion": (
        "promo*, code de réduction, soldes, black friday, coupon*, bon d'achat, parrain*",
        "promo*, discount code, sale, sales, coupon*, voucher*, referral",
    ),
    "loyalty": (
        "points fidélité, carte de fidélité, cagnotte, parrainage, cadeau*, anniversaire",
        "loyalty, reward*, points, gift card*, birthday, membership",
    ),
    "subscription": (
        "abonnement*, résili*, désabonn*, renouvellement, engagement, sans engagement, préavis",
        "subscription*, unsubscribe*, cancel my plan, renewal, contract, trial",
    ),
    "shop": (
        "boutique*, magasin*, horaires, vendeu*, à la caisse, rayon*, vigile",
        "store*, shop, shops, opening hours, staff, till, aisle*",
    ),
    "appointment": (
        "rendez-vous, rdv, créneau*, essayer, une démo, rappelez, visite*",
        "appointment*, slot*, a demo, test drive, call me, call back, a visit",
    ),
    "warranty": (
        "garantie*, réparation*, sav, service après-vente, pièce détachée, en panne, tombé en panne",
        "warrant*, repair*, after sales, spare part*, broke down, stopped working",
    ),
    "quality": (
        "qualité, camelote, usé*, décolor*, bouloche*, rétréci*, ne tient pas",
        "quality, cheap plastic, worn out, faded, shrunk, fell apart, flimsy",
    ),
    "allergy": (
        "allergi*, sans gluten, arachide*, composition, ingrédient*, intoxication, malade*",
        "allerg*, gluten, peanut*, ingredient*, food poisoning, made me ill, nuts",
    ),
    "safety": (
        "dangereu*, brûlé*, prend feu, batterie qui gonfle, étincelle*, rappel produit, blessé*",
        "dangerous, burnt, caught fire, swollen battery, spark*, product recall, injured",
    ),
    "privacy": (
        "données personnelles, rgpd, cnil, newsletter, spam, désinscri*, mes données",
        "personal data, gdpr, privacy, newsletter, data breach, my data",
    ),
    "counterfeit": (
        "contrefaçon*, faux compte, arnaque*, escroc*, usurp*, faux site, phishing",
        "counterfeit, fake account, scam*, fraud*, fake site, phishing, rip off",
    ),
    "press": (
        "journaliste*, article de presse, interview*, communiqué, reportage, dossier de presse",
        "journalist*, press kit, interview*, press release, reporter*, media request",
    ),
    "partnership": (
        "partenariat*, collab*, influenc*, sponsor*, ambassadeur*, placement de produit",
        "partnership*, collab*, influenc*, sponsor*, ambassador*, affiliate",
    ),
    "recruitment": (
        "recrut*, stage, cv, candidature*, embauche*, alternance, offre d'emploi",
        "hiring, internship*, resume, job offer*, career*, vacancy, apprentice*",
    ),
    "ecology": (
        "écolog*, plastique*, emballage*, recycl*, empreinte carbone, made in france, éthique",
        "eco, plastic*, packaging, recycl*, carbon footprint, greenwashing, sustainab*",
    ),
    "customer service": (
        "service client, personne ne répond, injoignable*, attente au téléphone, hotline, conseill*, standard",
        "customer service, no answer, nobody answers, on hold, helpline, agent, call centre",
    ),
    "legal": (
        "avocat*, tribunal, mise en demeure, plainte, dgccrf, signal conso, 60 millions de consommateurs",
        "lawyer*, court, legal action, trading standards, small claims, ombudsman, sue",
    ),
}

_PATTERNS = {
    "names an order": ("(?:commande|order|n°)\\s?:?\\s?#?\\d{5,10}", 'label = "complaint"'),
    "names an invoice": ("\\b(?:facture|invoice)\\s(?:n°)?\\s?[A-Z]{0,3}-?\\d{4,8}", 'lang = ["fr", "en"]'),
    "tracking number": ("\\b[A-Z]{2}\\d{9}[A-Z]{2}\\b", 'label = "complaint"'),
    "a phone number": ("\\b0[1-9][ .-]?\\d\\d[ .-]?\\d\\d[ .-]?\\d\\d[ .-]?\\d\\d\\b", 'visibility = "public"'),
    "an amount": ("\\d+(?:[.,]\\d\\d)?\\s?(?:€|euros?\\b|eur\\b)", 'label = ["complaint", "sales_lead"]'),
    "weeks of waiting": ("\\b\\d+\\s+(?:semaines|weeks|mois|months)\\b", 'label = "complaint"'),
    "percent off": ("-?\\d{1,2}\\s?%", 'not = { label = "complaint" }'),
    "shouts": ("!{3,}", 'label = ["complaint", "offensive"]'),
    "asks again": ("\\b(?:toujours pas|still no|still not)\\b", 'signal = "question"'),
    "version of the application": ("\\bv(?:ersion)?\\s?\\d+\\.\\d+", 'label = "complaint"'),
    "promo code": ("\\bcode\\s+[A-Z0-9]{4,12}\\b", 'not = { channel = "import" }'),
    "a card number": ("\\b\\d{4}[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}\\b", 'visibility = "public"'),
}

_WHENS = {
    "perhaps a threat": '{ unsure = true, severity_at_least = "critical" }',
    "not sure": "{ unsure = true }",
    "critical offence": '{ label = "offensive", severity_at_least = "critical" }',
    "grave offence": '{ label = "offensive", severity_at_least = "high" }',
    "insult to a person": '{ label = "offensive", target = ["person", "group"] }',
    "rough words": '{ label = "offensive", not = { label = "complaint" } }',
    "offence in a complaint": '{ all = [{ label = "complaint" }, { label = "offensive" }] }',
    "spam": '{ signal = { name = "spam", at_least = 0.8 }, not = { label = "complaint" } }',
    "pasted everywhere": '{ repeated = 5, not = { label = "complaint" } }',
    "raid": '{ repeated = 20, kind = ["comment", "thread_reply"] }',
    "link from a stranger": "{ links = true, contact = { first_message = true } }",
    "link in a comment": '{ links = true, kind = "comment", not = { label = ["complaint", "praise"] } }',
    "again and again": '{ label = "complaint", contact = { messages_at_least = 3, within = "7d" } }',
    "known for it": '{ label = "offensive", contact = { sanctions_at_least = 2, within = "30d" } }',
    "sanctioned lately": '{ contact = { sanctions_at_least = 1, within = "7d" }, not = { label = "complaint" } }',
    "regular customer": '{ contact = { tag = ["vip", "press"] } }',
    "vip complains": '{ label = "complaint", contact = { tag = "vip" } }',
    "press at night": '{ contact = { tag = "press" }, sent_between = "22:00-07:00" }',
    "urgent at night": '{ signal = { name = "urgent", at_least = 0.7 }, sent_between = "22:00-07:00" }',
    "lunch": '{ label = "sales_lead", sent_between = "12:00-14:00" }',
    "private while closed": '{ open_hours = false, visibility = "private", not = { label = "complaint" } }',
    "urgent while closed": '{ open_hours = false, signal = "urgent" }',
    "questions in a crisis": '{ crisis = true, signal = "question", not = { label = "complaint" } }',
    "complaints in a crisis": '{ crisis = true, label = "complaint" }',
    "sure praise": '{ label = "praise", confidence_at_least = 0.95, not = { label = ["complaint", "offensive"] } }',
    "sure lead": '{ label = "sales_lead", confidence_at_least = 0.9 }',
    "sure complaint": '{ label = "complaint", confidence_at_least = 0.95, visibility = "public" }',
    "mail first": '{ channel = ["mail", "webhook"] }',
    "English desk": '{ lang = "en", not = { channel = "import" } }',
    "other languages": '{ not = { lang = ["fr", "en"] } }',
    "reviews": '{ kind = "review" }',
    "mentions of us": '{ kind = "mention", not = { label = "offensive" } }',
    "pictures": '{ kind = "no_text" }',
    "praise and complaint": '{ all = [{ label = "praise" }, { label = "complaint" }] }',
    "needs a quick look": '{ any = [{ signal = "urgent" }, { label = "complaint", kind = "review" }] }',
    "shops, not parcels": (
        '{ any = [{ words = ["boutique*", "store*"] }, { words = ["magasin*"] }], '
        'not = { words = ["colis", "parcel*"] } }'
    ),
    "thanks alone": '{ label = "praise", not = { any = [{ signal = "question" }, { words = ["mais", "but"] }] } }',
    "suggestion": '{ signal = "suggestion" }',
}


def large_book() -> str:
    """The book, as TOML: five rules for each subject, a dozen expressions, and what is asked of everything."""
    rules = [*_of_everything(), *_of_subjects()]
    assert len(rules) == N_RULES
    return "\n".join(rules)


_QUEUES = {
    "moderation": (
        "perhaps a threat",
        "critical offence",
        "grave offence",
        "insult to a person",
        "known for it",
        "raid",
    ),
    "review": ("not sure", "spam", "pasted everywhere", "link from a stranger", "link in a comment", "pictures"),
    "vip": ("regular customer", "vip complains"),
    "reviews": ("reviews",),
}
_PRIORITIES = {
    "urgent": ("urgent at night", "complaints in a crisis", "press at night"),
    "high": ("mail first", "again and again", "needs a quick look", "urgent while closed", "sure complaint"),
    "low": ("questions in a crisis", "thanks alone"),
}
"""What is asked for where a rule stands in neither: a tag of its own name."""


def _then_of_everything(name: str) -> str:
    for queue, names in _QUEUES.items():
        if name in names:
            return f'[{{ action = "queue", queue = "{queue}" }}]'
    for level, names in _PRIORITIES.items():
        if name in names:
            return f'[{{ action = "priority", level = "{level}" }}]'
    return f'[{{ action = "tag", tag = "{name}" }}]'


def _of_everything() -> Iterator[str]:
    for name, when in _WHENS.items():
        yield _rule(name, when, _then_of_everything(name), stop=name in {"critical offence", "pasted everywhere"})
    for name, (pattern, beside) in _PATTERNS.items():
        yield _rule(name, f"{{ {beside}, pattern = '{pattern}' }}", f'[{{ action = "tag", tag = "{name}" }}]')


def _of_subjects() -> Iterator[str]:
    for number, (name, (french, english)) in enumerate(SUBJECTS.items()):
        both = _listed(french, english)
        escalate = (
            f'[{{ action = "escalate", queue = "customer-service" }}, {{ action = "draft", response = "r{number}" }}]'
        )
        draft = f'[{{ action = "draft", response = "q{number}" }}]'
        complaint = '{{ label = "complaint", lang = {lang}, words = {words} }}'
        yield _rule(f"{name}, French", complaint.format(lang='"fr"', words=_listed(french)), escalate, stop=True)
        yield _rule(f"{name}, English", complaint.format(lang='"en"', words=_listed(english)), escalate, stop=True)
        yield _rule(f"{name}, asked", f'{{ signal = "question", words = {both} }}', draft)
        yield _rule(
            f"{name}, bought",
            f'{{ label = "sales_lead", words = {both}, not = {{ channel = "import" }} }}',
            '[{ action = "lead" }]',
            mode="shadow" if number % 3 == 0 else "draft",
        )
        yield _rule(f"{name}, said", f"{{ words = {both} }}", f'[{{ action = "tag", tag = "{name}" }}]')


def _listed(*words: str) -> str:
    return json.dumps([word.strip() for some in words for word in some.split(",")], ensure_ascii=False)


def _rule(name: str, when: str, then: str, *, mode: str = "draft", stop: bool = False) -> str:
    lines = [f'name = "{name}"', f"when = {when}", f"then = {then}", f'mode = "{mode}"', f"stop = {str(stop).lower()}"]
    return "\n".join(["[[rule]]", *lines, ""])
