"""What deciding is given, and what it gives."""

from __future__ import annotations

from inbox.actions import Tag
from inbox.decisions import Decision, Facts
from inbox.model import Kind, Label, Visibility
from tests.inbox.builders import a_decision, a_prediction, a_waiting_message


def test_the_facts_of_a_message_are_its_own_and_what_was_predicted():
    message = a_waiting_message(message_id=12, text="Colis EN RETARD", kind=Kind.DM, visibility=Visibility.PRIVATE)
    prediction = a_prediction(Label.COMPLAINT)

    facts = Facts.of(message, prediction)

    assert (facts.channel, facts.kind, facts.visibility) == ("discord", Kind.DM, Visibility.PRIVATE)
    assert (facts.text, facts.prediction, facts.key) == ("Colis EN RETARD", prediction, "12")


def test_rules_can_read_a_text_without_its_case_and_accents():
    facts = Facts.of(a_waiting_message(text="Réclamation : l’ÉCRAN"), a_prediction())

    assert facts.folded == "reclamation : l'ecran"


def test_a_decision_is_named_after_the_first_rule_that_held():
    decision = Decision(because=("late parcel", "any complaint"))

    assert decision.rule == "late parcel"


def test_a_decision_without_a_rule_names_none():
    assert (Decision().rule, a_decision(Tag("x"), rule="tagger").rule) == (None, "tagger")
