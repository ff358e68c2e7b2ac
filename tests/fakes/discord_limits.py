"""What Discord refuses in messages, forms and commands, in its own codes.

Source: Discord's developer documentation, "Component Reference", "Message Resource" and "Application Commands".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.fakes.discord_values import COMPONENTS_V2, Refused, invalid

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
SELECTS = {STRING_SELECT, 5, 6, 7, 8}
LINK = 5
CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3
_MOST_COMMANDS = {CHAT: 100, USER_MENU: 15, MESSAGE_MENU: 15}
_SUB, _GROUP = 1, 2


def parts(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every component, those inside others too."""
    for one in components:
        yield one
        yield from parts(one.get("components") or ())
        yield from parts([inner for inner in (one.get("accessory"), one.get("component")) if inner])


def check_message(said: Mapping[str, Any], path: str = "") -> None:
    """Refuse what no message may be.

    Raises:
        Refused: It is empty, too long, or its components break a rule.
    """
    prefix = f"{path}." if path else ""
    is_v2 = bool(said["flags"] & COMPONENTS_V2)
    if is_v2 and (said["content"] or said["embeds"]):
        raise invalid(f"{prefix}content", "The 'content' and 'embeds' fields cannot be used with components v2")
    if not any(said[name] for name in ("content", "embeds", "attachments", "components")):
        raise Refused(50006, "Cannot send an empty message")
    _length(f"{prefix}content", said["content"], most=2000)
    _check_embeds(f"{prefix}embeds", said["embeds"])
    check_components(f"{prefix}components", said["components"], is_v2=is_v2)


def check_components(path: str, components: Sequence[Mapping[str, Any]], *, is_v2: bool = False) -> None:
    """Refuse rows, buttons and menus that Discord would not show."""
    if not is_v2:
        _length(path, components, most=5)
    every = list(parts(components))
    if len(every) > 40:
        raise invalid(path, "Must be 40 or fewer components in all.")
    for number, row in enumerate(components):
        if row["type"] != ROW and not is_v2:
            raise invalid(f"{path}.{number}.type", 'Value of field "type" must be one of (1,).')
    for number, row in enumerate(one for one in every if one["type"] == ROW):
        _check_row(f"{path}.{number}.components", row["components"])
    ids = [one["custom_id"] for one in every if "custom_id" in one]
    if len(ids) != len(set(ids)):
        raise invalid(path, "Component custom id cannot be duplicated", "COMPONENT_CUSTOM_ID_DUPLICATED")


def check_modal(form: Mapping[str, Any]) -> None:
    """Refuse a form that Discord would not open."""
    _length("data.title", form.get("title") or "", least=1, most=45)
    _length("data.custom_id", form.get("custom_id") or "", least=1, most=100)
    _length("data.components", form["components"], least=1, most=5)
    for number, held in enumerate(form["components"]):
        path = f"data.components.{number}"
        if held["type"] == LABEL:
            _length(f"{path}.label", held.get("label") or "", least=1, most=45)
            _length(f"{path}.description", held.get("description") or "", most=100)
            _check_part(f"{path}.component", held["component"])
        elif held["type"] == ROW:
            _length(f"{path}.components", held["components"], least=1, most=1)
            (field,) = held["components"]
            _length(f"{path}.components.0.label", field.get("label") or "", least=1, most=45)
            _check_part(f"{path}.components.0", field)
    ids = [one["custom_id"] for one in parts(form["components"]) if "custom_id" in one]
    if len(ids) != len(set(ids)):
        raise invalid("data.components", "Component custom id cannot be duplicated", "COMPONENT_CUSTOM_ID_DUPLICATED")


def check_commands(commands: Sequence[Mapping[str, Any]]) -> None:
    """Refuse commands that Discord would not list."""
    names = [(one.get("type", CHAT), one["name"]) for one in commands]
    for kind, most in _MOST_COMMANDS.items():
        if sum(1 for its, _ in names if its == kind) > most:
            raise Refused(30032, f"Maximum number of application commands reached ({most}).")
    for number, one in enumerate(commands):
        if names.index(names[number]) != number:
            says = "Application command names must be unique"
            raise invalid(f"{number}.name", says, "APPLICATION_COMMANDS_DUPLICATE_NAME")
        if one.get("type", CHAT) == CHAT:
            _check_chat(str(number), one)
            if _size(one) > 8000:
                raise invalid(str(number), "Command exceeds maximum size (8000)", "APPLICATION_COMMAND_TOO_LARGE")
            continue
        for name in (one["name"], *(one.get("name_localizations") or {}).values()):
            _length(f"{number}.name", name, least=1, most=32)
        if one.get("description"):
            raise invalid(f"{number}.description", "Context menu commands cannot have description")


def _check_row(path: str, held: Sequence[Mapping[str, Any]]) -> None:
    _length(path, held, least=1, most=5)
    if len(held) > 1 and any(one["type"] in SELECTS for one in held):
        raise invalid(path, "The specified component exceeds the maximum width", "COMPONENT_LAYOUT_WIDTH_EXCEEDED")
    for number, one in enumerate(held):
        if one["type"] not in {BUTTON, *SELECTS}:
            raise invalid(f"{path}.{number}.type", 'Value of field "type" must be one of (2, 3, 5, 6, 7, 8).')
        _check_part(f"{path}.{number}", one)


def _check_part(path: str, one: Mapping[str, Any]) -> None:
    if one["type"] == BUTTON:
        _length(f"{path}.label", one.get("label") or "", most=80)
        if not one.get("label") and not one.get("emoji"):
            raise invalid(path, "A button must have either an emoji or a label", "BUTTON_COMPONENT_INVALID")
        if one["style"] == LINK:
            if not str(one.get("url", "")).startswith(("https://", "http://", "discord://")):
                raise invalid(f"{path}.url", "Not a well formed URL.", "URL_TYPE_INVALID_URL")
            return
    _length(f"{path}.custom_id", one.get("custom_id") or "", least=1, most=100)
    if one["type"] in SELECTS:
        _check_select(path, one)
    elif one["type"] == TEXT_INPUT:
        _length(f"{path}.placeholder", one.get("placeholder") or "", most=100)
        _length(f"{path}.value", one.get("value") or "", most=one.get("max_length", 4000))
        _between(f"{path}.max_length", one.get("max_length", 4000), 1, 4000)
        _between(f"{path}.min_length", one.get("min_length", 0), 0, one.get("max_length", 4000))


def _check_select(path: str, menu: Mapping[str, Any]) -> None:
    _length(f"{path}.placeholder", menu.get("placeholder") or "", most=150)
    least, most = menu.get("min_values", 1), menu.get("max_values", 1)
    _between(f"{path}.max_values", most, 1, 25)
    _between(f"{path}.min_values", least, 0, most)
    if menu["type"] != STRING_SELECT:
        return
    options = menu.get("options") or []
    _length(f"{path}.options", options, least=1, most=25)
    _between(f"{path}.max_values", most, 1, len(options))
    for number, option in enumerate(options):
        _length(f"{path}.options.{number}.label", option["label"], least=1, most=100)
        _length(f"{path}.options.{number}.value", option["value"], least=1, most=100)
        _length(f"{path}.options.{number}.description", option.get("description") or "", most=100)
    values = [option["value"] for option in options]
    if len(values) != len(set(values)):
        says = "The specified option value is already used"
        raise invalid(f"{path}.options", says, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")


def _check_embeds(path: str, embeds: Sequence[Mapping[str, Any]]) -> None:
    _length(path, embeds, most=10)
    words = 0
    for number, embed in enumerate(embeds):
        here = f"{path}.{number}"
        fields = embed.get("fields") or []
        _length(f"{here}.fields", fields, most=25)
        texts = {
            "title": (embed.get("title"), 256),
            "description": (embed.get("description"), 4096),
            "footer.text": ((embed.get("footer") or {}).get("text"), 2048),
            "author.name": ((embed.get("author") or {}).get("name"), 256),
        }
        for name, (text, most) in texts.items():
            _length(f"{here}.{name}", text or "", most=most)
            words += len(text or "")
        for which, field in enumerate(fields):
            _length(f"{here}.fields.{which}.name", field["name"], least=1, most=256)
            _length(f"{here}.fields.{which}.value", field["value"], least=1, most=1024)
            words += len(field["name"]) + len(field["value"])
    if words > 6000:
        raise invalid(path, "Embed size exceeds maximum size of 6000", "MAX_EMBED_SIZE_EXCEEDED")


def _check_chat(path: str, one: Mapping[str, Any]) -> None:
    for name in (one["name"], *(one.get("name_localizations") or {}).values()):
        if not 1 <= len(name) <= 32 or not all(_may_name(letter) for letter in name):
            raise invalid(f"{path}.name", f"Command name is invalid: {name!r}", "APPLICATION_COMMAND_INVALID_NAME")
    for text in (one.get("description") or "", *(one.get("description_localizations") or {}).values()):
        _length(f"{path}.description", text, least=1, most=100)
    options = one.get("options") or []
    _length(f"{path}.options", options, most=25)
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        says = "Required options must be placed before non-required options"
        raise invalid(f"{path}.options", says, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID")
    if len({option["name"] for option in options}) != len(options):
        raise invalid(f"{path}.options", "Option names must be unique", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE")
    if len({option["type"] in {_SUB, _GROUP} for option in options}) > 1:
        says = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        raise invalid(f"{path}.options", says, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID")
    for number, option in enumerate(options):
        _check_chat(f"{path}.options.{number}", option)
        choices = option.get("choices") or []
        _length(f"{path}.options.{number}.choices", choices, most=25)
        for which, choice in enumerate(choices):
            for name in (choice["name"], *(choice.get("name_localizations") or {}).values()):
                _length(f"{path}.options.{number}.choices.{which}.name", name, least=1, most=100)
            _length(f"{path}.options.{number}.choices.{which}.value", str(choice["value"]), least=1, most=100)


def _may_name(letter: str) -> bool:
    return letter in "-_" or letter.isdigit() or unicodedata.category(letter) in {"Ll", "Lo"}


def _size(one: Mapping[str, Any]) -> int:
    """Letters of a command, its options and choices: the longest translation of each counts."""
    names = [one["name"], *(one.get("name_localizations") or {}).values()]
    texts = [one.get("description") or "", *(one.get("description_localizations") or {}).values()]
    inner = [*(one.get("options") or []), *(one.get("choices") or [])]
    value = len(str(one.get("value", "")))
    return max(map(len, names)) + max(map(len, texts)) + value + sum(_size(held) for held in inner)


def _length(path: str, held: Sequence[Any], *, most: int, least: int = 0) -> None:
    if least and not held:
        raise invalid(path, "This field is required", "BASE_TYPE_REQUIRED")
    if not least <= len(held) <= most:
        says = f"Must be between {least} and {most} in length." if least else f"Must be {most} or fewer in length."
        raise invalid(path, says, "BASE_TYPE_BAD_LENGTH")


def _between(path: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise invalid(path, f"Must be between {least} and {most}.", "NUMBER_TYPE_RANGE")
