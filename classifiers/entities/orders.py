"""Numbers that a company gives to an order, a parcel, a ticket, a file, a contract or an invoice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from classifiers.entities.reading import Pattern, Reading, Tongue, has_figures, words
from inbox.entities import Entity, EntityKind

_CUES = words("""
    commande commandes cmd cmde cde order orders suivi tracking ticket tickets dossier dossiers contrat contrats
    contract contracts facture factures invoice invoices reservation booking resa reference references ref refs
    devis rma
    """)
"""Words after which a number needs no more to be one of ours."""

_WEAK_CUES = words("""
    colis parcel package shipment consignment expedition livraison delivery retour return achat purchase
    confirmation case claim reclamation incident demande request sav abonnement subscription billet avoir bordereau
    transaction intervention policy police sinistre
    """)
"""Words after which a number needs "n°", "number" or the like."""

_MARKERS = words("no nos nr num nums numero numeros number numbers # ref refs reference references id tracking")
_ABBREVIATIONS = {"no", "nos", "n", "nr", "num", "ref", "refs", "cmd", "cmde", "cde", "resa"}
_FILLERS = words(
    ": ( ) . ' \" « » - = le la c est etait code s is was are sont it its the my ma mon votre your porte et"
)
_OF = words("de d du des ma mon la le l ' of my the your this cette ce votre")
_AND = {"et", "and", "&", ",", "ou", "or", "+"}

_UNITS = words("""
    € $ £ % ° eur euro euros balles quid dollars pounds bucks km m cm mm kg g mg l ml cl h heures heure hours min
    minutes jours jour days semaines weeks mois months ans years fois times x pcs go gb mo mb tb w kw kwh v mah px
    cal kcal personnes people points pts am pm er e eme th st nd rd k
    """)
"""What follows a count or a measure, never a number that names something."""

_JOINERS = {"-", "/", "_"}
_MEASURE = re.compile(
    r"[0-9]+(?:x|h|kg|g|km|cm|mm|m|ml|cl|l|go|gb|mo|mb|to|w|kw|v|mah|eme|e|er|th|st|nd|rd|k|p|px|pcs|ans|j|min|s|d|hz)"
    r"|[0-9]+x[0-9]+(?:x[0-9]+)?|[0-9]{1,2}h[0-9]{2}|v[0-9]+",
    re.IGNORECASE,
)
_DATE = re.compile(r"[0-3]?[0-9]([-/])(?:0?[1-9]|1[0-2])(?:\1(?:[0-9]{4}|[0-9]{2}))?|20[0-9]{2}-[01][0-9]-[0-3][0-9]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:[-/](?:19|20)?[0-9]{2})?")
_CLEAR = re.compile(
    r"(?<![\w@#/.-])(?:"
    r"[0-9][A-Z][0-9]{11}"  # Colissimo
    r"|[A-Z]{2}[0-9]{9}[A-Z]{2}"  # international post, UPU S10
    r"|1Z[0-9A-Z]{16}"  # UPS
    r"|[0-9]{3}-[0-9]{7}-[0-9]{7}"  # Amazon
    r"|(?:CMD|CDE|ORD|ORDER|REF|INV|FAC|FACT|TKT|TICKET|SAV|RMA)[-_]?[0-9][0-9-]{2,18}[0-9]"
    r"|#(?:[0-9]{5,12}|[A-Z]{1,2}[0-9]{5,12}|[A-Z]{1,3}-[0-9]{3,12}))(?![\w]|[-/.,][0-9])"
)
"""Shapes that nothing else has, found without a word beside them."""

_WORDS_AFTER = words("tjs tjrs pas plus jamais toujours depuis mais dans sans chez vous nous is was has does s as sous")
_FAR = 10
_LONGEST = 40
_GROUP = range(3, 5)


class Claim(NamedTuple):
    """A number found, and whether its words or its shape leave no doubt."""

    entity: Entity
    is_sure: bool


class Orders:
    """Finds the numbers that texts give for orders and the like."""

    def __init__(self, tongue: Tongue) -> None:
        cue, weak = tongue.flag(_CUES), tongue.flag(_WEAK_CUES)
        marker, degree = tongue.flag(_MARKERS), tongue.flag({"°", "º"})
        filler, of = tongue.flag(_FILLERS | _MARKERS | _CUES | {"n", "°", "colis"}), tongue.flag(_OF)
        tongue.know({"n"})
        fillers: Pattern = [{filler: True, "OP": "{0,7}"}]
        numbers: list[Pattern] = [[{marker: True}], [{"ORTH": "n"}, {degree: True}]]
        cues: list[Pattern] = [[{cue: True}], [{weak: True}]]
        ofs: Pattern = [{of: True, "OP": "{0,3}"}]
        self._matches = tongue.matches(
            {
                "cue": [[*one, *fillers] for one in cues],
                "number of": [[*number, *ofs, *one, *fillers] for number in numbers for one in cues],
                "number": [[*number, *fillers] for number in numbers],
            }
        )

    def find(self, reading: Reading) -> Iterator[Claim]:
        """The numbers in a text; values in capitals, without spaces."""
        if not has_figures(reading.text):
            return
        for found in _CLEAR.finditer(reading.text):
            start = found.start() + (found.group()[0] == "#")
            yield Claim(_entity(reading.text, start, found.end()), is_sure=True)
        for how, first, end in self._matches(reading):
            if not self._is_cue(reading, first, end, how):
                continue
            marked = how != "cue" or _is_marked(reading, first + (reading.form(first) in _WEAK_CUES), end)
            if how == "cue" and reading.form(first) in _WEAK_CUES and not marked:
                continue
            yield from self._numbers(reading, end, marked=marked, sure=marked and how != "number")

    def _is_cue(self, reading: Reading, first: int, end: int, how: str) -> bool:
        """Whether the words before a number name an order, rather than say that something was ordered."""
        if how == "number":
            near = range(max(0, first - _FAR), first)
            if not any(reading.form(at) in _CUES | _WEAK_CUES and not _is_done(reading, at) for at in near):
                return False
        if reading.form(first - 1) in {"@", "/"} or (reading.form(first - 1) == "#" and reading.is_glued(first)):
            return False
        if how == "cue" and _is_done(reading, first):
            return False
        # A full stop ends a sentence, unless it ends an abbreviation.
        return not any(
            reading.form(at) == "." and reading.form(at - 1) not in _ABBREVIATIONS for at in range(first, end)
        )

    def _numbers(self, reading: Reading, at: int, *, marked: bool, sure: bool) -> Iterator[Claim]:
        """The number at a token, and those of the same shape joined to it."""
        end = _number_end(reading, at, marked=marked)
        if end is None:
            return
        yield Claim(_entity(reading.text, reading.starts[at], reading.ends[end - 1]), is_sure=sure)
        shape = _shape(reading, at, end)
        while reading.form(end) in _AND:
            at = end + 1
            while reading.form(at) in {"#", "n", "°", "no", *_AND}:
                at += 1
            end_of_next = _number_end(reading, at, marked=True)
            if end_of_next is None or _shape(reading, at, end_of_next) != shape:
                return
            end = end_of_next
            yield Claim(_entity(reading.text, reading.starts[at], reading.ends[end - 1]), is_sure=sure)


def _is_done(reading: Reading, at: int) -> bool:
    """Whether a cue is a participle after all: "commandé" folds to "commande"."""
    return reading.written(at).lower().endswith(("é", "és", "ée", "ées"))


def _is_marked(reading: Reading, first: int, end: int) -> bool:
    forms = reading.forms[first:end]
    return any(form in _MARKERS for form in forms) or "°" in forms


def _number_end(reading: Reading, at: int, *, marked: bool) -> int | None:
    """Where the number that begins at a token ends; None where it is none, or names something else."""
    end = at
    while end < len(reading) and (end == at or reading.is_glued(end)):
        form = reading.form(end)
        joins = form in _JOINERS and end > at and reading.is_glued(end + 1) and _is_piece(reading.form(end + 1))
        if not (joins or _is_piece(form)):
            break
        end += 1
    if end == at:
        return None
    written = reading.text[reading.starts[at] : reading.ends[end - 1]]
    if written.isdecimal() and not (not marked and _YEAR.fullmatch(written)):
        end = _with_groups(reading, end, digits=len(written))
        written = reading.text[reading.starts[at] : reading.ends[end - 1]]
    if _leads_on(reading, end) or reading.form(end) in _UNITS or _MEASURE.fullmatch(written):
        return None
    return end if _is_number(reading, written.replace(" ", ""), end, marked=marked) else None


def _is_piece(form: str) -> bool:
    return form.isascii() and form.isalnum()


def _with_groups(reading: Reading, end: int, *, digits: int) -> int:
    """The end of a number written in groups of three or four digits."""
    while digits <= 12 and len(reading.form(end)) in _GROUP and reading.form(end).isdecimal():
        if _YEAR.fullmatch(reading.form(end)) or _leads_on(reading, end + 1) or reading.form(end + 1) in _UNITS:
            break
        if reading.starts[end] != reading.ends[end - 1] + 1:
            break
        digits += len(reading.form(end))
        end += 1
    return end


def _leads_on(reading: Reading, end: int) -> bool:
    """Whether what follows without a blank makes the number a part of something longer."""
    if not reading.is_glued(end):
        return False
    sign = reading.form(end)
    return sign in {"@", "€", "$", "£", "%", "°", "+", "*"} or (
        sign in {".", ",", ":", "/", "'", "-"} and reading.is_glued(end + 1) and reading.form(end + 1)[0].isalnum()
    )


def _is_number(reading: Reading, written: str, end: int, *, marked: bool) -> bool:
    digits = sum(sign in "0123456789" for sign in written)
    is_blank = not written.strip("0-/_")
    if is_blank or not digits or len(written) == 1 or len(written) > _LONGEST or _DATE.fullmatch(written):
        return False
    if marked:
        return digits >= 2
    if written.isdecimal():
        return _is_bare_number(reading, written, end)
    if _YEAR.fullmatch(written):
        return False
    pieces = re.split("[-/_]", written)
    if len(pieces) == 1:
        # An article has a name and a few figures too: "RTX4090", "covid19".
        return digits >= 5 or re.fullmatch("[A-Z]{1,2}[0-9]{4,}", written) is not None
    pure = all(piece.isdecimal() or piece.isalpha() for piece in pieces)
    return digits >= 3 and pure and (pieces[0].isdecimal() or digits >= 5 or len(pieces) > 2) and len(written) >= 5


def _is_bare_number(reading: Reading, written: str, end: int) -> bool:
    """Whether figures alone after a cue name something: no year, no round count, no count of the things that follow."""
    if len(written) < 4 or _YEAR.fullmatch(written):
        return False
    if int(written) % 50 == 0:
        return False
    after = reading.form(end)
    is_counted = after.endswith(("s", "x")) and after not in _WORDS_AFTER
    return len(written) > 5 or not is_counted


def _shape(reading: Reading, at: int, end: int) -> str:
    return re.sub("[A-Za-z]", "a", re.sub("[0-9]", "9", reading.text[reading.starts[at] : reading.ends[end - 1]]))


def _entity(text: str, start: int, end: int) -> Entity:
    written = text[start:end]
    return Entity(EntityKind.ORDER_NUMBER, written, start, end, "".join(written.split()).upper())
