"""What a team does with the bot on the Telegram on loopback: its buttons, menus, pictures, and who is in charge.

    card = telegram.sent[-1]
    pressed = telegram.press(card, "Envoyer", by=8, name="Inès Martin")
    await pressed.until_answered()
    pressed.answer                                              # what answerCallbackQuery was given
    telegram.kept(card)["text"]                                 # the message as it now stands
    telegram.press(card, by=9, data="forged:1")                 # whatever data a changed client may send
    telegram.reply_to(card, "Merci !", by=8)
    telegram.menus["chat:-1001", "fr"]                          # the commands listed there, in this language
    telegram.creators[-1001] = 8                                # the others of `administrators` are administrators

In `given`, the words of a message are as the bot sent them; in `text` as people see them. What the bot may not do is
refused in Telegram's own words.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram

PLAIN = frozenset({"text", "caption"})
"""Parameters that are never JSON, whatever they begin with."""

PICTURE = b"\x89PNG\r\n\x1a\n"
"""How a picture begins that Telegram takes for one."""

MOST_TEXT, MOST_CAPTION, MOST_NOTE, MOST_DATA, MOST_COMMANDS = 4096, 1024, 200, 64, 100
_MOST_PHOTO = 10 * 1024 * 1024
_UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a"
    " current content and reply markup of the message"
)
_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
_BEGINS = ("\x89PNG", "\xff\xd8\xff", "GIF8", "RIFF")
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_TOKEN = re.compile(r"<(?P<close>/?)(?P<tag>[a-zA-Z0-9-]*)(?P<rest>[^<>]*)(?P<end>>?)|(?P<text>[^<]+)")
_NAMED = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#[xX][0-9a-fA-F]+);")
_HREF = re.compile(r"""\bhref=(?:"([^"]*)"|'([^']*)')""")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_POWERS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


class Refused(Exception):
    """Telegram answers that this cannot be done."""


@dataclass(eq=False)
class Pressed:
    """One press of a button, and what the bot answered to it."""

    server: FakeTelegram
    id: str
    said: Mapping[str, Any]
    answer: dict[str, Any] | None = None
    refused: list[str] = field(default_factory=list)
    is_over: bool = False
    """Whether nobody waits for an answer any more."""

    @property
    def note(self) -> str:
        """What the person was shown for a moment; nothing where the answer was silent."""
        return str((self.answer or {}).get("text", ""))

    def expire(self) -> None:
        """The person's client has stopped waiting."""
        self.is_over = True

    async def until_answered(self) -> None:
        """Return once the bot has answered the press."""
        await self.server.until(lambda: self.answer is not None)

    async def until_refused(self, times: int = 1) -> None:
        """Return once answers to it were refused this often."""
        await self.server.until(lambda: len(self.refused) >= times)


class Staff:
    """What belongs to a team's work on one server."""

    def __init__(self, server: FakeTelegram, us: Mapping[str, Any]) -> None:
        self._server = server
        self._us = us
        self._numbers = count(1)
        self._pressed: dict[str, Pressed] = {}
        self.menus: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.creators: dict[int, int] = {}
        self.handlers: dict[str, Callable[[dict[str, Any]], Awaitable[Any]]] = {
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageReplyMarkup": self._edit_markup,
            "answerCallbackQuery": self._answer_press,
            "setMyCommands": self._set_menu,
            "getMyCommands": self._get_menu,
            "deleteMyCommands": self._delete_menu,
            "getChatAdministrators": self._administrators,
            "getChatMember": self._member,
        }

    # --- what people do ---

    def press(
        self,
        said: Mapping[str, Any],
        label: str | None = None,
        *,
        by: int,
        name: str = "Camille Rousseau",
        lang: str | None = "fr",
        data: str | None = None,
    ) -> Pressed:
        """Somebody presses a button of a message as it now stands; with `data`, a changed client sends just that."""
        chat, number = said["chat"]["id"], said["message_id"]
        kept = self._server.messages.get((chat, number))
        if data is None:
            assert kept is not None, f"the message is gone: {said.get('text')!r}"
            assert chat < 0 or by == chat, "this chat is somebody else's"
            buttons = [one for row in kept.get("reply_markup", {}).get("inline_keyboard", ()) for one in row]
            found = [one for one in buttons if one["text"] == label]
            assert found, f"there is no button {label!r}, only: {[one['text'] for one in buttons]}"
            assert "callback_data" in found[0], f"the button {label!r} opens a link"
            data = found[0]["callback_data"]
        pressed = Pressed(self._server, str(7_000_000 + next(self._numbers)), said)
        self._pressed[pressed.id] = pressed
        gone = {"chat": self._server.chat(chat), "message_id": number, "date": 0}
        told = {
            "id": pressed.id,
            "from": _user(by, name, lang),
            "message": gone if kept is None else dict(kept),
            "chat_instance": str(chat),
            "data": data,
        }
        self._server.update({"callback_query": told})
        return pressed

    def reply_to(
        self, said: Mapping[str, Any], text: str, *, by: int, name: str = "Camille Rousseau", **more: Any
    ) -> dict[str, Any]:
        """Somebody answers a message of the bot where it stands."""
        kept = {key: value for key, value in self.kept(said).items() if key != "reply_to_message"}
        if "message_thread_id" in kept:
            more = {"message_thread_id": kept["message_thread_id"], "is_topic_message": True, **more}
        return self._server.say(text, chat=said["chat"]["id"], author=by, name=name, reply_to_message=kept, **more)

    def kept(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """A message as it now stands."""
        found = self._server.messages.get((said["chat"]["id"], said["message_id"]))
        assert found is not None, f"the message is gone: {said.get('text')!r}"
        return found

    async def until(self, holds: Callable[[], Any]) -> None:
        """Return once something holds, looked at after each call of the bot."""
        async with self._server._changed, asyncio.timeout(20):
            await self._server._changed.wait_for(holds)

    # --- what the bot says ---

    async def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._say(given, _words(given, "text", most=MOST_TEXT))

    async def _send_photo(self, given: dict[str, Any]) -> dict[str, Any]:
        words = _words(given, "caption", most=MOST_CAPTION)
        sent = given["photo"]
        if isinstance(sent, web.FileField):
            content = sent.file.read()
            if not content[:4].decode("latin-1").startswith(_BEGINS):
                raise Refused("Bad Request: IMAGE_PROCESS_FAILED")
            if len(content) > _MOST_PHOTO:
                raise Refused("Bad Request: file is too big")
            given["photo"] = content
        file = self._keep_file(given["photo"])
        return self._say(given, {"photo": [{**file, "width": 90, "height": 90}], **words})

    async def _send_document(self, given: dict[str, Any]) -> dict[str, Any]:
        words = _words(given, "caption", most=MOST_CAPTION)
        sent = given["document"]
        named = {}
        if isinstance(sent, web.FileField):
            named = {"file_name": sent.filename, "mime_type": sent.content_type}
            given["document"] = sent.file.read()
        return self._say(given, {"document": {**self._keep_file(given["document"]), **named}, **words})

    def _keep_file(self, sent: bytes | str) -> dict[str, Any]:
        """A file that can be fetched from now on; a text is the id of one that is there already."""
        if isinstance(sent, str):
            if f"files/{sent}" not in self._server.files:
                raise Refused("Bad Request: wrong file identifier/HTTP URL specified")
            return {
                "file_id": sent,
                "file_unique_id": f"u-{sent}",
                "file_size": len(self._server.files[f"files/{sent}"]),
            }
        number = f"sent-{next(self._numbers)}"
        self._server.files[f"files/{number}"] = sent
        return {"file_id": number, "file_unique_id": f"u-{number}", "file_size": len(sent)}

    def _say(self, given: dict[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
        server = self._server
        chat = int(given["chat_id"])
        about: dict[str, Any] = {}
        if answers := given.get("reply_parameters"):
            answered = server.messages.get((chat, answers["message_id"]))
            if answered is not None:
                kept = {key: value for key, value in answered.items() if key != "reply_to_message"}
                about["reply_to_message"] = kept
            elif not answers.get("allow_sending_without_reply"):
                raise Refused("Bad Request: message to be replied not found")
        if "message_thread_id" in given:
            about |= {"message_thread_id": int(given["message_thread_id"]), "is_topic_message": True}
        about |= _keyboard(given)
        server._message_ids[chat] += 1
        said: dict[str, Any] = {
            "message_id": server._message_ids[chat],
            "date": int(server.now.timestamp()),
            "chat": server.chat(chat),
            "from": self._us,
            **content,
            **about,
        }
        server.messages[chat, said["message_id"]] = said
        server.sent.append({**said, "given": given})
        return said

    async def _edit_text(self, given: dict[str, Any]) -> dict[str, Any]:
        said = self._ours(given)
        if "text" not in said:
            raise Refused("Bad Request: there is no text in the message to edit")
        return self._change(said, _words(given, "text", most=MOST_TEXT), _keyboard(given))

    async def _edit_caption(self, given: dict[str, Any]) -> dict[str, Any]:
        said = self._ours(given)
        if not said.keys() & {"photo", "document"}:
            raise Refused("Bad Request: there is no caption in the message to edit")
        return self._change(said, _words(given, "caption", most=MOST_CAPTION), _keyboard(given))

    async def _edit_markup(self, given: dict[str, Any]) -> dict[str, Any]:
        said = self._ours(given)
        names = ("text", "entities", "caption", "caption_entities")
        return self._change(said, {name: said[name] for name in names if name in said}, _keyboard(given))

    def _ours(self, given: Mapping[str, Any]) -> dict[str, Any]:
        said = self._server._find(given, "Bad Request: message to edit not found")
        if said["from"]["id"] != self._us["id"]:
            raise Refused("Bad Request: message can't be edited")
        return said

    def _change(self, said: dict[str, Any], words: Mapping[str, Any], keyboard: Mapping[str, Any]) -> dict[str, Any]:
        """Give a message other words and buttons; buttons that are not given again are gone."""
        parts = ("text", "entities", "caption", "caption_entities", "reply_markup")
        after = {**words, **keyboard}
        if after == {name: said[name] for name in parts if name in said}:
            raise Refused(_UNCHANGED)
        for name in parts:
            said.pop(name, None)
        said |= {**after, "edit_date": int(self._server.now.timestamp())}
        return said

    # --- buttons, menus, and who is in charge ---

    async def _answer_press(self, given: dict[str, Any]) -> bool:
        pressed = self._pressed.get(str(given["callback_query_id"]))
        if pressed is None:
            raise Refused(_TOO_OLD)
        refused = ""
        if pressed.answer is not None or pressed.is_over:
            refused = _TOO_OLD
        elif units(given.get("text", "")) > MOST_NOTE:
            refused = "Bad Request: MESSAGE_TOO_LONG"
        if refused:
            pressed.refused.append(refused)
            raise Refused(refused)
        pressed.answer = given
        return True

    async def _set_menu(self, given: dict[str, Any]) -> bool:
        commands = given["commands"]
        if len(commands) > MOST_COMMANDS:
            raise Refused("Bad Request: BOT_COMMANDS_TOO_MUCH")
        for one in commands:
            if _COMMAND.fullmatch(one["command"]) is None:
                raise Refused("Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= units(one["description"]) <= 256:
                raise Refused("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[_menu(given)] = commands
        return True

    async def _get_menu(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        return self.menus.get(_menu(given), [])

    async def _delete_menu(self, given: dict[str, Any]) -> bool:
        self.menus.pop(_menu(given), None)
        return True

    async def _administrators(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        chat = int(given["chat_id"])
        return [self._in_charge(chat, user) for user in self._server.administrators[chat]]

    async def _member(self, given: dict[str, Any]) -> dict[str, Any]:
        chat, whom = int(given["chat_id"]), int(given["user_id"])
        for user in self._server.administrators[chat]:
            if user["id"] == whom:
                return self._in_charge(chat, user)
        return {"status": "member", "user": _user(whom, "Camille Rousseau", None)}

    def _in_charge(self, chat: int, user: dict[str, Any]) -> dict[str, Any]:
        if self.creators.get(chat, user["id"]) == user["id"]:
            return {"status": "creator", "is_anonymous": False, "user": user}
        return {"status": "administrator", **dict.fromkeys(_POWERS, False), "user": user}


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def to_visible(marked: str) -> tuple[str, list[dict[str, Any]]]:
    """The words of an HTML text as people see them, and its entities.

    Raises:
        Refused: Its tags are unknown, or do not close each other.
    """
    text = ""
    open_tags: list[tuple[str, dict[str, Any]]] = []
    entities: list[dict[str, Any]] = []
    for token in _TOKEN.finditer(marked):
        if (plain := token["text"]) is not None:
            text += _NAMED.sub(lambda found: html.unescape(found[0]), plain)
            continue
        tag, offset = token["tag"].lower(), len(marked[: token.start()].encode())
        if not token["end"]:
            raise Refused(f"Bad Request: can't parse entities: Unclosed start tag at byte offset {offset}")
        if token["close"]:
            if not open_tags or open_tags[-1][0] != tag:
                raise Refused(f"Bad Request: can't parse entities: Unmatched end tag at byte offset {offset}")
            _, entity = open_tags.pop()
            entity["length"] = units(text) - entity["offset"]
            if entity["length"] and ("url" in entity or entity["type"] != "text_link"):
                entities.append(entity)
            continue
        if tag not in _TAGS or (tag == "span" and "tg-spoiler" not in token["rest"]):
            raise Refused(f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}" at byte offset {offset}')
        entity = {"type": _TAGS[tag], "offset": units(text), "length": 0}
        if tag == "blockquote" and "expandable" in token["rest"]:
            entity["type"] = "expandable_blockquote"
        if tag == "a" and (link := _HREF.search(token["rest"])):
            entity["url"] = html.unescape(link[1] or link[2] or "")
        open_tags.append((tag, entity))
    if open_tags:
        tag = open_tags[-1][0]
        raise Refused(f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")
    return text, sorted(entities, key=lambda one: (one["offset"], -one["length"]))


def _words(given: Mapping[str, Any], name: str, *, most: int) -> dict[str, Any]:
    """The text or caption of a message, and its entities."""
    listed = "entities" if name == "text" else "caption_entities"
    text, entities = str(given.get(name, "")), given.get(listed) or []
    match given.get("parse_mode"):
        case None:
            pass
        case "HTML":
            text, entities = to_visible(text)
        case _:
            raise Refused("Bad Request: unsupported parse_mode")
    if name == "text" and not text.strip():
        raise Refused("Bad Request: message text is empty")
    if units(text) > most:
        raise Refused(f"Bad Request: message {'is' if name == 'text' else 'caption is'} too long")
    return ({name: text} if text else {}) | ({listed: entities} if entities else {})


def _keyboard(given: Mapping[str, Any]) -> dict[str, Any]:
    """The buttons below a message, if it has any; other keyboards are no part of it."""
    rows = (given.get("reply_markup") or {}).get("inline_keyboard") or []
    for one in (one for row in rows for one in row):
        if not one.get("text"):
            raise Refused('Bad Request: can\'t parse inline keyboard button: Field "text" must be of type String')
        if len(one.keys() - {"text", "style", "icon_custom_emoji_id"}) != 1:
            says = "Text buttons are unallowed in the inline keyboard"
            raise Refused(f"Bad Request: can't parse inline keyboard button: {says}")
        if "callback_data" in one and not 1 <= len(one["callback_data"].encode()) <= MOST_DATA:
            raise Refused("Bad Request: BUTTON_DATA_INVALID")
    if sum(len(row) for row in rows) > 100:
        raise Refused("Bad Request: REPLY_MARKUP_TOO_LONG")
    return {"reply_markup": {"inline_keyboard": rows}} if any(rows) else {}


def _menu(given: Mapping[str, Any]) -> tuple[str, str]:
    """Where a list of commands is shown, and in which language: `chat:-1001`, `fr`."""
    lang = given.get("language_code", "")
    if _LANGUAGE.fullmatch(lang) is None:
        raise Refused("Bad Request: invalid language code specified")
    scope = given.get("scope") or {"type": "default"}
    where = [str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope]
    return ":".join(where), lang


def _user(number: int, name: str, lang: str | None) -> dict[str, Any]:
    first, _, last = name.partition(" ")
    spoken = {"language_code": lang} if lang else {}
    return {"id": number, "is_bot": False, "first_name": first, **({"last_name": last} if last else {}), **spoken}
