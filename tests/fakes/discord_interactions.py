"""Commands, buttons, menus and forms of the Discord on loopback: what people use, and what the bot answers.

    asked = discord.command("next", by=discord.lea)              # /next, in the staff channel
    await asked.until_answered()
    asked.answer_text, asked.answers[-1]["flags"] & 64           # 64: shown to the person alone
    card = discord.said_by_bot[-1]
    pressed = discord.press(card, "Edit", by=discord.lea)        # by label or custom_id
    await pressed.until_modal()
    sent = discord.submit(pressed, text="Merci beaucoup")        # by custom_id or label of the fields
    await sent.until_updated()
    discord.choose(card, "Snooze", by=discord.lea)               # by value or label of the option

What a person could not do is an AssertionError: press what is not there or disabled, leave a required field empty. What
the bot may not do is refused as Discord refuses it. In `calls`, the token of every interaction reads `interaction`.
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.discord_limits import (
    BUTTON,
    CHAT,
    LABEL,
    LINK,
    MESSAGE_MENU,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT_INPUT,
    check_commands,
    check_message,
    check_modal,
    parts,
)
from tests.fakes.discord_values import (
    APPLICATION,
    BOT,
    COMPONENTS_V2,
    EPHEMERAL,
    GUILD,
    LOADING,
    STAFF,
    Refused,
    as_json,
    invalid,
)

if TYPE_CHECKING:
    from tests.fakes.discord import FakeDiscord

COMMAND, COMPONENT, FORM = 2, 3, 5
SAY, SAY_LATER, UPDATE_LATER, UPDATE, OPEN_FORM = 4, 5, 6, 7, 9
_US = {"user": BOT, "roles": []}
_TOKEN = re.compile(r"^(/webhooks/\d+|/interactions/\d+)/interaction-\d+")
_MISSING = object()


@dataclass(eq=False)
class Asked:
    """One use of a command, button, menu or form, and all that the bot did about it."""

    server: FakeDiscord
    id: str
    token: str
    kind: int
    by: Mapping[str, Any]
    channel: int
    locale: str
    said: dict[str, Any] | None
    """The message that the button, or the button before the form, belongs to."""
    asked_on: float
    asked_at: datetime
    answers: list[dict[str, Any]] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    updated: dict[str, Any] | None = None
    updates: int = 0
    callback: int | None = None
    """The type of the callback that was taken."""
    refused: list[str] = field(default_factory=list)
    """What the bot was told when a callback was refused."""
    took: float | None = None
    original: dict[str, Any] | None = None

    @property
    def acknowledged(self) -> bool:
        """Whether a callback was taken."""
        return self.callback is not None

    @property
    def answer_text(self) -> str:
        """The words of the last answer; nothing while there is none."""
        return str(self.answers[-1]["content"]) if self.answers else ""

    @property
    def is_whispered(self) -> bool:
        """Whether the last answer is shown to the person alone."""
        return bool(self.answers and self.answers[-1]["flags"] & EPHEMERAL)

    async def until_acknowledged(self) -> None:
        """Return once a callback was taken."""
        await self.until(lambda: self.acknowledged)

    async def until_answered(self, times: int = 1) -> None:
        """Return once there are this many answers; a promise to answer is none."""
        await self.until(lambda: len(self.answers) >= times)

    async def until_updated(self, times: int = 1) -> None:
        """Return once the message was changed in place this often."""
        await self.until(lambda: self.updates >= times)

    async def until_modal(self) -> None:
        """Return once a form was opened."""
        await self.until(lambda: self.modal is not None)

    async def until_refused(self, times: int = 1) -> None:
        """Return once callbacks were refused this often."""
        await self.until(lambda: len(self.refused) >= times)

    async def until(self, holds: Callable[[], Any]) -> None:
        """Return once something holds, looked at after each request of the bot."""
        await self.server._until(holds)


class Interactions:
    """What belongs to interactions on one server."""

    def __init__(self, server: FakeDiscord) -> None:
        self._server = server
        self._numbers = count(1)
        self._asked: dict[str, Asked] = {}
        self._whispers: dict[int, tuple[str, dict[str, Any]]] = {}
        self.answer_within_s = 3.0
        self.token_lives = timedelta(minutes=15)
        self.guild_commands: list[dict[str, Any]] = []

    # --- what people do ---

    def command(
        self,
        name: str,
        values: Mapping[str, Any] | None = None,
        /,
        *,
        by: Mapping[str, Any],
        channel: int = STAFF,
        locale: str = "fr",
        sub: str | None = None,
        **options: Any,
    ) -> Asked:
        """Somebody uses a slash command; `sub` names the command inside a group.

        Options are given by name, in `values` those that would clash with ours; those that are None are left out.
        """
        known = self._find_command(name, CHAT)
        told = known
        for step in (sub or "").split():
            told = told and self._find_option(told, step)
        resolved: dict[str, Any] = {}
        given = [
            self._option(told, its, value, resolved)
            for its, value in {**(values or {}), **options}.items()
            if value is not None
        ]
        if told is not None:
            lacking = [one["name"] for one in told.get("options", ()) if one.get("required")]
            lacking = [one for one in lacking if one not in {option["name"] for option in given}]
            assert not lacking, f"/{name} cannot be sent without {', '.join(lacking)}"
        for depth, step in enumerate(reversed((sub or "").split())):
            given = [{"name": step, "type": 1 + depth, "options": given}]
        data = {"id": (known or {"id": "1"})["id"], "name": (known or {"name": name})["name"], "type": CHAT}
        data |= {"options": given} if given else {}
        return self._ask(COMMAND, data | ({"resolved": resolved} if resolved else {}), by, channel, locale)

    def menu(
        self,
        name: str,
        said: Mapping[str, Any],
        *,
        by: Mapping[str, Any],
        channel: int | None = None,
        locale: str = "fr",
    ) -> Asked:
        """Somebody chooses a command in the menu of a message."""
        known = self._find_command(name, MESSAGE_MENU)
        data = {
            "id": (known or {"id": "1"})["id"],
            "name": (known or {"name": name})["name"],
            "type": MESSAGE_MENU,
            "target_id": said["id"],
            "resolved": {"messages": {said["id"]: dict(said)}},
        }
        return self._ask(COMMAND, data, by, int(said["channel_id"]) if channel is None else channel, locale)

    def press(self, said: Mapping[str, Any], label_or_id: str, *, by: Mapping[str, Any], locale: str = "fr") -> Asked:
        """Somebody presses a button of a message as it now stands."""
        kept = self._kept(said, by)
        buttons = [one for one in parts(kept["components"]) if one["type"] == BUTTON]
        labels = [one.get("label") or (one.get("emoji") or {}).get("name") or one.get("custom_id") for one in buttons]
        found = [
            one for one, label in zip(buttons, labels, strict=True) if label_or_id in {label, one.get("custom_id")}
        ]
        assert found, f"there is no button {label_or_id!r}, only: {labels}"
        assert not found[0].get("disabled"), f"the button {label_or_id!r} is disabled, of: {labels}"
        assert found[0]["style"] != LINK, f"the button {label_or_id!r} opens a link"
        data = {"custom_id": found[0]["custom_id"], "component_type": BUTTON}
        return self._ask(COMPONENT, data, by, int(kept["channel_id"]), locale, said=kept)

    def forge(self, said: Mapping[str, Any], custom_id: str, *, by: Mapping[str, Any], locale: str = "fr") -> Asked:
        """Somebody sends what a button would that is not on a message: no client of Discord's does that."""
        data = {"custom_id": custom_id, "component_type": BUTTON}
        return self._ask(COMPONENT, data, by, int(said["channel_id"]), locale, said=self._kept(said, by))

    def choose(
        self,
        said: Mapping[str, Any],
        *picked: Any,
        by: Mapping[str, Any],
        menu: str | None = None,
        locale: str = "fr",
    ) -> Asked:
        """Somebody picks options of a menu of a message, by value or label; of people or roles where it lists those.

        `menu` is the custom_id or the placeholder of the menu, where several would do.
        """
        kept = self._kept(said, by)
        menus = [one for one in parts(kept["components"]) if one["type"] in SELECTS]
        if menu is not None:
            menus = [one for one in menus if menu in {one["custom_id"], one.get("placeholder")}]
        assert menus, f"there is no menu {menu or ''}"
        resolved: dict[str, Any] = {}
        wrong: list[AssertionError] = []
        for one in menus:
            try:
                values = self._values(one, list(picked), resolved)
            except AssertionError as error:
                wrong.append(error)
                continue
            data = {"custom_id": one["custom_id"], "component_type": one["type"], "values": values}
            data |= {"resolved": resolved} if resolved else {}
            return self._ask(COMPONENT, data, by, int(kept["channel_id"]), locale, said=kept)
        raise wrong[0]

    def submit(
        self, asked: Asked, values: Mapping[str, Any] | None = None, *, by: Mapping[str, Any] | None = None, **more: Any
    ) -> Asked:
        """Somebody sends off the form that was opened; fields that are not named keep what the bot put in."""
        assert asked.modal is not None, "no form was opened"
        left = {**(values or {}), **more}
        numbers = count(1)
        resolved: dict[str, Any] = {}

        def fill(one: Mapping[str, Any], label: str) -> dict[str, Any]:
            filled = {"type": one["type"], "id": next(numbers)}
            if "custom_id" not in one:
                return filled
            given = left.pop(one["custom_id"], _MISSING)
            given = left.pop(label, _MISSING) if given is _MISSING else given
            return filled | {"custom_id": one["custom_id"], **self._filled_in(one, given, label, resolved)}

        sent: list[dict[str, Any]] = []
        for held in asked.modal["components"]:
            box: dict[str, Any] = {"type": held["type"], "id": next(numbers)}
            if held["type"] == LABEL:
                box["component"] = fill(held["component"], held["label"])
            elif held["type"] == ROW:
                box["components"] = [fill(one, one["label"]) for one in held["components"]]
            sent.append(box)
        names = [one.get("label") or one.get("custom_id") for one in parts(asked.modal["components"])]
        assert not left, f"the form has no field {', '.join(left)}, only: {[name for name in names if name]}"
        data = {
            "custom_id": asked.modal["custom_id"],
            "components": sent,
            **({"resolved": resolved} if resolved else {}),
        }
        return self._ask(FORM, data, by or asked.by, asked.channel, asked.locale, said=asked.said)

    def _filled_in(self, one: Mapping[str, Any], given: Any, label: str, resolved: dict[str, Any]) -> dict[str, Any]:
        if one["type"] == TEXT_INPUT:
            text = one.get("value") or "" if given is _MISSING else str(given)
            assert text or not one.get("required", True), f"{label!r} must be filled in"
            least, most = one.get("min_length") or 0, one.get("max_length") or 4000
            assert not text or least <= len(text) <= most, f"{label!r} takes {least} to {most} letters, not {len(text)}"
            return {"value": text}
        if one["type"] in SELECTS:
            if given is _MISSING:
                chosen = [option["value"] for option in one.get("options") or () if option.get("default")]
                chosen += [str(default["id"]) for default in one.get("default_values") or ()]
                assert chosen or not one.get("required", True), f"{label!r} must be chosen"
                return {"values": chosen}
            return {"values": self._values(one, given if isinstance(given, list) else [given], resolved)}
        options = {
            name: option["value"] for option in one.get("options") or () for name in (option["label"], option["value"])
        }
        if isinstance(given, list):
            return {"values": [options.get(name, name) for name in given]}
        return {"value": None if given is _MISSING else options.get(given, given)}

    def _values(self, menu: Mapping[str, Any], picked: list[Any], resolved: dict[str, Any]) -> list[str]:
        """What picking these sends; `resolved` is told of people and roles."""
        assert not menu.get("disabled"), f"the menu {menu['custom_id']!r} is disabled"
        least, most = menu.get("min_values", 1), menu.get("max_values", 1)
        assert least <= len(picked) <= most, f"the menu takes {least} to {most} options"
        if menu["type"] != STRING_SELECT:
            return [self._resolve(one, resolved) for one in picked]
        options = menu["options"]
        values = {option["label"]: option["value"] for option in options} | {
            option["value"]: option["value"] for option in options
        }
        unknown = [one for one in picked if one not in values]
        assert not unknown, f"the menu has no option {unknown[0]!r}, only: {[option['label'] for option in options]}"
        return [values[one] for one in picked]

    def _resolve(self, one: Any, resolved: dict[str, Any]) -> str:
        """The id of a person, or of a role or channel given by its number."""
        if isinstance(one, Mapping):
            number = str(one["user"]["id"])
            member = {name: value for name, value in self._server._member(one).items() if name != "user"}
            resolved.setdefault("users", {})[number] = one["user"]
            resolved.setdefault("members", {})[number] = member | {"permissions": str(self._rights(one))}
            return number
        guild = self._server._guild()
        for kind in ("roles", "channels"):
            for held in guild[kind]:
                if held["id"] == str(one):
                    resolved.setdefault(kind, {})[held["id"]] = held | {"permissions": held.get("permissions", "0")}
        return str(one)

    def _option(
        self, told: Mapping[str, Any] | None, name: str, value: Any, resolved: dict[str, Any]
    ) -> dict[str, Any]:
        known = self._find_option(told, name) if told is not None else None
        if isinstance(value, Mapping):
            return {"name": known["name"] if known else name, "type": 6, "value": self._resolve(value, resolved)}
        kinds = {bool: 5, int: 4, float: 10, str: 3}
        if known is None:
            return {"name": name, "type": kinds[type(value)], "value": value}
        for choice in known.get("choices") or ():
            if value in {choice["name"], choice["value"]}:
                return {"name": known["name"], "type": known["type"], "value": choice["value"]}
        assert not known.get("choices"), f"{name} is one of {[choice['name'] for choice in known['choices']]}"
        if known["type"] in {6, 7, 8, 9}:
            return {"name": known["name"], "type": known["type"], "value": self._resolve(value, resolved)}
        assert kinds[type(value)] == known["type"] or {kinds[type(value)], known["type"]} == {4, 10}, (
            f"{name} takes another type than {value!r}"
        )
        size = len(value) if isinstance(value, str) else value
        bounds = ("min_length", "max_length") if isinstance(value, str) else ("min_value", "max_value")
        assert known.get(bounds[0], size) <= size <= known.get(bounds[1], size), f"{name} may not be {value!r}"
        return {"name": known["name"], "type": known["type"], "value": value}

    def _find_command(self, name: str, kind: int) -> dict[str, Any] | None:
        """A command that the bot has made known; None while it has made none known."""
        every = [one for one in (*self._server.commands, *self.guild_commands) if one.get("type", CHAT) == kind]
        if not self._server.commands and not self.guild_commands:
            return None
        for one in every:
            if name in {one["name"], *(one.get("name_localizations") or {}).values()}:
                return one
        raise AssertionError(f"there is no command {name!r}, only: {[one['name'] for one in every]}")

    @staticmethod
    def _find_option(told: Mapping[str, Any], name: str) -> dict[str, Any]:
        for one in told.get("options") or ():
            if name in {one["name"], *(one.get("name_localizations") or {}).values()}:
                return dict(one)
        has = [one["name"] for one in told.get("options") or ()]
        raise AssertionError(f"{told['name']} has no {name!r}, only: {has}")

    def _kept(self, said: Mapping[str, Any], by: Mapping[str, Any]) -> dict[str, Any]:
        """A message as it now stands, if this person sees it."""
        number = int(said["id"])
        if number in self._whispers:
            whom, kept = self._whispers[number]
            assert whom == by["user"]["id"], "this answer is shown to somebody else alone"
            return kept
        found = self._server.messages.get(int(said["channel_id"]), {}).get(number)
        assert found is not None, f"the message is gone: {said['content']!r}"
        return found

    def _ask(
        self,
        kind: int,
        data: Mapping[str, Any],
        by: Mapping[str, Any],
        channel: int,
        locale: str,
        *,
        said: dict[str, Any] | None = None,
    ) -> Asked:
        server = self._server
        number, token = str(server._snowflake()), f"interaction-{next(self._numbers)}"
        asked = Asked(server, number, token, kind, by, channel, locale, said, monotonic(), server.now)
        self._asked[token] = asked
        is_private = channel in server.private.values()
        told: dict[str, Any] = {
            "id": number,
            "application_id": str(APPLICATION),
            "type": kind,
            "token": token,
            "version": 1,
            "data": dict(data),
            "channel_id": str(channel),
            "channel": self._channel(channel),
            "locale": locale,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "attachment_size_limit": 10_485_760,
            "app_permissions": str(server.rights),
            "context": 1 if is_private else 0,
        }
        if said is not None:
            told["message"] = dict(said)
        if is_private:
            told["user"] = by["user"]
        else:
            told["guild"] = {"id": str(GUILD), "locale": "fr", "features": []}
            told |= {"guild_id": str(GUILD), "guild_locale": "fr"}
            told["member"] = server._member(by) | {"permissions": str(self._rights(by))}
        server.tell("INTERACTION_CREATE", told)
        return asked

    def _channel(self, channel: int) -> dict[str, Any]:
        if channel in self._server.private.values():
            return self._server._private_channel(channel)
        guild = self._server._guild()
        (found,) = [one for one in (*guild["channels"], *guild["threads"]) if one["id"] == str(channel)]
        return {**found, "permissions": "0"}

    def _rights(self, by: Mapping[str, Any]) -> int:
        guild = self._server._guild()
        if by["user"]["id"] == guild["owner_id"]:
            return (1 << 53) - 1
        held = {str(GUILD), *by["roles"]}
        rights = 0
        for role in guild["roles"]:
            if role["id"] in held:
                rights |= int(role["permissions"])
        return rights

    # --- what the bot does ---

    async def read(self, request: web.Request) -> Any:
        """The body of a request; files of a form are served from now on, and their `attachments` say where."""
        if not request.can_read_body:
            return dict(request.query)
        if not request.content_type.startswith("multipart/"):
            return await request.json()
        form = await request.post()
        body = json.loads(str(form["payload_json"]))
        holder = body["data"] if isinstance(body.get("data"), dict) else body
        told = {str(one["id"]): one for one in holder.get("attachments") or ()}
        for name, sent in form.items():
            if isinstance(sent, web.FileField):
                index = name.removeprefix("files[").removesuffix("]")
                told[index] = {**told.get(index, {}), **self._keep_file(sent.filename, sent.file.read())}
        return body if not told else _with(body, holder, list(told.values()))

    def bytes_of(self, attachment: Mapping[str, Any]) -> bytes:
        """What a file that the bot has sent holds."""
        return self._server.files[str(attachment["url"]).rpartition("/")[2]]

    def _keep_file(self, name: str, content: bytes) -> dict[str, Any]:
        number = str(self._server._snowflake())
        self._server.files[f"{number}-{name}"] = content
        url = f"{self._server.url}/files/{number}-{name}"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        size = {"size": len(content), "content_type": kind}
        return {"id": number, "filename": name, "url": url, "proxy_url": url, **size}

    def fill(self, said: dict[str, Any], body: Mapping[str, Any], path: str = "") -> None:
        """Give a message what a request says of it; what the request leaves out stays.

        Raises:
            Refused: Discord would not show such a message.
        """
        changed = dict(said)
        changed["content"] = ((said["content"] if "content" not in body else body["content"]) or "").strip()
        for name in ("embeds", "components"):
            changed[name] = body.get(name) or [] if name in body else said[name]
        if "attachments" in body:
            had = {str(one["id"]): one for one in said["attachments"]}
            changed["attachments"] = [had.get(str(one["id"]), one) for one in body["attachments"] or ()]
        urls = {f"attachment://{one['filename']}": one["url"] for one in changed["attachments"] if "url" in one}
        changed["embeds"] = [_with_urls(embed, urls) for embed in changed["embeds"]]
        if body.get("flags") is not None:
            changed["flags"] = said["flags"] & (EPHEMERAL | COMPONENTS_V2) | int(body["flags"])
        if "allowed_mentions" in body:
            changed["allowed_mentions"] = body["allowed_mentions"]
        check_message(changed, path)
        said.update(changed)

    def do(self, method: str, path: list[str], body: Any, query: Mapping[str, str]) -> web.Response | None:
        """Answer a request that is about interactions or commands; None for any other."""
        match method, path:
            case "PUT", ["applications", _, "commands"]:
                check_commands(body)
                self._server.commands = [one | {"id": str(number)} for number, one in enumerate(body, start=1)]
                return as_json(_listed(self._server.commands))
            case "PUT", ["applications", _, "guilds", _, "commands"]:
                check_commands(body)
                self.guild_commands = [one | {"id": str(number)} for number, one in enumerate(body, start=501)]
                return as_json([{"guild_id": str(GUILD)} | one for one in _listed(self.guild_commands)])
            case "GET", ["applications", _, "commands"]:
                return as_json(_listed(self._server.commands))
            case "POST", ["interactions", _, token, "callback"]:
                return self._callback(token, body, query)
            case "POST", ["webhooks", _, token]:
                return as_json(self._follow_up(self._live(token), body))
            case _, ["webhooks", _, token, "messages", which]:
                return self._look_after(method, self._live(token), which, body)
        return None

    def _callback(self, token: str, body: Mapping[str, Any], query: Mapping[str, str]) -> web.Response:
        asked = self._asked.get(token)
        if asked is None:
            raise Refused(10062, "Unknown interaction", status=404)
        if asked.took is None:
            asked.took = monotonic() - asked.asked_on
        try:
            told = self._take(asked, body["type"], body.get("data") or {})
        except Refused as refused:
            asked.refused.append(f"{refused.body['code']} {refused}")
            raise
        asked.callback = body["type"]
        if query.get("with_response", "").lower() not in {"1", "true"}:
            return web.Response(status=204)
        about: dict[str, Any] = {"id": asked.id, "type": asked.kind}
        if told is None:
            return as_json({"interaction": about, "resource": {"type": body["type"]}})
        about |= {
            "response_message_id": told["id"],
            "response_message_loading": bool(told["flags"] & LOADING),
            "response_message_ephemeral": bool(told["flags"] & EPHEMERAL),
        }
        resource = {"type": body["type"], **({"message": told} if body["type"] in {SAY, UPDATE} else {})}
        return as_json({"interaction": about, "resource": resource})

    def _take(self, asked: Asked, kind: int, data: Mapping[str, Any]) -> dict[str, Any] | None:
        """Do what a callback asks; the message that it concerns."""
        if asked.acknowledged:
            raise Refused(40060, "Interaction has already been acknowledged.")
        if monotonic() - asked.asked_on > self.answer_within_s:
            raise Refused(10062, "Unknown interaction", status=404)
        if kind in {UPDATE, UPDATE_LATER} and asked.said is None:
            raise invalid("type", "There is no message to update", "INTERACTION_TYPE_INVALID")
        if kind == OPEN_FORM and asked.kind == FORM:
            raise invalid("type", "A form cannot be answered with a form", "INTERACTION_TYPE_INVALID")
        if kind == SAY:
            asked.original = self._answer(asked, data, "data")
            return asked.original
        if kind == SAY_LATER:
            waiting = self._blank(asked, int(data.get("flags") or 0) & EPHEMERAL | LOADING)
            asked.original = waiting
            return waiting
        if kind == UPDATE:
            return self._update(asked, asked.said or {}, data, "data")
        if kind == OPEN_FORM:
            check_modal(data)
            asked.modal = dict(data)
            return None
        if kind == UPDATE_LATER:
            return asked.said
        raise invalid("type", f"There is no callback of type {kind} for this", "INTERACTION_TYPE_INVALID")

    def _live(self, token: str) -> Asked:
        """What a token stands for, while it lives."""
        asked = self._asked.get(token)
        if asked is None or not asked.acknowledged:
            raise Refused(10015, "Unknown Webhook", status=404)
        if self._server.now - asked.asked_at > self.token_lives:
            raise Refused(50027, "Invalid Webhook Token", status=401)
        return asked

    def _follow_up(self, asked: Asked, body: Mapping[str, Any]) -> dict[str, Any]:
        """One more answer; the first after a promise takes its place."""
        if asked.original is not None and asked.original["flags"] & LOADING:
            return self._keep_promise(asked, {name: value for name, value in body.items() if name != "flags"})
        return self._answer(asked, body)

    def _keep_promise(self, asked: Asked, body: Mapping[str, Any]) -> dict[str, Any]:
        said = asked.original
        assert said is not None
        self.fill(said, body)
        said["flags"] &= ~LOADING
        return self._show(asked, said)

    def _look_after(self, method: str, asked: Asked, which: str, body: Any) -> web.Response:
        said = self._message_of(asked, which)
        if method == "GET":
            return as_json(said)
        if method == "PATCH":
            if said["flags"] & LOADING:
                return as_json(self._keep_promise(asked, body))
            return as_json(self._update(asked, said, body))
        if method == "DELETE":
            if said["flags"] & LOADING:
                asked.original = None  # the promise is gone; what follows is an answer of its own
            else:
                self._take_back(said)
            return web.Response(status=204)
        return as_json({"message": "405: Method Not Allowed", "code": 0}, status=405)

    def _message_of(self, asked: Asked, which: str) -> dict[str, Any]:
        if which == "@original":
            said = asked.said if asked.callback in {UPDATE, UPDATE_LATER} else asked.original
            number = int(said["id"]) if said is not None else 0
        else:
            number = int(which)
        waiting = asked.original
        if waiting is not None and waiting["flags"] & LOADING and int(waiting["id"]) == number:
            return waiting
        its = {int(one["id"]) for one in (*asked.answers, *([asked.said] if asked.said is not None else ()))}
        kept = self._whispers[number][1] if number in self._whispers else self._in_channel(asked.channel, number)
        if number not in its or kept is None:
            raise Refused(10008, "Unknown Message", status=404)
        return kept

    def _in_channel(self, channel: int, number: int) -> dict[str, Any] | None:
        return self._server.messages.get(channel, {}).get(number)

    def _answer(self, asked: Asked, body: Mapping[str, Any], path: str = "") -> dict[str, Any]:
        said = self._blank(asked, 0)
        self.fill(said, body, path)
        return self._show(asked, said)

    def _blank(self, asked: Asked, flags: int) -> dict[str, Any]:
        about = {"id": asked.id, "type": asked.kind, "user": asked.by["user"], "authorizing_integration_owners": {}}
        if asked.said is not None and asked.kind == COMPONENT:
            about["interacted_message_id"] = asked.said["id"]
        ours = {"application_id": str(APPLICATION), "webhook_id": str(APPLICATION), "interaction_metadata": about}
        return self._server._message("", _US, asked.channel, flags=flags, **ours)

    def _show(self, asked: Asked, said: dict[str, Any]) -> dict[str, Any]:
        if said["flags"] & EPHEMERAL:
            self._whispers[int(said["id"])] = (asked.by["user"]["id"], said)
        else:
            self._server.messages[asked.channel][int(said["id"])] = said
            self._server.tell("MESSAGE_CREATE", self._server._as_event(said, _US))
        asked.answers.append(said)
        return said

    def _update(self, asked: Asked, said: dict[str, Any], body: Mapping[str, Any], path: str = "") -> dict[str, Any]:
        number = int(said["id"])
        if number not in self._whispers and self._in_channel(int(said["channel_id"]), number) is None:
            raise Refused(10008, "Unknown Message", status=404)
        self.change(said, body, path)
        if asked.said is not None and said["id"] == asked.said["id"]:
            asked.updated = said
        asked.updates += 1
        return said

    def change(self, said: dict[str, Any], body: Mapping[str, Any], path: str = "") -> None:
        """Edit a message in place."""
        self.fill(said, body, path)
        said["edited_timestamp"] = self._server.now.isoformat()
        if not said["flags"] & EPHEMERAL:
            self._server.tell("MESSAGE_UPDATE", self._server._as_event(said, _US))

    def _take_back(self, said: Mapping[str, Any]) -> None:
        if self._whispers.pop(int(said["id"]), None) is None:
            self._server.delete(said)


def shown(path: str) -> str:
    """A path with the token of an interaction made the same for all."""
    return _TOKEN.sub(r"\1/interaction", path)


def _listed(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"description": "", "application_id": str(APPLICATION), "version": "1"} | one for one in commands]


def _with(body: dict[str, Any], holder: dict[str, Any], attachments: list[dict[str, Any]]) -> dict[str, Any]:
    holder["attachments"] = attachments
    return body


def _with_urls(told: Any, urls: Mapping[str, str]) -> Any:
    """The same with links to files of the message replaced by where they are served."""
    if isinstance(told, dict):
        return {name: _with_urls(value, urls) for name, value in told.items()}
    if isinstance(told, list):
        return [_with_urls(value, urls) for value in told]
    return urls.get(told, told) if isinstance(told, str) else told
