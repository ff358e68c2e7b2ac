"""Channels that programs bring, as they are set; the example of the page on the API holds."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.hooks import build_hooks, hook_abilities, hooks_in
from app.settings import Settings, read_settings
from bot.channels.hook import HookChannel, LaidOutChannel
from inbox.called_in import Hook
from inbox.errors import BadSettings
from inbox.outgoing import OutboxKind

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
SECRET = "whsec_" + "QUFB" * 8


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(here: Path, text: str) -> Settings:
    (here / "vigie.toml").write_text(text, encoding="utf-8")
    return read_settings({})


def test_the_example_of_the_page_lays_replies_out_and_tells_them_once_it_has_an_address(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("VIGIE_HOOKS__FORUM__SECRET", SECRET)
    desks = cast(Any, {"main": SimpleNamespace(store=None, clock=None)})

    laid_out, told = read(here, EXAMPLE), read(here, EXAMPLE.replace("# url", "url"))

    assert hooks_in(laid_out) == {"forum": Hook("forum", "main", SECRET)}
    assert hook_abilities(laid_out)["api:forum"].acts == {OutboxKind.REPLY, OutboxKind.RETRACT}
    assert hook_abilities(laid_out)["api:forum"].longest == 2_000
    assert isinstance(build_hooks(laid_out, desks)["api:forum"], LaidOutChannel)
    assert isinstance(build_hooks(told, desks)["api:forum"], HookChannel)


def test_a_secret_may_lie_in_a_file(here: Path, monkeypatch: pytest.MonkeyPatch):
    (here / "secret").write_text(SECRET + "\n", encoding="utf-8")
    monkeypatch.setenv("VIGIE_HOOKS__FORUM__SECRET_FILE", str(here / "secret"))

    assert hooks_in(read(here, ""))["forum"].secret == SECRET


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[hooks.forum]\nsecret = "short"', "a secret has 16 bytes or more"),
        ('[hooks.forum]\nsecret = "whsec_QUFB"', "a secret has 16 bytes or more"),
        ('[hooks.forum]\nsecret = "whsec_%%%"', "what follows whsec_ is not Base64"),
        (f'[hooks.Forum]\nsecret = "{SECRET}"', "hooks.Forum: a name has small letters"),
        (f'[hooks.forum]\nsecret = "{SECRET}"\nbrand = "x"', 'hooks.forum: there is no brand "x"; there are: main'),
        (f'[hooks.forum]\nsecret = "{SECRET}"\nurl = "ftp://x"', '"ftp://x" is no address'),
        (f'[hooks.forum]\nsecret = "{SECRET}"\ncan = ["ban"]', "hooks.forum.can.0"),
        ("[hooks.forum]", "hooks.forum.secret"),
    ],
)
def test_what_cannot_work_is_refused_at_the_start_in_words(here: Path, text: str, says: str):
    with pytest.raises(BadSettings) as refused:
        read(here, text)

    assert says in str(refused.value)
    assert SECRET not in str(refused.value)
