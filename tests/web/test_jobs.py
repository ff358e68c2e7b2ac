"""What runs beside the page: how far it is, and that it ends when nobody waits for it."""

from __future__ import annotations

from threading import Event

import pytest

from inbox.errors import NotFound, NotPossible
from inbox.sentences import Sentence
from web.jobs import LEFT_AFTER, LONGEST, MOST_AT_ONCE, MOST_KEPT, Job, Jobs, JobState, Watch

PATIENCE = 10


class Clock:
    """Seconds that go on when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Work:
    """Something that takes a step when it is let, and says when it has ended."""

    def __init__(self) -> None:
        self.may_go, self.has_told, self.ended = Event(), Event(), Event()

    def __call__(self, watch: Watch) -> str:
        try:
            watch(1, 3)
            self.has_told.set()
            assert self.may_go.wait(PATIENCE)
            watch(2, 3)
        finally:
            self.ended.set()
        return "found"

    def go(self) -> None:
        self.may_go.set()
        assert self.ended.wait(PATIENCE)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(clock: Clock) -> Jobs:
    return Jobs(clock)


def begun(jobs: Jobs, work: Work, *, owner: str = "Inès") -> Job:
    job = jobs.start(work, kind="look", brand="loriot", owner=owner)
    assert work.has_told.wait(PATIENCE)
    return job


def after(job: Job) -> JobState:
    """How it stands once its thread is done with it."""
    assert job.ended.wait(PATIENCE)
    return job.state


def test_it_says_how_far_it_is_and_then_what_it_found(jobs: Jobs):
    work = Work()
    job = begun(jobs, work)

    before = (job.state, job.done, job.total)
    work.go()

    assert before == (JobState.RUNNING, 1, 3)
    assert after(job) is JobState.DONE
    assert job.result == "found"
    assert jobs.find(job.id, kind="look", brand="loriot") is job


@pytest.mark.parametrize("gone", [LEFT_AFTER + 1, LONGEST + 1])
def test_it_ends_when_its_page_is_left_or_it_takes_too_long(jobs: Jobs, clock: Clock, gone: float):
    work = Work()
    job = begun(jobs, work)

    clock.now += gone
    if gone > LONGEST:
        jobs.find(job.id, kind="look", brand="loriot")
    work.go()

    assert after(job) is JobState.STOPPED
    assert job.result is None


def test_whoever_begins_another_ends_his_first(jobs: Jobs):
    first, second = Work(), Work()
    job = begun(jobs, first)
    other = begun(jobs, second)

    first.go()
    second.go()

    assert (after(job), after(other)) == (JobState.STOPPED, JobState.DONE)


def test_no_more_than_a_few_run_at_once(jobs: Jobs):
    works = [Work() for _ in range(MOST_AT_ONCE)]
    running = [begun(jobs, work, owner=f"person {place}") for place, work in enumerate(works)]

    with pytest.raises(NotPossible):
        jobs.start(Work(), kind="look", brand="loriot", owner="one too many")
    for work in works:
        work.go()

    assert {after(job) for job in running} == {JobState.DONE}


def test_what_goes_wrong_is_told_and_a_fault_of_ours_says_no_more_than_that(jobs: Jobs):
    def refuses(watch: Watch) -> None:
        watch(0, 1)
        raise NotPossible(Sentence("Not so."))

    def breaks(watch: Watch) -> None:
        raise ValueError("secret words")

    refused = jobs.start(refuses, kind="look", brand="loriot", owner="Inès")
    assert after(refused) is JobState.FAILED
    broken = jobs.start(breaks, kind="look", brand="loriot", owner="Inès")
    assert after(broken) is JobState.FAILED

    assert str(refused.trouble) == "Not so."
    assert "secret" not in str(broken.trouble)


def test_only_the_latest_are_kept_and_only_for_their_brand(jobs: Jobs):
    done = [jobs.start(lambda watch: watch(1, 1), kind="look", brand="loriot", owner=f"p{n}") for n in range(1)]
    for n in range(MOST_KEPT + 2):
        assert after(done[-1]) is JobState.DONE
        done.append(jobs.start(lambda watch: watch(1, 1), kind="look", brand="loriot", owner=f"q{n}"))
    assert after(done[-1]) is JobState.DONE

    with pytest.raises(NotFound):
        jobs.find(done[0].id, kind="look", brand="loriot")
    with pytest.raises(NotFound):
        jobs.find(done[-1].id, kind="look", brand="merle")
    assert jobs.find(done[-1].id, kind="look", brand="loriot") is done[-1]
