"""A look at everything that Vigie needs, each finding with what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from app.help_desks import build_help_desks
from app.models import load_in_use
from app.settings import Settings, read_settings
from app.wiring import (
    build_connections,
    build_crm,
    now,
    open_store,
    read_responses,
    read_rules,
    rules_path,
    staff_places,
)
from inbox.abilities import Remark
from inbox.actions import Mode, Reply
from inbox.alerts import AlertKind
from inbox.breaker import RESTING, resting_channel
from inbox.errors import ChannelTrouble, InboxError
from inbox.ports import Connection, Crm, HelpDesk
from inbox.sentences import Sentence
from inbox.switches import CRISIS, PAUSED
from inbox.taking_up import FAULTY
from inbox.views import ChannelState, SendState
from inbox.watching import in_short
from inbox.wording import said

_SHOWN = 10
"""How many conversations a finding names at the most."""


class Health(Enum):
    """Whether something is well, worth a remark, or wrong."""

    WELL = "well"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one part."""

    about: str
    health: Health
    says: Sentence


def examine() -> Iterator[Finding]:
    """Every finding, in the order in which things are needed."""
    try:
        settings = read_settings()
    except InboxError as error:
        yield Finding("settings", Health.WRONG, error.sentence)
        return
    if settings.brand.name:
        yield Finding("settings", Health.WELL, Sentence("the brand is “{name}”", name=settings.brand.name))
    else:
        says = Sentence("the brand has no name yet, so drafts that say it cannot be sent: set VIGIE_BRAND__NAME")
        yield Finding("settings", Health.NOTE, says)
    for part in (_rules, _model, _database, _channels, _desks, _crm):
        try:
            yield from part(settings)
        except InboxError as error:
            yield Finding(part.__name__.strip("_"), Health.WRONG, error.sentence)


def _rules(settings: Settings) -> Iterator[Finding]:
    responses = read_responses(settings)
    yield Finding("responses", Health.WELL, Sentence("{n} canned responses", n=len(responses)))
    book = read_rules(settings, responses)
    path = rules_path(settings)
    if path is None:
        yield Finding("rules", Health.WELL, Sentence("{n} rules, those that ship", n=len(book.rules)))
    else:
        yield Finding("rules", Health.WELL, Sentence("{n} rules from {file}", n=len(book.rules), file=str(path)))
    alone = {Mode.LIVE, Mode.SHARE}
    by_themselves = [
        rule.name
        for rule in book.rules
        if rule.mode in alone and any(isinstance(action, Reply) for action in rule.actions)
    ]
    if by_themselves:
        says = Sentence("these rules send by themselves: {names}", names=", ".join(by_themselves))
        yield Finding("rules", Health.NOTE, says)
    else:
        yield Finding("rules", Health.WELL, Sentence("no rule sends by itself"))


def _model(settings: Settings) -> Iterator[Finding]:
    in_use = load_in_use(settings)
    if in_use.trouble is not None:
        yield Finding("model", Health.WRONG, in_use.trouble)
    yield Finding("model", Health.WELL, Sentence("{version}, whole", version=in_use.model.version))
    if in_use.is_starter:
        yield Finding("model", Health.NOTE, Sentence("this is the starter model, not trained on your data"))


def _database(settings: Settings) -> Iterator[Finding]:
    with open_store(settings) as store, store.read() as books:
        told = books.summary()
        yield Finding("database", Health.WELL, Sentence("reached, {n} messages", n=told.messages))
        if told.waiting:
            says = Sentence("{n} messages wait for triage: vigie triage, or vigie run", n=told.waiting)
            yield Finding("database", Health.NOTE, says)
        crisis = books.switch(CRISIS)
        if crisis.is_on and crisis.by is not None and crisis.since is not None:
            since = crisis.since.astimezone().strftime("%Y-%m-%d %H:%M")
            says = Sentence(
                "a crisis runs since {since}, declared by {person}: vigie crisis end",
                since=since,
                person=crisis.by.name,
            )
            yield Finding("switches", Health.NOTE, says)
        faulty = books.switch(FAULTY)
        if faulty.is_on and faulty.since is not None:
            since = faulty.since.astimezone().strftime("%Y-%m-%d %H:%M")
            says = Sentence(
                "since {since} what runs goes on with the rules it had: the files were faulty. vigie rules check",
                since=since,
            )
            yield Finding("rules", Health.WRONG, says)
        if books.switch(PAUSED).is_on:
            yield Finding("switches", Health.NOTE, Sentence("automatic sending is paused: vigie resume"))
        for channel in books.channels():
            if channel.state in {ChannelState.DOWN, ChannelState.BROKEN} and channel.why is not None:
                says = Sentence("the connection is {state}: {why}", state=said(channel.state), why=channel.why)
                yield Finding(channel.name, Health.WRONG, says)
        for resting in books.switches_on(RESTING):
            since = resting.since.astimezone().strftime("%Y-%m-%d %H:%M") if resting.since else "?"
            says = Sentence(
                "since {since} it does not answer: what is to be sent rests, and is tried again by itself", since=since
            )
            yield Finding(resting_channel(resting.name), Health.WRONG, says)
        if failed := told.sends.get(SendState.FAILED, 0):
            latest = books.list_sends(state=SendState.FAILED, limit=1)[0].conversation_id
            says = Sentence("{n} could not be sent, the latest in: vigie show {id}", n=failed, id=latest)
            yield Finding("outbox", Health.WRONG, says)
        grace = (settings.brand.escalation or settings.escalation).catches_after or timedelta()
        for alert in books.open_alerts([AlertKind.SPIKE, AlertKind.RAID]):
            yield Finding("alerts", Health.NOTE, in_short(alert))
        if slipped := books.slipped(now=now(), before=now() - grace):
            numbers = ", ".join(map(str, slipped[:_SHOWN])) + (", …" if len(slipped) > _SHOWN else "")
            says = Sentence(
                "complaints without an owner, that nobody has and that are not escalated: {n}. Conversations {numbers}:"
                " /assign or /escalate in the team's chat",
                n=len(slipped),
                numbers=numbers,
            )
            yield Finding("complaints", Health.WRONG, says)
        if told.drafts_blocked:
            says = Sentence("{n} drafts have a blank that nothing fills", n=told.drafts_blocked)
            yield Finding("drafts", Health.NOTE, says)


def _channels(settings: Settings) -> Iterator[Finding]:
    """Ask each channel that has a token whether it would be heard, and name those that have none."""
    connections = build_connections(settings)
    teams = staff_places(settings)
    for name in ("discord", "telegram"):
        if name not in connections:
            says = Sentence("off: it has no token. Set {variable}", variable=f"VIGIE_{name.upper()}__TOKEN")
            yield Finding(name, Health.NOTE, says)
            continue
        if not any(channel == name for channel, _ in teams):
            place = "VIGIE_DISCORD__STAFF_CHANNEL" if name == "discord" else "VIGIE_TELEGRAM__STAFF_CHAT"
            says = Sentence(
                "no place of the team is set, so there are no cards and no commands: {variable}", variable=place
            )
            yield Finding(name, Health.NOTE, says)
        try:
            remarks = asyncio.run(_examine(connections[name]))
        except ChannelTrouble as error:
            yield Finding(name, Health.WRONG, error.sentence)
            continue
        for remark in remarks:
            yield Finding(name, Health.WELL if remark.is_well else Health.WRONG, remark.sentence)


def _desks(settings: Settings) -> Iterator[Finding]:
    """Ask each help desk whether it would take a ticket."""
    for name, desk in build_help_desks(settings, clock=now).items():
        if not settings.desks[name].queues:
            says = Sentence("no queue becomes tickets here: set desks.{name}.queues", name=name)
            yield Finding(name, Health.NOTE, says)
        try:
            remarks = asyncio.run(_examine_desk(desk))
        except InboxError as error:
            yield Finding(name, Health.WRONG, error.sentence)
            continue
        for remark in remarks:
            yield Finding(name, Health.WELL if remark.is_well else Health.WRONG, remark.sentence)


def _crm(settings: Settings) -> Iterator[Finding]:
    """Ask the address that is told of leads whether it would take one."""
    crm = build_crm(settings, brand=settings.brand.key)
    if crm is not None:
        for remark in asyncio.run(_examine_desk(crm)):
            yield Finding("crm", Health.WELL if remark.is_well else Health.WRONG, remark.sentence)


async def _examine_desk(desk: HelpDesk | Crm) -> Sequence[Remark]:
    try:
        return await desk.examine()
    finally:
        await desk.close()


async def _examine(connection: Connection) -> Sequence[Remark]:
    try:
        return await connection.examine()
    finally:
        await connection.close()
