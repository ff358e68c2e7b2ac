"""Builds the channels that programs bring, and who may call for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from inbox.called_in import Hook
from inbox.outgoing import OutboxKind
from inbox.programs import channel_called

if TYPE_CHECKING:
    from app.settings import Settings
    from bot.channels.hook import HookChannel, LaidOutChannel
    from inbox.abilities import Abilities
    from inbox.desk import Desk


def hooks_in(settings: Settings) -> dict[str, Hook]:
    """Who may call, by name."""
    main = settings.brand.key
    return {
        name: Hook(name, hook.brand or main, hook.secret.get_secret_value()) for name, hook in settings.hooks.items()
    }


def hook_abilities(settings: Settings) -> dict[str, Abilities]:
    """What each of these channels can do, by its name."""
    if not settings.hooks:
        return {}
    from bot.channels.hook import abilities_of

    return {
        channel_called(name): abilities_of([OutboxKind(act) for act in hook.can], longest=hook.longest)
        for name, hook in settings.hooks.items()
    }


def build_hooks(settings: Settings, desks: Mapping[str, Desk]) -> dict[str, HookChannel | LaidOutChannel]:
    """These channels, by their names: told at their address, or laid out for where they have none."""
    if not settings.hooks:
        return {}
    from bot.channels.hook import HookChannel, LaidOutChannel

    found: dict[str, HookChannel | LaidOutChannel] = {}
    abilities = hook_abilities(settings)
    for name, hook in settings.hooks.items():
        channel, desk = channel_called(name), desks[hook.brand or settings.brand.key]
        if hook.url is None:
            found[channel] = LaidOutChannel(name, desk.store, abilities=abilities[channel], clock=desk.clock)
        else:
            found[channel] = HookChannel(
                name,
                hook.url,
                hook.secret.get_secret_value(),
                abilities=abilities[channel],
                clock=desk.clock,
                knows_repeats=hook.knows_repeats,
                patience=timedelta(seconds=hook.patience_seconds),
            )
    return found
