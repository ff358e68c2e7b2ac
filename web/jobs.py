"""What takes longer than anyone waits for an answer: it runs beside the page, says how far it is, and ends if left."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import structlog

from inbox.errors import InboxError, NotFound, NotPossible
from inbox.sentences import Sentence

log = structlog.get_logger()

MOST_AT_ONCE = 2
"""How many may run at the same time: others work on this machine, too."""

MOST_KEPT = 20
"""How many are remembered, the latest ones."""

LEFT_AFTER = 20.0
"""Seconds after which something that nobody asks about any more is taken to be left."""

LONGEST = 900.0
"""Seconds that something may run."""

Watch = Callable[[int, int], None]
"""Told now and then how much is done, and of how much."""


class JobState(StrEnum):
    """How something that runs beside the page stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class _Stopped(Exception):  # it is no error: somebody has stopped it, or has left
    pass


@dataclass(frozen=True, slots=True)
class JobView:
    """How something that runs beside the page stood at one moment: it goes on while its page is made."""

    id: str
    owner: str
    asked: Any
    state: JobState
    done: int
    total: int
    result: Any
    trouble: Sentence | None


@dataclass
class Job:
    """Something that runs beside the page.

    `asked` is what it was asked for, as its page tells it; `result` is there once it is done, `trouble` once it failed.
    """

    id: str
    kind: str
    brand: str
    owner: str
    asked: Any
    state: JobState = JobState.RUNNING
    done: int = 0
    total: int = 0
    result: Any = None
    trouble: Sentence | None = None
    begun_at: float = 0.0
    seen_at: float = 0.0
    ended: Event = field(default_factory=Event, repr=False)
    _is_to_stop: bool = field(default=False, repr=False)

    def stands(self) -> JobView:
        """How it stands now."""
        state = self.state  # first: what it has found is there before it says that it is done
        return JobView(self.id, self.owner, self.asked, state, self.done, self.total, self.result, self.trouble)

    def stop(self) -> None:
        """Have it end at the next chance."""
        self._is_to_stop = True

    @property
    def is_to_stop(self) -> bool:
        """Whether somebody has stopped it."""
        return self._is_to_stop


class Jobs:
    """What runs beside the page, by number.

    Args:
        clock: Seconds that only go on.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._jobs: dict[str, Job] = {}

    def start(self, work: Callable[[Watch], Any], *, kind: str, brand: str, owner: str, asked: Any = None) -> Job:
        """Begin something; what the same person has running of this kind ends.

        Args:
            work: What is to be done; it calls what it is handed now and then, which ends it where nobody waits for it.
            kind: What it is.
            brand: The brand it is about.
            owner: Who has asked for it.
            asked: What he asked for, to be told beside it.

        Raises:
            NotPossible: Too much runs already.
        """
        now = self._clock()
        job = Job(secrets.token_urlsafe(9), kind, brand, owner, asked, begun_at=now, seen_at=now)
        with self._lock:
            running = [one for one in self._jobs.values() if one.state is JobState.RUNNING and not one.is_to_stop]
            own = [one for one in running if (one.kind, one.brand, one.owner) == (kind, brand, owner)]
            for one in own:
                one.stop()
            if len(running) - len(own) >= MOST_AT_ONCE:
                raise NotPossible(Sentence("Others compute something already. Try again in a minute."))
            self._jobs[job.id] = job
            for old in [one.id for one in self._jobs.values() if one.state is not JobState.RUNNING][:-MOST_KEPT]:
                del self._jobs[old]
        Thread(target=self._run, args=(job, work), name=f"job-{kind}", daemon=True).start()
        return job

    def find(self, number: str, *, kind: str, brand: str) -> Job:
        """Something by its number, which also says that somebody still waits for it.

        Raises:
            NotFound: There is no such thing, or not any more.
        """
        job = self._jobs.get(number)
        if job is None or (job.kind, job.brand) != (kind, brand):
            raise NotFound(Sentence("This is not kept any more. Ask for it again."))
        job.seen_at = self._clock()
        return job

    def _run(self, job: Job, work: Callable[[Watch], Any]) -> None:
        def watch(done: int, total: int) -> None:
            job.done, job.total = done, total
            now = self._clock()
            if job.is_to_stop or now - job.seen_at > LEFT_AFTER or now - job.begun_at > LONGEST:
                raise _Stopped

        try:
            job.result = work(watch)
            job.state = JobState.DONE
        except _Stopped:
            job.state = JobState.STOPPED
        except InboxError as error:
            job.trouble, job.state = error.sentence, JobState.FAILED
        except Exception as error:  # noqa: BLE001  # whatever it is, its page has to tell that it failed
            # Not its traceback: that may hold what people wrote.
            log.error("page.job_failed", kind=job.kind, error=type(error).__name__)  # noqa: TRY400  # see above
            job.trouble = Sentence("A fault of ours. It is in the log; what was kept before is safe.")
            job.state = JobState.FAILED
        finally:
            job.ended.set()
