"""Where labelled text may come from, under which licence, and whether it may shape the shipped model.

A file not named here is never trained on unless the caller says so.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One named set of labelled texts.

    `trains` says whether it may shape the shipped model. `weight` is how much one of its rows counts, `at_most` how
    many rows of one language and combination of labels are taken. `matches` says that its messages are like those the
    model will read, so that thresholds may be set on it.
    """

    name: str
    licence: str
    credit: str
    trains: bool
    weight: float = 0.15
    at_most: int = 2000
    matches: bool = False


OWN = "vigie"
"""The prefix of our own corpora's names, as in `vigie/fr-brands`."""

YOURS = "own"
"""The prefix of what a reader gives by name to learn from, as in `own/march`."""

_OUR_LICENCE = "Apache-2.0"
_OUR_CREDIT = "written for Vigie"


_OUR_KINDS = (
    "brands",
    "chats",
    "community",
    "functions",
    "hostility",
    "leads",
    "nuances",
    "reviews",
    "service",
    "situations",
)


def _ours(stem: str) -> Source:
    return Source(f"{OWN}/{stem}", _OUR_LICENCE, _OUR_CREDIT, trains=True, weight=6.0, at_most=100_000, matches=True)


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        *(_ours(f"{lang}-{kind}") for lang in ("fr", "en") for kind in _OUR_KINDS),
        Source("vigie/disguised", _OUR_LICENCE, _OUR_CREDIT, trains=True, weight=1.0),
        Source("vigie/plain", _OUR_LICENCE, _OUR_CREDIT, trains=True, weight=15.0),
        Source("vigie/neutral", _OUR_LICENCE, _OUR_CREDIT, trains=True, weight=10.0, at_most=10_000),
        Source("vigie/signs", _OUR_LICENCE, _OUR_CREDIT, trains=True, weight=1.0),
        Source("minibar_app_reviews", "MIT", "Mini-BAR, J. Wei et al.", trains=True, at_most=6000, weight=0.6),
        Source("davidson_en", "MIT", "Davidson, Warmsley, Macy and Weber 2017", trains=True, at_most=6000, weight=0.45),
        Source("mlma_fr_en", "MIT", "MLMA, Ousidhoum et al. 2019", trains=True, weight=0.22, at_most=3600),
        Source("ftr_racism_fr", "MIT", "FTR, Vanetik and Mimoun 2022", trains=True, weight=0.22, at_most=1800),
        Source("tgspam_en", "MIT", "tg-spam, U. Umputun", trains=True, at_most=6000, weight=3),
        Source(
            "umsab_fr_en", "Apache-2.0", "UMSAB of XLM-T, Barbieri et al. 2022", trains=True, weight=0.3, at_most=4500
        ),
        Source(
            "goemotions_en",
            "Apache-2.0; data CC BY 4.0",
            "GoEmotions, Demszky et al. 2020",
            trains=True,
            weight=0.22,
            at_most=7500,
        ),
        Source("edos_sexism_en", "CC0-1.0", "EDOS, Kirk et al. 2023", trains=True, weight=0.22, at_most=3600),
        Source("toxic_spans_en", "CC0-1.0", "SemEval-2021 toxic spans", trains=True, weight=0.22, at_most=4500),
        Source("nlupp_en", "CC BY 4.0", "NLU++, PolyAI, Casanueva et al. 2022", trains=True, at_most=6000, weight=0.45),
        Source(
            "purchase_intent_tweets_en",
            "MIT",
            "H. Imran, purchase-intention tweets",
            trains=True,
            at_most=6000,
            weight=0.3,
        ),
        Source("cyberagression_fr", "CC BY-NC 4.0", "CyberAgressionAdo-Large, A. Ollagnier", trains=False),
        Source("hint3_curekart_powerplay_en", "ODbL 1.0", "HINT3, Haptik", trains=False),
        Source("bitext_en", "CDLA-Sharing-1.0", "Bitext", trains=False),
        Source("olid_train_en", "none stated", "OLID, Zampieri et al. 2019", trains=False),
        Source("tweeteval_sentiment_en", "unclear", "TweetEval, SemEval-2017 task 4", trains=False),
        Source("sms_spam_en", "unconfirmed", "SMS Spam Corpus v0.1", trains=False),
    )
}


def may_train(name: str, *, unknown_too: bool = False) -> bool:
    """Whether rows of a source may shape a model; `unknown_too` admits sources that nobody has named."""
    source = SOURCES.get(name)
    if source is None:
        return unknown_too or name.startswith(f"{YOURS}/")
    return source.trains


def source_named(name: str) -> Source:
    """What is known of a source; an unnamed one is taken at its word, as if it were the reader's own.

    What the reader has given by name counts for as much as our own corpora do.
    """
    if name.startswith(f"{YOURS}/"):
        return Source(name, "your own", "your own", trains=True, weight=6.0, at_most=100_000, matches=True)
    return SOURCES.get(name) or Source(name, "not stated", "not stated", trains=False, weight=1.0, matches=True)
