"""F38: canned responses from other programs, their variables turned into ours; and the FAQ."""

from __future__ import annotations

import json

import pytest

from inbox.errors import BadResponses
from inbox.response_files import to_blanks
from routing.faq import read_faq, read_markdown
from routing.importing import read_exported, to_toml
from routing.responses import read_responses


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Bonjour {{ contact.first_name }},", 'Bonjour {{contact.first_name|default:"à vous"}},'),
        ("Bonjour {{contact.name | default: 'vous'}}", 'Bonjour {{contact.name|default:"vous"}}'),
        ("Bonjour {{ticket.requester.first_name}}", 'Bonjour {{contact.first_name|default:"à vous"}}'),
        (
            "Bonjour #{ticket.customer.firstname}, dossier #{ticket.number}",
            'Bonjour {{contact.first_name|default:"à vous"}}, dossier {{conversation.id}}',
        ),
        ("Merci.", "Merci."),
    ],
)
def test_f38_variables_of_chatwoot_zendesk_and_zammad_become_blanks_of_ours(theirs: str, ours: str):
    assert to_blanks(theirs, defaults={"contact.first_name": "à vous"}) == (ours, ())


def test_f38_a_variable_that_nothing_of_ours_fills_is_named_and_stays():
    assert to_blanks("Ici {{agent.name}}.") == ("Ici {{agent.name}}.", ("{{agent.name}}",))


def test_what_is_imported_is_read_as_responses_each_under_a_code_of_its_own():
    zendesk = {"macros": [{"title": "Délai : retard", "actions": [{"field": "comment_value", "value": "Navrés !"}]}]}
    zammad = 'name,content\nSalut,"<p>Bonjour,</p><p>c’est noté.</p>"\nSalut,Encore\nVide,\n'

    found = [*read_exported(json.dumps(zendesk), lang="fr"), *read_exported(zammad, lang="fr")]

    assert [(one.code, one.text) for one in found] == [
        ("delai-retard", "Navrés !"),
        ("salut", "Bonjour,\nc’est noté."),
        ("salut-2", "Encore"),
    ]
    kept = read_responses(to_toml(found, lang="fr", source="macros.json"))
    assert {one.source for one in kept.values()} == {"macros.json"}
    assert [one.variants[0].text for one in kept.values()] == [one.text for one in found]


def test_questions_are_read_from_toml_and_from_markdown_with_several_wordings_of_one():
    toml = '[[question]]\nask = ["Quand livrez-vous ?", "Vos délais ?"]\nanswer = "Du mardi au samedi."\n'
    markdown = "# Quand livrez-vous ?\n## Vos délais ?\n\nDu mardi au samedi.\n\n# Sans réponse ?\n"

    for found in (read_faq(toml, lang="fr"), read_markdown(markdown, lang="fr")):
        assert [(asked, one.words, one.lang) for asked, one in found] == [
            ("Quand livrez-vous ?", "Du mardi au samedi.", "fr"),
            ("Vos délais ?", "Du mardi au samedi.", "fr"),
        ]


def test_every_fault_of_an_faq_is_told():
    with pytest.raises(BadResponses) as caught:
        read_faq('[[question]]\nask = []\nanswer = "{{nobody}}"\nhow = 1\n', lang="fr")

    assert [str(fault) for fault in caught.value.findings] == [
        'faq.toml, question 1: there is no field "how".',
        'faq.toml, question 1: "ask" must be what people ask, in one wording or in a list of them.',
        "faq.toml, question 1: nothing is called nobody.",
    ]
