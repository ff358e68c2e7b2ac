"""Polarity: no apology for praise, no thanks for a complaint or an attack."""

from __future__ import annotations

from collections.abc import Iterator

from inbox.checks.context import Checks, Context
from inbox.checks.finding import at, on_the_whole
from inbox.checks.prose import Phrases
from inbox.findings import CheckKind, Finding
from inbox.model import Label
from inbox.responses import Polarity
from inbox.sentences import Sentence

_SORRY = Phrases("""
    desole*; navre*; confus; confuse; nos excuses; mes excuses; nos plus sinceres excuses; excusez-nous;
    excusez-moi; nous excuser; m'excuser; pardon; pardonnez*; nous regrettons; je regrette; nos regrets; sorry;
    apolog*; we regret; i regret; forgive us; forgive me; our regrets
""")
_DELIGHT = Phrases("""
    merci pour votre gentil*; merci pour vos gentil*; merci pour ce gentil*; merci pour ces gentil*; merci pour cet
    adorable; merci pour votre adorable; merci pour votre enthousiasme; merci pour cet enthousiasme; merci pour vos
    encouragements; merci pour ces encouragements; merci pour votre compliment; merci pour ce compliment; merci pour
    vos compliments; merci pour ces compliments; merci pour votre retour positif; merci pour ce retour positif;
    merci pour ce beau*; merci pour votre beau*; merci pour votre soutien; merci pour ce soutien; merci pour les
    fleurs; de votre gentil message; de votre soutien; ravi* de vous lire; ravi* que; heureux que cela; heureux que
    ca; heureux que vous; heureuse que vous; heureuses que vous; content* que; enchante* que; quel plaisir de vous
    lire; ca fait plaisir; ca nous fait plaisir; cela fait plaisir; cela nous fait plaisir; fait tres plaisir; fait
    vraiment plaisir; fait tellement plaisir; fait chaud au coeur; vos compliments; vos mots nous touchent; votre
    message nous touche; touches par votre message; touches par vos mots; vous nous comblez; a tres vite chez nous;
    thank you for your kind*; thanks for your kind*; thank you for the kind*; thanks for the kind*; thank you for
    such kind*; thank you for the love; thanks for the love; thank you for your support; thanks for your support;
    thank you for the compliment*; thanks for the compliment*; thank you for your enthusiasm; glad you; glad that
    you; glad it's; glad it is; glad to hear; happy you; happy that you; happy to hear; delighted you; delighted
    that; delighted to hear; thrilled you; thrilled that; thrilled to hear; made our day; made my day; made the
    whole team smile; lovely to read; great to hear; wonderful to hear; how kind of you; so kind of you; you're too
    kind; means a lot to us; means the world to us; appreciate your kind*
""")
_GRATITUDE = Phrases("""
    merci pour votre message; merci pour votre retour; merci pour votre avis; merci pour votre commentaire; merci
    pour votre fidelite; merci pour votre confiance; merci pour votre partage; merci pour votre contribution; merci
    pour votre temps; merci pour ce message; merci pour ce retour; merci pour ce commentaire; merci pour cet avis;
    merci de votre message; merci de votre retour; merci de votre fidelite; merci de votre confiance; merci de nous
    suivre; merci de nous ecrire; merci d'avoir pris le temps; merci beaucoup; merci infiniment; merci a vous; mille
    mercis; un grand merci; mille fois merci; nous vous remercions pour; nous vous remercions de votre; je vous
    remercie pour; je vous remercie de votre; thank you for your message; thank you for your feedback; thank you for
    your comment; thank you for your review; thank you for your loyalty; thank you for your trust; thank you for
    your time; thank you for this; thank you for sharing; thank you for reaching out; thank you for contacting;
    thank you for writing; thank you for taking the time; thanks for your message; thanks for your feedback; thanks
    for your comment; thanks for your review; thanks for this; thanks for sharing; thanks for reaching out; thanks
    for writing; thanks for following; thank you for following; thank you so much; thanks so much; thank you very
    much; thanks a lot; many thanks; we appreciate your
""")


def check_polarity(text: str, context: Context, checks: Checks) -> Iterator[Finding]:
    """A finding where words, or the response they come from, do not suit what they answer."""
    labels = set(context.labels)
    if Label.OFFENSIVE in labels:
        yield from _thanks(
            text, context, checks, Sentence("The message offends: it is not thanked for."), (_DELIGHT, _GRATITUDE)
        )
    elif labels >= {Label.PRAISE, Label.COMPLAINT}:
        if not _SORRY.stand_in(text):
            says = Sentence("The message complains as well as it praises: thanks alone do not answer it.")
            yield from _thanks(text, context, checks, says, (_DELIGHT,))
    elif Label.COMPLAINT in labels:
        yield from _thanks(
            text, context, checks, Sentence("The message complains: it is not thanked for like praise."), (_DELIGHT,)
        )
    elif Label.PRAISE in labels:
        yield from _apology(text, context, checks)


def _thanks(
    text: str, context: Context, checks: Checks, says: Sentence, lists: tuple[Phrases, ...]
) -> Iterator[Finding]:
    places = sorted(place for phrases in lists for place in phrases.places(text))
    if places:
        yield at(CheckKind.POLARITY, checks, text, places[0], says)
    elif context.polarity is Polarity.THANKS:
        yield on_the_whole(CheckKind.POLARITY, checks, says)


def _apology(text: str, context: Context, checks: Checks) -> Iterator[Finding]:
    says = Sentence("The message praises: there is nothing to apologise for.")
    place = next(_SORRY.places(text), None)
    if place is not None:
        yield at(CheckKind.POLARITY, checks, text, place, says)
    elif context.polarity is Polarity.APOLOGY:
        yield on_the_whole(CheckKind.POLARITY, checks, says)
