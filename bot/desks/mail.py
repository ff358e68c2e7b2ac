"""Tickets by e-mail: every help desk reads a mailbox.

The Message-ID is made of the key, so a repetition is known as one.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from bot.desks.api import PATIENCE
from bot.desks.calls import Caller, read_call
from inbox.abilities import Remark
from inbox.desk_news import DeskCall, DeskNews
from inbox.errors import SendFailed
from inbox.ports import Clock
from inbox.sentences import Sentence
from inbox.tickets import Addition, Opened, Put, Ticket, TicketPriority, told, told_more

PLAIN, STARTTLS, TLS = "smtp+plain", "smtp", "smtps"
_PORTS = {PLAIN: 25, STARTTLS: 587, TLS: 465}
_IMPORTANCE = {
    TicketPriority.LOW: "low",
    TicketPriority.NORMAL: "normal",
    TicketPriority.HIGH: "high",
    TicketPriority.URGENT: "high",
}
_FOR_GOOD = 500
"""From this code on a refusal of SMTP is final."""


class MailDesk:
    """One mailbox that a help desk reads.

    Args:
        name: What it is called in the settings.
        url: The server: smtp://HOST:PORT with STARTTLS, smtps:// with TLS, smtp+plain:// with neither.
        sender: The address that tickets come from.
        to: The address of the help desk.
        user: Who signs in, with `password`; None where nobody has to.
        password: See `user`.
        put: Puts our words into the language that is read there.
        clock: When a mail is written.
        patience: How long the server may take for each answer.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        sender: str,
        to: str,
        user: str | None,
        password: str | None,
        put: Put,
        clock: Clock,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._name = name
        self._caller = Caller(name, "email", None)
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._sender, self._to = sender, to
        self._login = (user, password or "") if user else None
        self._put = put
        self._clock = clock
        self._patience_s = patience.total_seconds()

    async def open_ticket(self, ticket: Ticket) -> Opened:
        """Send the mail; it is called by its Message-ID."""
        mail = to_mail(ticket, self._put, sender=self._sender, to=self._to)
        mail["Date"] = format_datetime(self._clock())
        await asyncio.to_thread(self._send, mail)
        return Opened(mail["Message-ID"])

    async def find_ticket(self, ticket: Ticket) -> Opened | None:
        """None: a mailbox cannot be asked. What is sent again has the same Message-ID, which tells it there."""
        del ticket
        return None

    async def add(self, addition: Addition) -> Opened:
        """Send a mail in answer to that of the ticket."""
        mail = to_addition(addition, self._put, sender=self._sender, to=self._to)
        mail["Date"] = format_datetime(self._clock())
        await asyncio.to_thread(self._send, mail)
        return Opened(mail["Message-ID"])

    async def find_added(self, addition: Addition) -> Opened | None:
        """None, as for a ticket: what is sent again has the same Message-ID."""
        del addition
        return None

    async def read_ticket(self, external_id: str, *, told: Collection[str] = ()) -> DeskNews | None:
        """None: a mailbox cannot be asked."""
        del external_id, told
        return None

    def read_call(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> DeskCall:
        """What a call of it says, once it has proved who makes it."""
        return read_call(self._caller, headers, body, now=now)

    async def examine(self) -> Sequence[Remark]:
        """Whether the server lets us in; nothing is sent."""
        await asyncio.to_thread(self._send, None)
        return [
            Remark(Sentence("reached, mail goes to {to}", to=self._to), is_well=True),
            Remark(Sentence("by e-mail nothing comes back: neither how a ticket stands nor an answer"), is_well=True),
        ]

    async def close(self) -> None:
        """Nothing is held open."""

    def _send(self, mail: EmailMessage | None) -> None:
        try:
            server = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise self._to_failure(error, asked=False) from error
        asked = False
        try:
            self._enter(server)
            if mail is None:
                server.noop()
            else:
                asked = True
                server.send_message(mail, from_addr=self._sender, to_addrs=[self._to])
        except (smtplib.SMTPException, OSError) as error:
            raise self._to_failure(error, asked=asked) from error
        finally:
            # Once the mail is taken, how the connection ends is nobody's concern.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self._scheme == TLS:
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._patience_s, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self._host, self._port, timeout=self._patience_s)

    def _enter(self, server: smtplib.SMTP) -> None:
        if self._scheme == STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if self._login is not None:
            server.login(*self._login)

    def _to_failure(self, error: Exception, *, asked: bool) -> SendFailed:
        if isinstance(error, smtplib.SMTPNotSupportedError):
            says = Sentence("{desk} does not offer what is needed: {why}", desk=self._name, why=str(error))
            return SendFailed(says, permanent=True)
        code, why = _answer_in(error)
        if code is None:
            if asked:
                says = Sentence(
                    "No answer came from {desk} ({why}). It is tried again.", desk=self._name, why=type(error).__name__
                )
                return SendFailed(says, permanent=False, outcome_unknown=True)
            says = Sentence(
                "{desk} is out of reach at {url} ({why}).",
                desk=self._name,
                url=f"{self._host}:{self._port}",
                why=type(error).__name__,
            )
            return SendFailed(says, permanent=False)
        if code < _FOR_GOOD:
            says = Sentence("{desk} does not take mail now ({why}). It is tried again.", desk=self._name, why=why)
            return SendFailed(says, permanent=False)
        if isinstance(error, smtplib.SMTPAuthenticationError):
            says = Sentence(
                "{desk} refuses our token, or it may not do this ({why}). Set another, then: vigie outbox replay",
                desk=self._name,
                why=why,
            )
            return SendFailed(says, permanent=True)
        return SendFailed(Sentence("{desk} refuses this: {why}", desk=self._name, why=why), permanent=True)


def to_mail(ticket: Ticket, put: Put, *, sender: str, to: str) -> EmailMessage:
    """A ticket as a mail; the text of it is plain."""
    mail = _headed(ticket.subject, ticket.key, sender=sender, to=to)
    mail["Importance"] = _IMPORTANCE[ticket.priority]
    mail["X-Vigie-Priority"] = ticket.priority.value
    mail["X-Vigie-Labels"] = ", ".join(ticket.topics)
    mail.set_content(told(ticket, put))
    return mail


def to_addition(addition: Addition, put: Put, *, sender: str, to: str) -> EmailMessage:
    """An addition as a mail in answer to that of its ticket, by whose Message-ID the ticket is called."""
    mail = _headed(f"Re: {addition.subject}", addition.key, sender=sender, to=to)
    mail["In-Reply-To"] = mail["References"] = addition.ticket
    mail.set_content(told_more(addition, put))
    return mail


def _headed(subject: str, key: str, *, sender: str, to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = "".join(sign if sign.isprintable() else " " for sign in subject)
    mail["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    # No away message is to answer this.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Vigie-Key"] = key
    return mail


def _answer_in(error: Exception) -> tuple[int | None, str]:
    """The code of a refusal, with its words; no code where no refusal came."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _told(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _told(error.smtp_code, error.smtp_error)
    return None, ""


def _told(code: int, says: bytes | str) -> tuple[int, str]:
    words = says.decode(errors="replace") if isinstance(says, bytes) else says
    return code, " ".join(f"{code} {words}".split())
