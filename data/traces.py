"""What rules answered, each distinct answer kept once: thousands of messages leave the same few hundred.

A decision names the answers of the rules it asked by their ids. Written out in full, they were two thirds of the
database (docs/decisions/0002-storage.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from data.many import insert_many, is_among
from data.tables import rule_trace
from data.transaction import Transaction
from inbox.decisions import RuleTrace

SpeltOut = Mapping[str, Any]
"""A rule, whether it held, and each of its conditions: as people are shown it."""


def keep_traces(tx: Transaction, traces: Sequence[Sequence[RuleTrace]]) -> list[list[int]]:
    """The ids of the answers in some traces, in order; those never given before are put in."""
    # Rules give the same object for the same answer, so telling objects apart spares comparing them in full.
    distinct = {id(one): one for trace in traces for one in trace}
    digests = {place: _digest(one) for place, one in distinct.items()}
    ids = _find(tx, {*digests.values()})
    fresh = {digest: distinct[place] for place, digest in digests.items() if digest not in ids}
    if fresh:
        rows = [{"brand_id": tx.brand_id, "digest": digest, **_columns(fresh[digest])} for digest in sorted(fresh)]
        insert_many(tx, rule_trace, rows, skip_conflicts=True)
        ids |= _find(tx, fresh)
    return [[ids[digests[id(one)]] for one in trace] for trace in traces]


def find_traces(tx: Transaction, ids: Iterable[int]) -> dict[int, SpeltOut]:
    """Answers by their ids."""
    wanted = {*ids}
    if not wanted:
        return {}
    rows = tx.connection.execute(select(rule_trace).where(is_among(tx, rule_trace.c.id, wanted)))
    return {
        row.id: {
            "rule": row.rule,
            "held": row.held,
            "conditions": [{"says": says, "held": held} for says, held in row.conditions],
        }
        for row in rows
    }


def _find(tx: Transaction, digests: Collection[str]) -> dict[str, int]:
    if not digests:
        return {}
    wanted = select(rule_trace.c.digest, rule_trace.c.id).where(
        rule_trace.c.brand_id == tx.brand_id, is_among(tx, rule_trace.c.digest, digests)
    )
    return {row[0]: row[1] for row in tx.connection.execute(wanted)}


def _columns(asked: RuleTrace) -> dict[str, Any]:
    conditions = [[condition.says, condition.held] for condition in asked.conditions]
    return {"rule": asked.rule, "held": asked.held, "conditions": conditions}


def _digest(asked: RuleTrace) -> str:
    return hashlib.sha256(json.dumps(_columns(asked), sort_keys=True).encode()).hexdigest()
