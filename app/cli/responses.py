"""`vigie responses`: the canned responses, checked, listed, with what they said before, and brought from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.brand import Brand, settings_of
from app.cli.help import add, group
from app.cli.output import indented, moment, note, out, say, say_json, table
from app.words import _, tell
from inbox.sentences import Sentence

app = group(_("The canned responses: list them, check them, bring them from another program."))
_Json = Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))]


def check(brand: Brand = None) -> None:
    """Check the canned responses and the FAQ, and say what is wrong or doubtful in them."""
    from app.wiring import build_brand, faq_path, known_abilities, now, read_responses, responses_path
    from inbox.response_lint import doubts_of
    from routing.faq import load_faq

    settings = settings_of(brand)
    responses = read_responses(settings)
    path = faq_path(settings)
    faq = [] if path is None else load_faq(path, lang=settings.brand.languages[0])
    doubts = list(
        doubts_of(responses.values(), brand=build_brand(settings.brand), abilities=known_abilities(), now=now())
    )
    for doubt in doubts:
        say(tell(doubt), style="yellow")
    place = responses_path(settings)
    name = str(place) if place else _("the responses that ship")
    say(
        _("{name}: {n} responses, {asked} questions of the FAQ. Doubts: {doubts}.").format(
            name=name, n=len(responses), asked=len(faq), doubts=len(doubts)
        )
    )


def list_responses(as_json: _Json = False, brand: Brand = None) -> None:
    """List the canned responses: what each does, whose it is, in which languages and voices."""
    from app.wiring import read_responses

    rows = []
    for one in read_responses(settings_of(brand)).values():
        told = {
            "code": one.code,
            "polarity": one.polarity,
            "owner": one.owner,
            "languages": sorted({variant.lang for variant in one.variants}),
            "wordings": len(one.variants),
            "valid_until": one.valid_until,
            "source": one.source,
        }
        if as_json:
            say_json(told)
        until = "" if one.valid_until is None else one.valid_until.isoformat()
        languages = " ".join(sorted({variant.lang for variant in one.variants}))
        rows.append((one.code, one.polarity.value, one.owner, languages, until, one.source, str(len(one.variants))))
    if not as_json:
        heads = (_("code"), _("does"), _("owner"), _("languages"), _("valid until"), _("source"), _("wordings"))
        out.print(table(heads, rows, right=1))


def versions(
    code: Annotated[str, typer.Argument(help=_("A response by its code."))], as_json: _Json = False, brand: Brand = None
) -> None:
    """Show what a canned response said before, the latest first."""
    from app.wiring import open_store
    from routing.response_history import said_before

    with open_store(settings_of(brand)) as store, store.read() as books:
        found = said_before(books.response_books(), code)
    for one in found:
        if as_json:
            say_json({"code": code, "since": one.since, "wordings": one.wordings})
            continue
        head = moment(one.since)
        say(head if one.wordings is not None else f"{head}  {_('taken away')}", style="bold")
        for lang, text in one.wordings or ():
            say(indented(f"{lang}  {text}"))
    if not found and not as_json:
        say(_("Nothing is known of a response with this code."))


def import_responses(
    file: Annotated[Path, typer.Argument(help=_("What Chatwoot, Zammad or Zendesk has exported: JSON or CSV."))],
    lang: Annotated[Literal["fr", "en"], typer.Option(help=_("The language that the responses are in."))] = "fr",
    into: Annotated[Path, typer.Option(help=_("The file to add them to."))] = Path("responses.toml"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be added; write nothing."))] = False,
) -> None:
    """Bring canned responses from another program; its variables become blanks of ours."""
    from app.in_force import write_whole
    from routing.importing import load_exported, to_toml
    from routing.responses import STARTER
    from routing.responses import read_responses as read_text

    found = load_exported(file, lang=lang)
    before = into.read_text(encoding="utf-8") if into.is_file() else STARTER.read_text(encoding="utf-8")
    known = read_text(before, name=into.name)
    new = [one for one in found if one.code not in known and not one.strange]
    for one in found:
        for variable in one.strange:
            note(tell(Sentence('"{code}": nothing of ours fills {variable}.', code=one.code, variable=variable)))
        if one.code in known:
            note(tell(Sentence('"{code}" is there already, and stays as it is.', code=one.code)))
    added = to_toml(new, lang=lang, source=file.name)
    text = f"{before.rstrip()}\n\n{added}"
    read_text(text, name=into.name)
    if dry_run:
        say(added)
    elif new:
        write_whole(into, text)
    say(_("{n} of {all} responses added to {file}.").format(n=0 if dry_run else len(new), all=len(found), file=into))


add("check", check, to=app)
add("list", list_responses, to=app)
add("versions", versions, to=app)
add("import", import_responses, to=app)
