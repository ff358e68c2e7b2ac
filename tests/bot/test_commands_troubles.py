"""What a chat shows of views, where there is too much to show."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.discord import rendering as discord
from bot.channels.telegram import rendering as telegram
from bot.commands.views import Form, Press, View, bold, line, quote
from inbox.sentences import Sentence, in_english

PARIS = ZoneInfo("Europe/Paris")


async def test_words_that_do_not_fit_a_form_of_discord_are_written_anew_and_not_cut_off():
    def form(value: str) -> Form:
        return Form(Sentence("Change the draft"), Sentence("How it is to read"), Press("edited", ("1",)), value=value)

    whole = discord.to_modal(form("é" * 3_000), tell=in_english, lang="en").to_components()
    too_long = discord.to_modal(form("é" * 4_001), tell=in_english, lang="en").to_components()

    assert "é" * 3_000 in str(whole)
    assert "é" not in str(too_long)


def test_what_asks_for_words_on_telegram_fits_whatever_stands_there_now():
    form = Form(Sentence("Change the draft"), Sentence("How it is to read"), Press("edited", ("1",)), value="é" * 4_090)

    assert telegram.units(telegram.to_prompt(form, tell=in_english, lang="en")) < telegram.LONGEST


@given(st.lists(st.text(alphabet="ab *_|\n<&>😀é", max_size=3_000), max_size=4), st.text(max_size=40))
def test_a_view_fits_and_shows_the_beginning_of_the_line_that_does_not(texts: list[str], name: str):
    view = View(tuple(quote(text) for text in texts), mentions={name: "21"} if name else {})

    on_discord = discord.to_content(view, tell=in_english, lang="en")
    on_telegram = telegram.to_html(view, tell=in_english, lang="en", zone=PARIS)

    assert len(on_discord.encode("utf-16-le")) // 2 <= 2_000
    assert on_telegram.count("<blockquote>") == on_telegram.count("</blockquote>")


def test_a_line_that_is_too_long_by_itself_is_cut_off_and_not_left_out():
    view = View((line(bold("Draft 1"), " "), quote("word " * 1_000)))

    on_discord = discord.to_content(view, tell=in_english, lang="en")
    on_telegram = telegram.to_html(view, tell=in_english, lang="en", zone=PARIS)

    assert on_discord.startswith("**Draft 1**")
    assert on_discord.endswith("…")
    assert on_telegram.endswith("…</blockquote>")
