"""Help desks as one world each: what has been opened there, told the same way for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any, Protocol, Self

from bot.desks.chatwoot import ChatwootDesk
from bot.desks.freshdesk import FreshdeskDesk
from bot.desks.mail import MailDesk
from bot.desks.webhook import WebhookDesk
from bot.desks.zammad import ZammadDesk
from bot.desks.zendesk import ZendeskDesk
from inbox.ports import HelpDesk
from tests.builders import AClock
from tests.fakes.desks import FakeChatwoot, FakeFreshdesk, FakeMailbox, FakeWebhook, FakeZammad, FakeZendesk

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Filed:
    """A ticket as it stands in a help desk."""

    subject: str
    customer: str
    text: str
    labels: frozenset[str]
    priority: Any
    url: str


class HelpDeskWorld(Protocol):
    """A help desk on loopback. `creating` is the call that opens a ticket."""

    name: str
    url: str
    token: str
    creating: tuple[str, str]
    priorities: Sequence[Any]

    @property
    def exchanges(self) -> Sequence[Any]: ...
    def desk(self) -> HelpDesk: ...
    def filed(self) -> list[Filed]: ...
    def told_later(self) -> list[str]: ...
    def fail_next(self, method: str, ending: str, *, status: int, says: Any = None, **headers: str) -> None: ...
    def lose_answer(self, method: str, ending: str) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *told: object) -> None: ...


class OnZammad(FakeZammad):
    name = "zammad"
    creating = ("POST", "/tickets")
    priorities = ("1 low", "2 normal", "3 high", "3 high")

    def desk(self) -> HelpDesk:
        return ZammadDesk("support", self.url, self.token, group=self.group, put=str, patience=5 * SECOND)

    def filed(self) -> list[Filed]:
        names = {user["id"]: user["firstname"] for user in self.users.values()}
        return [
            Filed(
                subject=one["title"],
                customer=names[one["customer_id"]],
                text=one["article"]["body"],
                labels=frozenset(one["tags"]),
                priority=one["priority"],
                url=f"{self.url}/#ticket/zoom/{one['id']}",
            )
            for one in self.tickets.values()
        ]

    def told_later(self) -> list[str]:
        return [text for number in self.tickets for text in self.added(number)]


class OnChatwoot(FakeChatwoot):
    name = "chatwoot"
    creating = ("POST", "/conversations")
    priorities = ("low", "medium", "high", "urgent")

    def desk(self) -> HelpDesk:
        return ChatwootDesk(
            "support",
            self.url,
            self.token,
            account=self.account,
            inbox=self.inbox,
            put=str,
            patience=5 * SECOND,
        )

    def filed(self) -> list[Filed]:
        return [
            Filed(
                subject=one["additional_attributes"]["subject"],
                customer=self.contacts[one["contact_id"]]["name"],
                text="\n".join(said["content"] for said in self.messages[number][:1]),
                labels=frozenset(one["labels"]),
                priority=one["priority"],
                url=f"{self.url}/app/accounts/{self.account}/conversations/{number}",
            )
            for number, one in self.conversations.items()
        ]

    @property
    def tickets(self) -> Mapping[int, Any]:
        return self.conversations

    def told_later(self) -> list[str]:
        return [text for number in self.conversations for text in self.added(number)]


class OnZendesk(FakeZendesk):
    name = "zendesk"
    creating = ("POST", "/tickets.json")
    priorities = ("low", "normal", "high", "urgent")

    def desk(self) -> HelpDesk:
        return ZendeskDesk("support", self.url, self.token, email=self.email, put=str, patience=5 * SECOND)

    def filed(self) -> list[Filed]:
        names = {user["id"]: user["name"] for user in self.users.values()}
        return [
            Filed(
                subject=one["subject"],
                customer=names[one["requester_id"]],
                text=one["comment"]["body"],
                labels=frozenset(one["tags"]),
                priority=one["priority"],
                url=f"{self.url}/agent/tickets/{one['id']}",
            )
            for one in self.tickets.values()
        ]

    def told_later(self) -> list[str]:
        return [text for number in self.tickets for text in self.added(number)]


class OnFreshdesk(FakeFreshdesk):
    name = "freshdesk"
    creating = ("POST", "/tickets")
    priorities = (1, 2, 3, 4)

    def desk(self) -> HelpDesk:
        return FreshdeskDesk("support", self.url, self.token, put=str, patience=5 * SECOND)

    def filed(self) -> list[Filed]:
        return [
            Filed(
                subject=one["subject"],
                customer=one["name"],
                text=unescape(one["description"].replace("<br>", "\n")),
                labels=frozenset(one["tags"]),
                priority=one["priority"],
                url=f"{self.url}/a/tickets/{one['id']}",
            )
            for one in self.tickets.values()
        ]

    def told_later(self) -> list[str]:
        return [text for number in self.tickets for text in self.added(number)]


class OnWebhook(FakeWebhook):
    name = "webhook"
    creating = ("POST", "/")
    priorities = ("low", "normal", "high", "urgent")

    def desk(self) -> HelpDesk:
        return WebhookDesk("support", self.url, self.token, put=str, clock=AClock(), patience=5 * SECOND)

    def filed(self) -> list[Filed]:
        return [
            Filed(
                subject=one["subject"],
                customer=one["customer"]["name"],
                text=one["text"],
                labels=frozenset(("vigie", one["customer"]["channel"], *one["labels"], *one["tags"])),
                priority=one["priority"],
                url=f"https://desk.example/{key}",
            )
            for key, one in self.tickets.items()
        ]

    def told_later(self) -> list[str]:
        return [one["text"] for one in self.more.values()]


class OnMail(FakeMailbox):
    name = "email"
    token = ""
    creating = ("SMTP", "DATA")
    priorities = ("low", "normal", "high", "urgent")

    def desk(self) -> HelpDesk:
        return MailDesk(
            "support",
            self.url,
            sender="vigie@loriot.example",
            to="help@loriot.example",
            user=None,
            password=None,
            put=str,
            clock=AClock(),
            patience=5 * SECOND,
        )

    def fail_next(self, method: str, ending: str, *, status: int, says: Any = None, **headers: str) -> None:
        """An HTTP status as the code that SMTP has for it."""
        words = says["error"] if isinstance(says, dict) else "Not now"
        self.refuse_next(f"{451 if status >= 500 or status == 429 else 550} {words}")

    def lose_answer(self, method: str, ending: str) -> None:
        self.lose_next()

    def filed(self) -> list[Filed]:
        return [
            Filed(
                subject=mail["Subject"],
                customer=mail["Subject"].partition(" (")[0],
                text=mail.get_content(),
                labels=frozenset(("vigie", *mail["X-Vigie-Labels"].split(", "))),
                priority=mail["X-Vigie-Priority"],
                url="",
            )
            for mail in self.mails.values()
            if mail["In-Reply-To"] is None
        ]

    def told_later(self) -> list[str]:
        return [mail.get_content() for mail in self.mails.values() if mail["In-Reply-To"] is not None]


ASKED: tuple[type[Any], ...] = (OnZammad, OnChatwoot, OnZendesk, OnFreshdesk)
"""Those that can be asked what became of a ticket."""

WEB = (*ASKED, OnWebhook)
"""Those that are told over HTTP."""

WORLDS = (*WEB, OnMail)
