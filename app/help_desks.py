"""Builds the help desks that are set."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.words import tell_in

if TYPE_CHECKING:
    from app.desk_settings import DeskSettings
    from app.settings import Settings
    from inbox.ports import Clock, HelpDesk
    from inbox.sentences import Sentence

# Each is imported where it is built: a command loads only what it uses, and starts quickly.


def build_help_desks(settings: Settings, *, clock: Clock) -> dict[str, HelpDesk]:
    """The help desks that are set, by name."""
    return {name: _build(name, desk, settings, clock) for name, desk in settings.desks.items()}


def _build(name: str, desk: DeskSettings, settings: Settings, clock: Clock) -> HelpDesk:
    lang = desk.language or settings.team.language
    patience = timedelta(seconds=desk.patience_seconds)
    token = desk.token.get_secret_value() if desk.token else ""
    secret = desk.hook_secret.get_secret_value() if desk.hook_secret else None

    def put(sentence: Sentence) -> str:
        return tell_in(sentence, lang)

    # What a kind needs has been checked where the settings were read.
    match desk.kind:
        case "zammad":
            from bot.desks.zammad import ZammadDesk

            group = desk.group or ""
            return ZammadDesk(name, desk.url, token, group=group, put=put, hook_secret=secret, patience=patience)
        case "chatwoot":
            from bot.desks.chatwoot import ChatwootDesk

            return ChatwootDesk(
                name,
                desk.url,
                token,
                account=desk.account or 0,
                inbox=desk.inbox or 0,
                put=put,
                hook_secret=secret,
                patience=patience,
            )
        case "zendesk":
            from bot.desks.zendesk import ZendeskDesk

            email = desk.email or ""
            return ZendeskDesk(name, desk.url, token, email=email, put=put, hook_secret=secret, patience=patience)
        case "freshdesk":
            from bot.desks.freshdesk import FreshdeskDesk

            return FreshdeskDesk(name, desk.url, token, put=put, hook_secret=secret, patience=patience)
        case "webhook":
            from bot.desks.webhook import WebhookDesk

            return WebhookDesk(name, desk.url, token, put=put, clock=clock, hook_secret=secret, patience=patience)
        case "email":
            from bot.desks.mail import MailDesk

            return MailDesk(
                name,
                desk.url,
                sender=desk.sender or "",
                to=desk.to or "",
                user=desk.user,
                password=token or None,
                put=put,
                clock=clock,
                patience=patience,
            )
