"""Figures that were counted a moment ago: pictures are drawn from what the tables say, and nothing is counted twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from inbox.desk import Desk
from inbox.kpis import Period, Report, to_report
from inbox.model_use import Drifts, drifts

_FRESH = timedelta(minutes=1)
_DRIFTS_FRESH = timedelta(minutes=10)
_KEPT = 16


class Reported:
    """Remembers the last reports for a minute, and how labels move for ten."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[tuple[str, Period], tuple[datetime, Report]] = {}
        self._drifts: dict[str, tuple[datetime, Drifts]] = {}

    def make(self, brand: str, desk: Desk, period: Period) -> Report:
        """The report of a period as it is now.

        Raises:
            NotPossible: It is no period to report on.
        """
        report = to_report(desk, period)
        with self._lock:
            self._kept.pop((brand, period), None)
            self._kept[brand, period] = (desk.clock(), report)
            for oldest in list(self._kept)[:-_KEPT]:
                del self._kept[oldest]
        return report

    def recall(self, brand: str, desk: Desk, period: Period) -> Report:
        """The report as it was made within the last minute, else as it is now.

        Raises:
            NotPossible: It is no period to report on.
        """
        with self._lock:
            kept = self._kept.get((brand, period))
        if kept is not None and desk.clock() - kept[0] <= _FRESH:
            return kept[1]
        return self.make(brand, desk, period)

    def drifts(self, brand: str, desk: Desk) -> Drifts:
        """How the labels that the model gives move, as counted within the last ten minutes."""
        now = desk.clock()
        with self._lock:
            kept = self._drifts.get(brand)
        if kept is not None and now - kept[0] <= _DRIFTS_FRESH:
            return kept[1]
        counted = drifts(desk)
        with self._lock:
            self._drifts[brand] = (now, counted)
        return counted
