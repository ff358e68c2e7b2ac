"""Days that a text names: written out, in figures, or by their place in the week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from classifiers.entities.reading import Pattern, Reading, Tongue, has_figures, words
from inbox.entities import Entity, EntityKind


def _numbered(listed: str) -> dict[str, int]:
    """Words in groups, each group on its number from 1."""
    return {word: number for number, group in enumerate(listed.split("|"), start=1) for word in group.split()}


_MONTHS = {
    "fr": _numbered(
        "janvier janv jan|fevrier fevr fev|mars|avril avr|mai|juin|juillet juil|aout|septembre sept|octobre oct"
        "|novembre nov|decembre dec"
    ),
    "en": _numbered(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
        "|october oct|november nov|december dec"
    ),
}
_DOUBTFUL_MONTHS = {"fr": {"mars"}, "en": {"may", "march", "mar", "jan"}}
"""Months that mean something else too: a snack, a verb, a name."""

_WEEKDAYS = {
    "fr": _numbered("lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"),
    "en": _numbered("monday|tuesday|wednesday|thursday|friday|saturday|sunday"),
}
_SHORT_WEEKDAYS = {
    "fr": _numbered("lun|mar|mer|jeu|ven|sam|dim"),
    "en": _numbered("mon|tue tues|wed|thu thur thurs|fri|sat|sun"),
}
"""Short forms, which count only beside a day and a month: most are words of their own."""

_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NOT_DAYS = {
    "fr": {("black", "friday"), ("mardi", "gras"), ("vendredi", "saint"), ("jeudi", "noir"), ("lundi", "vert")},
    "en": {
        *(("black", day) for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "sunday")),
        *((word, "friday") for word in ("good", "casual", "freaky", "mad")),
        *((word, "monday") for word in ("cyber", "blue", "happy", "manic", "easter")),
        *((word, "tuesday") for word in ("taco", "ruby", "shrove", "super")),
        *((word, "wednesday") for word in ("ash",)),
        *((word, "sunday") for word in ("palm", "easter", "bloody", "super")),
        *(("sunday", word) for word in ("roast", "best", "league")),
    },
}
"""A day of the week in the name of something else."""

_NEXT = {"fr": {"prochain", "prochaine"}, "en": {"next"}}
_LAST = {"fr": {"dernier", "derniere", "passe"}, "en": {"last"}}
_RELATIVE: Mapping[str, Mapping[tuple[str, ...], int]] = {
    "fr": {("aujourd", "'", "hui"): 0, ("demain",): 1, ("hier",): -1},
    "en": {("today",): 0, ("tomorrow",): 1, ("yesterday",): -1},
}
_FARTHER: Mapping[str, Mapping[tuple[str, ...], int]] = {
    "fr": {
        ("apres", "-", "demain"): 2,
        ("apres", "demain"): 2,
        ("avant", "-", "hier"): -2,
        ("avant", "hier"): -2,
    },
    "en": {
        ("the", "day", "after", "tomorrow"): 2,
        ("day", "after", "tomorrow"): 2,
        ("the", "day", "before", "yesterday"): -2,
        ("day", "before", "yesterday"): -2,
    },
}

_DATING = {
    "fr": words("le du au des depuis avant jusqu jusque vers ce"),
    "en": words("on by since until till before from after the of to due"),
}
"""Words that a date follows."""

_IN_MONTH = {
    "fr": words("en debut fin mi mois courant depuis avant d' d"),
    "en": words("in since until by last next early late mid before"),
}
"""Words that a month follows which stands alone."""

_PARTS = {"mois", "debut", "fin", "courant", "end", "beginning", "start", "middle", "month"}
"""Words that "of" and a month follow."""

_EACH = words("le du les un chaque premier every each any a my our first third")
_TO = {"-", "to", "through", "thru", "till", "until", "au", "a", "/"}

_BEFORE_BARE_DAY = words("""
    commande commandee commandes recu recue recus livre livree livraison prevu prevue annonce annoncee promis
    promise attendu attendue arrive arrivee expedie expediee envoye envoyee parti partie passe passee avant apres
    depuis achete achetee rdv rendez vous paye payee debite debitee preleve prelevee facture retourne retournee
    rendu
    """)
"""French words after which "le 3" is a day."""

_AFTER_BARE_DAY = words("""
    et mais a au pour on je j c il elle toujours rien pas matin soir midi ou car donc que qui sans en ca avec puis
    and but at for i it still nothing or because so we they please or to with morning evening
    """)
"""Words after which the number before was a day, and no count of things."""

_DIVIDED = re.compile(
    r"(?<![\w/.,:#-])(?:(?P<iso>[0-9]{4}(?P<mark>[-/.])[0-9]{1,2}(?P=mark)[0-9]{1,2})"
    r"|(?P<whole>[0-9]{1,2}(?P<sign>[-/.])[0-9]{1,2}(?P=sign)[0-9]{4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2})"
    r"|(?P<short>[0-9]{1,2}[/.][0-9]{1,2}))(?=T[0-9]{2}:|(?![\w/%€£$-])(?![.,:][0-9]))"
)
_HOUR = {
    "fr": re.compile(
        r"(?:\s?,?\s?(?:à|a|vers|dès|pour|entre|de)\s|\s?,?\s|T)"
        r"(?:(?P<h>[01]?[0-9]|2[0-4])\s?(?:h|heures?|:)(?:\s?(?P<m>[0-5][0-9]))?(?::[0-5][0-9])?|(?P<noon>midi))"
        r"(?![\w:])",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:\s?,?\s?(?:at|around|@|by|from|about)\s?|\s?,?\s|T)"
        r"(?:(?P<h12>1[0-2]|0?[1-9])(?:[:.](?P<m12>[0-5][0-9]))?\s?(?P<half>[ap])\.?m\b\.?"
        r"|(?P<h>[01]?[0-9]|2[0-4]):(?P<m>[0-5][0-9])(?::[0-5][0-9])?|(?P<noon>noon))(?![\w:])",
        re.IGNORECASE,
    ),
}
_DAY_NUMBERS = {"9", "99"}
_ORDINALS = {"fr": {"er", "ere"}, "en": {"st", "nd", "rd", "th"}}


@dataclass(frozen=True, slots=True)
class _Day:
    """What is said of a day."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None

    def is_real(self) -> bool:
        """Whether the calendar has such a day; the 29th of February counts where no year is given."""
        try:
            date(self.year or 2000, self.month or 1, self.day or 1)
        except ValueError:
            return False
        return self.year is None or 1900 <= self.year <= 2100

    def value(self) -> str | None:
        """ISO 8601 where it is complete, else its partial forms: `2026-11`, `--11-28`, `--11`, `---28`, `monday`."""
        match self:
            case _Day(day=None, month=None):
                return _WEEKDAY_NAMES[self.weekday - 1] if self.weekday else None
            case _Day(day=None):
                return f"{self.year}-{self.month:02}" if self.year else f"--{self.month:02}"
            case _Day(month=None):
                return f"---{self.day:02}"
            case _Day(year=None):
                return f"--{self.month:02}-{self.day:02}"
            case _:
                return f"{self.year}-{self.month:02}-{self.day:02}"


class Dates:
    """Finds the days that texts of one language name."""

    def __init__(self, tongue: Tongue, lang: str) -> None:
        self._lang = lang
        self._months = _MONTHS[lang]
        self._weekdays = _WEEKDAYS[lang]
        self._all_weekdays = _SHORT_WEEKDAYS[lang] | self._weekdays
        self._dating = _DATING[lang]
        self._offsets = {**_RELATIVE[lang], **_FARTHER[lang]}
        tongue.know(word for said in self._offsets for word in said)
        self._words = {*self._months, *self._weekdays, *(said[0] for said in self._offsets)}
        self._matches = tongue.matches(self._shapes(tongue))

    def _shapes(self, tongue: Tongue) -> dict[str, list[Pattern]]:
        """How days are written, by what it takes to read them."""
        in_french = self._lang == "fr"
        weekday, any_weekday = tongue.flag(self._weekdays), tongue.flag(self._all_weekdays)
        month, point = tongue.flag(self._months), tongue.flag({".", ","})
        link = tongue.flag({"le", ",", "."} if in_french else {"the", ",", ".", "of"})
        aside = tongue.flag(_NEXT[self._lang] | _LAST[self._lang] | (set() if in_french else {"this"}))
        number, th = {tongue.flag(_DAY_NUMBERS): True}, {tongue.flag(_ORDINALS[self._lang]): True}
        year = {"ORTH": "9999", "OP": "?"}
        the = {"ORTH": "le" if in_french else "the"}
        day: Pattern = [number, th | {"OP": "?"}]
        named: Pattern = [{any_weekday: True, "OP": "?"}, {link: True, "OP": "{0,2}"}]
        maybe_link, maybe_point = {link: True, "OP": "?"}, {point: True, "OP": "?"}
        shapes: dict[str, list[Pattern]] = {
            "day and month": [[*named, *day, maybe_link, {month: True}, maybe_point, year]],
            "named": [[{weekday: True}, *day], [{weekday: True}, the, *day]],
            "weekday": [
                [{weekday: True}],
                [{weekday: True}, {aside: True}] if in_french else [{aside: True}, {weekday: True}],
            ],
            "month": [[{month: True}, year]],
            "bare": [[the, *day]] if in_french else [[the, number, th]],
            "relative": [[{"ORTH": word} for word in said] for said in self._offsets],
        }
        if not in_french:
            shapes["day and month"].append([*named, {month: True}, maybe_point, *day, maybe_point, year])
        return shapes

    def find(self, reading: Reading, said_on: date | None) -> Iterator[Entity]:
        """The days in a text.

        Args:
            reading: The text in tokens.
            said_on: The day it was said, which settles "tomorrow" and "next Tuesday".
        """
        if said_on is not None and not 1 < said_on.year < 9999:
            said_on = None
        if has_figures(reading.text):
            yield from self._divided(reading)
        elif self._words.isdisjoint(reading.forms):
            return
        for how, first, end in self._matches(reading):
            match how:
                case "day and month":
                    yield from self._written(reading, first, end)
                case "named":
                    yield from self._named(reading, first, end)
                case "weekday":
                    yield from self._weekday(reading, first, end, said_on)
                case "month":
                    yield from self._month(reading, first, end)
                case "bare":
                    yield from self._bare(reading, first, end)
                case _:
                    yield from self._relative(reading, first, end, said_on)

    def _written(self, reading: Reading, first: int, end: int) -> Iterator[Entity]:
        """A day with its month in letters."""
        # What links a weekday to its day is no part of a day that has none.
        while reading.form(first) in {"le", "the", ",", ".", "of"}:
            first += 1
        end = self._without_loose_point(reading, first, end)
        found = self._read(reading, range(first, end))
        named = found.weekday is not None and reading.form(first) in self._weekdays
        if found.weekday is not None and not named and not reading.written(first)[0].isupper() and self._lang == "en":
            return
        month_at = next(at for at in range(first, end) if reading.form(at) in self._months)
        if reading.form(month_at) in _DOUBTFUL_MONTHS[self._lang] and not self._surely(
            reading, first, end, month_at, found
        ):
            return
        if found.is_real() and not self._is_amid_figures(reading, first, end):
            yield self._entity(reading, first, end, found)

    def _surely(self, reading: Reading, first: int, end: int, month_at: int, found: _Day) -> bool:
        """Whether a doubtful month is one after all."""
        if found.year or found.weekday or reading.form(first - 1) in self._dating - {"des"}:
            return True
        if self._hour(reading, reading.ends[end - 1]):
            return True
        ordinal = any(reading.form(at) in _ORDINALS[self._lang] for at in range(first, end))
        return self._lang == "en" and reading.written(month_at)[0].isupper() and (ordinal or month_at != first)

    def _named(self, reading: Reading, first: int, end: int) -> Iterator[Entity]:
        """A weekday with the number of its day."""
        found = self._read(reading, range(first, end))
        if found.is_real() and (self._hour(reading, reading.ends[end - 1]) or self._closes(reading, end)):
            yield self._entity(reading, first, end, replace(found, weekday=None))

    def _weekday(self, reading: Reading, first: int, end: int, said_on: date | None) -> Iterator[Entity]:
        at = next(at for at in range(first, end) if reading.form(at) in self._weekdays)
        beside = (reading.form(at - 1), reading.form(at)), (reading.form(at), reading.form(at + 1))
        if any(pair in _NOT_DAYS[self._lang] for pair in beside) or self._is_amid_name(reading, first, end):
            return
        if end - first == 1 and self._is_habit(reading, at):
            return
        weekday = self._weekdays[reading.form(at)]
        said = {reading.form(at) for at in range(first, end)}
        day = None
        if said_on is not None and said & _NEXT[self._lang]:
            day = said_on + timedelta(days=(weekday - said_on.isoweekday() - 1) % 7 + 1)
        elif said_on is not None and said & _LAST[self._lang]:
            day = said_on - timedelta(days=(said_on.isoweekday() - weekday - 1) % 7 + 1)
        known = _Day(day.day, day.month, day.year) if day else _Day(weekday=weekday)
        yield self._entity(reading, first, end, known)

    def _is_habit(self, reading: Reading, at: int) -> bool:
        """Whether a weekday is every such day: "le lundi", "every Monday", "Monday to Friday"."""
        before, after = reading.form(at - 1), reading.form(at + 1)
        leads = after in _TO and reading.form(at + 2) in self._all_weekdays
        follows = before in _TO and reading.form(at - 2) in self._all_weekdays
        return before in _EACH or leads or follows

    def _month(self, reading: Reading, first: int, end: int) -> Iterator[Entity]:
        """A month without a day."""
        before, word = reading.form(first - 1), reading.form(first)
        found = self._read(reading, range(first, end))
        shy = word in _DOUBTFUL_MONTHS[self._lang] and self._lang == "en" and not reading.written(first)[0].isupper()
        short = len(word) <= 3 and word not in {"mai", "may"}
        is_told = before in _IN_MONTH[self._lang] or (before in {"de", "of"} and reading.form(first - 2) in _PARTS)
        if before in {"'", "-"}:
            is_told = reading.form(first - 2) in {"d", "mi", "mid"}
            is_told = is_told and (reading.form(first - 2) != "d" or reading.form(first - 3) in _PARTS)
        if not found.is_real() or self._is_amid_name(reading, first, end):
            return
        if (found.year and not short) or (is_told and not shy and not short and not reading.form(end)[:1].isdigit()):
            yield self._entity(reading, first, end, found)

    def _bare(self, reading: Reading, first: int, end: int) -> Iterator[Entity]:
        """The number of a day alone, where the words on both sides speak of days."""
        before = reading.form(first - 1)
        cued = before in (_BEFORE_BARE_DAY if self._lang == "fr" else self._dating)
        found = self._read(reading, range(first + 1, end))
        if cued and found.is_real() and (self._hour(reading, reading.ends[end - 1]) or self._closes(reading, end)):
            yield self._entity(reading, first + 1, end, found)

    def _relative(self, reading: Reading, first: int, end: int, said_on: date | None) -> Iterator[Entity]:
        offset = self._offsets[tuple(reading.forms[first:end])]
        if self._is_amid_name(reading, first, end):
            return
        day = said_on + timedelta(days=offset) if said_on else None
        yield self._entity(reading, first, end, _Day(day.day, day.month, day.year) if day else _Day())

    def _divided(self, reading: Reading) -> Iterator[Entity]:
        """Days in figures."""
        for found in _DIVIDED.finditer(reading.text):
            numbers = [int(number) for number in re.findall("[0-9]+", found.group())]
            if found["iso"]:
                year, month, day = numbers
                readings = [_Day(day, month, year)]
            elif found["whole"]:
                year = numbers[2] + (2000 if numbers[2] < 100 else 0)
                readings = self._both_ways(numbers[0], numbers[1], year)
            else:
                if not self._is_dated(reading, found.start(), found.end(), numbers):
                    continue
                readings = self._both_ways(numbers[0], numbers[1], None)
            real = [one for one in readings if one.is_real()]
            if real:
                value = real[0] if len(real) == 1 else None
                start = self._with_weekday(reading, found.start())
                yield self._spanning(reading, start, found.end(), value)

    def _both_ways(self, first: int, second: int, year: int | None) -> list[_Day]:
        """French puts the day first; in English either may be, so that most such dates mean two days."""
        readings = [_Day(first, second, year)]
        if self._lang == "en" and first != second:
            readings.append(_Day(second, first, year))
        return readings

    def _is_dated(self, reading: Reading, start: int, end: int, numbers: list[int]) -> bool:
        """Whether two numbers with a stroke are a day and a month rather than a score or a fraction."""
        at = reading.token_at(start)
        before = reading.form(at - 1)
        if numbers[0] == numbers[1] or (numbers[1] in {5, 7} and numbers[0] == 24):
            return False
        if "." in reading.text[start:end]:
            return before in self._all_weekdays or (self._hour(reading, end) is not None and before in self._dating)
        cued = before in (self._dating - {"des", "the", "of", "to", "from", "after"}) or before in self._weekdays
        return cued or (self._lang == "fr" and self._hour(reading, end) is not None)

    def _with_weekday(self, reading: Reading, start: int) -> int:
        at = reading.token_at(start) - 1
        if reading.form(at) in {"le", ",", "the"}:
            at -= 1
        return reading.starts[at] if reading.form(at) in self._weekdays else start

    def _read(self, reading: Reading, places: Iterable[int]) -> _Day:
        found = _Day()
        for at in places:
            form = reading.form(at)
            if form in self._all_weekdays:
                found = replace(found, weekday=self._all_weekdays[form])
            elif form in self._months:
                found = replace(found, month=self._months[form])
            elif form.isdecimal():
                number = int(form)
                found = replace(found, year=number) if len(form) == 4 else replace(found, day=number or 99)
        return found

    def _closes(self, reading: Reading, at: int) -> bool:
        """Whether a number before this token counted nothing: the text ends, a sign comes, or a word that says so."""
        form = reading.form(at)
        if not form or form in _AFTER_BARE_DAY:
            return True
        return (
            not form[0].isalnum()
            and form not in "€$£%/-+'°x*"
            and not (form in ".,:" and reading.is_glued(at) and reading.is_glued(at + 1))
        )

    def _is_amid_name(self, reading: Reading, first: int, end: int) -> bool:
        """Whether the word is a piece of a longer one: an address, a handle, a hashtag."""
        before, after = reading.form(first - 1), reading.form(end)
        if reading.is_glued(first) and (before in {"#", "@", "_", "/", "."} or before[-1:].isalnum()):
            return True
        return reading.is_glued(end) and (
            after[:1].isalnum() or (after in {"@", "_", ".", "/"} and reading.is_glued(end + 1))
        )

    def _is_amid_figures(self, reading: Reading, first: int, end: int) -> bool:
        """Whether the first number belongs to a longer one."""
        if not reading.is_glued(first):
            return self._is_amid_name(reading, first, end)
        return (
            reading.form(first - 1) in {".", ",", "-", "/", ":", "#", "@", "_", "x"}
            or reading.form(first - 1)[-1:].isalnum()
        )

    def _without_loose_point(self, reading: Reading, first: int, end: int) -> int:
        """The end of a date whose last point or comma does not lead to a year."""
        while end - 1 > first and reading.form(end - 1) in {".", ","}:
            end -= 1
        return end

    def _hour(self, reading: Reading, end: int) -> re.Match[str] | None:
        return _HOUR[self._lang].match(reading.text, end)

    def _entity(self, reading: Reading, first: int, end: int, day: _Day) -> Entity:
        return self._spanning(reading, reading.starts[first], reading.ends[end - 1], day)

    def _spanning(self, reading: Reading, start: int, end: int, day: _Day | None) -> Entity:
        """The entity, with the hour that follows."""
        value = day.value() if day else None
        if hour := self._hour(reading, end):
            end = hour.end()
            joint = " " if value in _WEEKDAY_NAMES else "T"
            value = f"{value}{joint}{_clock(hour.groupdict())}" if value else None
        return Entity(EntityKind.DATE, reading.text[start:end], start, end, value)


def _clock(hour: Mapping[str, str | None]) -> str:
    if hour["noon"]:
        return "12:00"
    if hour.get("h12"):
        afternoon = 12 if (hour["half"] or "").lower() == "p" else 0
        return f"{int(hour['h12'] or 0) % 12 + afternoon:02}:{hour['m12'] or '00'}"
    return f"{int(hour['h'] or 0):02}:{hour['m'] or '00'}"
