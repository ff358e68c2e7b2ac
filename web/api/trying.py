"""Trying a text on the model and on the rules: nothing is kept, nothing is done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from inbox.actions import to_words
from inbox.background import Background
from inbox.decisions import Facts
from inbox.model import Prediction
from inbox.programs import Scope
from inbox.text import fold
from web.api.answers import AskedRuleOut, ClassifiedOut, PredictionOut, TriedOut
from web.api.door import Door, Program, holding
from web.api.shapes import ClassifyIn, TryIn

router = APIRouter(route_class=Door, tags=["Try"])

Trying = Annotated[Program, Depends(holding(Scope.RULES_TEST))]


@router.post("/classify")
def classify(program: Trying, asked: ClassifyIn) -> ClassifiedOut:
    """Label texts, in order."""
    found = program.desk.classifier.predict(asked.texts, explain=asked.explain)
    return ClassifiedOut(predictions=[_prediction(one, explain=asked.explain) for one in found])


@router.post("/rules/test")
def try_rules(program: Trying, asked: TryIn) -> TriedOut:
    """Show what the rules in force would do with a text of a stranger, condition by condition."""
    desk = program.desk.as_of_now()
    now = desk.clock()
    prediction = desk.classifier.predict([asked.text], hints=[asked.lang], explain=True)[0]
    decision = desk.rules.decide(
        Facts(
            asked.channel,
            asked.kind,
            asked.visibility,
            asked.text,
            fold(asked.text),
            prediction,
            key=asked.text,
            sent_at=now,
            hours=desk.brand.hours,
            background=Background.of_a_stranger(now),
        )
    )
    return TriedOut(
        prediction=_prediction(prediction, explain=True),
        because=list(decision.because),
        actions=[to_words(plan.action) | {"rule": plan.rule, "mode": plan.mode} for plan in decision.actions],
        notes=[program.tell(note) for note in decision.notes],
        trace=[
            AskedRuleOut(
                rule=rule.rule,
                held=rule.held,
                conditions=[{"says": one.says, "held": one.held} for one in rule.conditions],
            )
            for rule in decision.trace
        ],
    )


def _prediction(one: Prediction, *, explain: bool) -> PredictionOut:
    return PredictionOut(
        lang=one.lang,
        labels=[*one.labels],
        unsure=[*one.unsure],
        scores={label.value: round(score, 4) for label, score in one.scores.items()},
        signals={signal.value: round(score, 4) for signal, score in one.signals.items()},
        severity=one.severity,
        target=one.target,
        reasons={label.value: list(why) for label, why in one.reasons.items()} if explain else None,
        model=one.model,
    )
