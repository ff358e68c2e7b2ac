"""Ours into theirs: each thing to do as requests to Discord, by ids alone, with nothing remembered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import discord
from discord.http import HTTPClient, MultipartParameters

from bot.channels.discord.refusals import is_done_already
from bot.channels.discord.words import DM, escape_markdown, nonce_of
from inbox.errors import SendFailed
from inbox.outgoing import OutboxKind, Outgoing
from inbox.sentences import Sentence

_NO_PINGS: Mapping[str, Any] = {"parse": [], "replied_user": False}
_LONGEST_REASON = 512
_PAGE, _MOST_PAGES = 100, 20
_CLOCKS_DIFFER = timedelta(minutes=1)


class Hands:
    """What is done on Discord over one logged-in client."""

    def __init__(self, http: HTTPClient, *, us: int) -> None:
        self._http = http
        self._us = us
        self._private: dict[str, int] = {}

    async def carry_out(self, outgoing: Outgoing) -> str:
        """Do one thing; Discord's id of what was said or acted on.

        Raises:
            SendFailed: It does not say what it is about.
            discord.DiscordException, aiohttp.ClientError, OSError: Discord refused, or is out of reach.
        """
        try:
            return await self._do(outgoing)
        except discord.NotFound as error:
            if is_done_already(error, outgoing.kind):
                return outgoing.target or f"{outgoing.place}:{outgoing.contact}"
            raise

    async def find(self, outgoing: Outgoing) -> str | None:
        """The id of words that may have been said, or None where they were not.

        Raises:
            SendFailed: Too much was said since to tell.
            discord.DiscordException, aiohttp.ClientError, OSError: Discord refused, or is out of reach.
        """
        channel_id = await self._channel_of(outgoing.thread)
        after = discord.utils.time_snowflake(outgoing.queued_at - _CLOCKS_DIFFER)
        for _ in range(_MOST_PAGES):
            page = await self._http.logs_from(channel_id, _PAGE, after=after)
            for said in page:
                if int(said["author"]["id"]) == self._us and _is_it(said, outgoing, channel_id):
                    return f"{channel_id}:{said['id']}"
            if len(page) < _PAGE:
                return None
            after = max(int(said["id"]) for said in page)
        says = Sentence("Too much was said since to find out whether this was sent. Look before you send it again.")
        raise SendFailed(says, permanent=True, outcome_unknown=True)

    async def _do(self, outgoing: Outgoing) -> str:
        match outgoing.kind:
            case OutboxKind.REPLY | OutboxKind.NOTICE:
                return await self._say(outgoing)
            case OutboxKind.EDIT:
                channel_id, message_id = _ids(outgoing.target)
                changed = {"content": escape_markdown(outgoing.text), "allowed_mentions": _NO_PINGS}
                await self._http.edit_message(channel_id, message_id, params=_parameters(changed))
            case OutboxKind.RETRACT:
                await self._http.delete_message(*_ids(outgoing.target))
            case OutboxKind.DELETE:
                await self._http.delete_message(*_ids(outgoing.target), reason=_reason(outgoing))
            case OutboxKind.SLOW_MODE:
                thread = int(outgoing.thread)
                await self._http.edit_channel(thread, rate_limit_per_user=outgoing.seconds, reason=_reason(outgoing))
                return outgoing.thread
            case _:
                await self._act_on_member(outgoing)
                return outgoing.target or f"{outgoing.place}:{outgoing.contact}"
        return outgoing.target or ""

    async def _say(self, outgoing: Outgoing) -> str:
        channel_id = await self._channel_of(outgoing.thread)
        payload: dict[str, Any] = {
            "content": escape_markdown(outgoing.text),
            "allowed_mentions": _NO_PINGS,
            "nonce": nonce_of(outgoing.key),
            "enforce_nonce": True,
        }
        if outgoing.target is not None:
            answered_in, answered = _ids(outgoing.target)
            if answered_in == channel_id:
                payload["message_reference"] = {"message_id": str(answered), "fail_if_not_exists": True}
        said = await self._http.send_message(channel_id, params=_parameters(payload))
        return f"{channel_id}:{said['id']}"

    async def _act_on_member(self, outgoing: Outgoing) -> None:
        guild_id, person = int(_must(outgoing.place)), int(_must(outgoing.contact))
        reason = _reason(outgoing)
        match outgoing.kind:
            case OutboxKind.TIMEOUT:
                until = _must(outgoing.until.isoformat() if outgoing.until else None)
                await self._http.edit_member(guild_id, person, communication_disabled_until=until, reason=reason)
            case OutboxKind.UNTIMEOUT:
                await self._http.edit_member(guild_id, person, communication_disabled_until=None, reason=reason)
            case OutboxKind.KICK:
                await self._http.kick(person, guild_id, reason=reason)
            case OutboxKind.BAN:
                await self._http.ban(person, guild_id, delete_message_seconds=outgoing.seconds, reason=reason)
            case OutboxKind.UNBAN:
                await self._http.unban(person, guild_id, reason=reason)
            case _:
                raise SendFailed(Sentence("Discord cannot do this."), permanent=True)

    async def _channel_of(self, thread: str) -> int:
        """The id of a thread; one with a person alone is opened first."""
        if not thread.startswith(DM):
            return int(thread)
        if thread not in self._private:
            opened = await self._http.start_private_message(int(thread.removeprefix(DM)))
            self._private[thread] = int(opened["id"])
        return self._private[thread]


def _is_it(said: Mapping[str, Any], outgoing: Outgoing, channel_id: int) -> bool:
    """Whether a message of ours is what was to be said.

    Discord forgets nonces, and cuts blanks off. The same words in answer to another message are another reply.
    """
    if (nonce := said.get("nonce")) is not None:
        return bool(str(nonce) == nonce_of(outgoing.key))
    target = outgoing.target
    wanted = target.rpartition(":")[2] if target is not None and target.startswith(f"{channel_id}:") else None
    answered = (said.get("message_reference") or {}).get("message_id")
    return bool(answered == wanted and said["content"].strip() == escape_markdown(outgoing.text).strip())


def _parameters(payload: dict[str, Any]) -> MultipartParameters:
    return MultipartParameters(payload=payload, multipart=None, files=None)


def _ids(external_id: str | None) -> tuple[int, int]:
    channel_id, _, message_id = _must(external_id).rpartition(":")
    return int(channel_id), int(message_id)


def _reason(outgoing: Outgoing) -> str | None:
    """What Discord's own audit log says; one line."""
    return " ".join(outgoing.text.split())[:_LONGEST_REASON] or None


def _must(told: str | None) -> str:
    if told is None:
        raise SendFailed(Sentence("It is not known what this is about."), permanent=True)
    return told
