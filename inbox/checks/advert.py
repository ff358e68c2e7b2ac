"""Words of an advertisement, which a reply to somebody who has written is no place for."""

from __future__ import annotations

from collections.abc import Iterator

from inbox.checks.context import Checks
from inbox.checks.finding import at
from inbox.checks.prose import Phrases
from inbox.findings import CheckKind, Finding
from inbox.sentences import Sentence

_ADVERT = Phrases("""
    offre exclusive; offres exclusives; offre speciale; offres speciales; offre imperdable; offre exceptionnelle;
    profitez-en; profitez vite; profitez de nos offres; profitez de notre offre; profitez de nos promotions;
    meilleur prix; meilleurs prix; prix imbattable*; prix casse*; incontournable*; imperdable*; leader du marche;
    numero un du marche; n'attendez plus; n'attendez pas; cliquez ici; cliquez vite; achetez maintenant; achetez
    vite; commandez vite; commandez des maintenant; code promo; stock limite; stocks limites; quantites limitees;
    derniere chance; ventes flash; vente flash; ne manquez pas; ne ratez pas; buy now; special offer*; exclusive
    offer*; exclusive deal*; limited offer*; limited time; limited stock; best price*; lowest price*; unbeatable;
    don't miss; don’t miss; hurry up; order now; shop now; click here; last chance; flash sale*; promo code*;
    discount code*; act now; while stocks last; market leader; number one brand; game changer; once in a lifetime;
    must have
""")


def check_advert(text: str, checks: Checks) -> Iterator[Finding]:
    """A finding for each phrase of an advertisement."""
    for place in _ADVERT.places(text):
        yield at(
            CheckKind.ADVERT,
            checks,
            text,
            place,
            Sentence("“{words}” reads like an advertisement. Say what helps this person."),
        )
