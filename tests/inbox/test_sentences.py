"""A sentence keeps its facts apart from its words until somebody reads it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inbox.sentences import Sentence

FRENCH = {
    "There is no label {word}.": "Il n’y a pas de label {word}.",
    "{file}: {fault}": "{file} : {fault}",
    "none": "aucun",
}


def in_french(says: str) -> str:
    return FRENCH.get(says, says)


def some_facts() -> st.SearchStrategy[dict[str, Any]]:
    plain = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers() | st.text())
    return st.dictionaries(st.sampled_from(["word", "file", "says", "facts", "self"]), plain)


def some_sentences() -> st.SearchStrategy[Sentence]:
    leaves = st.builds(lambda says, facts: Sentence(says, **facts), st.text(), some_facts())
    return st.recursive(
        leaves, lambda inner: st.builds(lambda says, fact: Sentence(says, fault=fact), st.text(), inner)
    )


def test_a_sentence_reads_as_written_with_its_facts_in_place():
    sentence = Sentence("line {line}: {reason}", line=12, reason="too long")

    told = str(sentence)

    assert told == "line 12: too long"


def test_a_sentence_is_told_in_the_readers_language():
    sentence = Sentence("There is no label {word}.", word="complain")

    told = sentence.told_by(in_french)

    assert told == "Il n’y a pas de label complain."


def test_a_sentence_inside_a_sentence_is_translated_too():
    sentence = Sentence("{file}: {fault}", file="rules.toml", fault=Sentence("There is no label {word}.", word="x"))

    told = sentence.told_by(in_french)

    assert told == "rules.toml : Il n’y a pas de label x."


def test_a_fact_with_braces_is_shown_as_it_is():
    sentence = Sentence("There is no label {word}.", word="{oops} {{contact.name}}")

    told = str(sentence)

    assert told == "There is no label {oops} {{contact.name}}."


def test_a_doubled_brace_reads_as_one_with_facts_or_without():
    with_facts = Sentence("Write {{0,9}} for {sign}.", sign="*")
    without = Sentence("Write {{0,9}}.")

    told = (str(with_facts), str(without))

    assert told == ("Write {0,9} for *.", "Write {0,9}.")


@given(sentence=some_sentences())
def test_a_sentence_comes_back_from_the_store_as_it_went(sentence: Sentence):
    kept = json.loads(json.dumps(sentence.to_json()))

    assert Sentence.from_json(kept) == sentence


def test_sentences_are_the_same_when_their_words_and_facts_are():
    one, same, other = Sentence("{n} left", n=1), Sentence("{n} left", n=1), Sentence("{n} left", n=2)

    assert (one == same, hash(one) == hash(same), one == other) == (True, True, False)


def test_a_sentence_is_not_the_text_it_reads_as():
    assert Sentence("none") != "none"


def test_a_template_without_its_facts_can_still_be_looked_at():
    assert repr(Sentence("{n} left")) == "Sentence('{n} left')"
    assert repr(Sentence("{n} left", n=1)) == "Sentence('{n} left', n=1)"
