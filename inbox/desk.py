"""The desk: everything one brand's inbox works with, built once in `app/wiring.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from inbox.abilities import NOTHING, Abilities
from inbox.alerts import AlertPolicy
from inbox.approval_policy import ApprovalPolicy
from inbox.books import Store
from inbox.brand import Brand
from inbox.checks import Checks
from inbox.entities import find_nothing
from inbox.people import Role
from inbox.policy import Bulletin, Policy
from inbox.ports import Classifier, Clock, Crm, EntityFinder, HelpDesks, RuleBook, RulesInForce, Tell
from inbox.precedents import NoPrecedents, Precedents
from inbox.promises import USUAL, SlaTargets
from inbox.responses import CannedResponse
from inbox.sentences import in_english
from inbox.sla import DEFAULT_CHAIN, ChainStep


@dataclass(frozen=True, slots=True)
class Desk:
    """What the stages of a message's journey need.

    `hold` is how long everything waits in the outbox, so that it can be undone. `keep_deleted_text` keeps the words of
    messages that their author took back. `abilities` says per channel what it can do; one that is not there can do
    nothing. `replies_an_hour` is how many automatic replies one contact gets within an hour, `replies_a_brand` how many
    all together. `disclosures` has per language the line that says that a message is automatic. `splits_replies` lets a
    reply that is too long for its channel leave in parts. `tell` puts a sentence into a contact's language. `roles`
    says which role each `channel/claim` gives (`inbox/people.py`). A claim on a conversation lasts `claims_last`.
    `chain` says who is called when nobody acknowledges an escalation, `chains` for queues with their own; `targets`
    what is promised. A complaint that nobody owns is escalated when it
    has waited for `catch_after`, where that is set. `alerts` says what is watched for. What is
    escalated to a queue of `tickets_to` becomes a ticket in the help desk that it names, one of `help_desks`.
    `find_entities` finds what a message names, the products of the brand among it. Leads are told to the `crm`, where
    there is one.
    The report of the week is put up as `bulletin` says, where it does.
    `in_force` is where the rules and the responses come from, and may change; without it they stay as they are.
    `precedents` remember what was answered in like cases. `approval` says whose replies wait for a colleague.
    """

    brand: Brand
    store: Store
    classifier: Classifier
    rules: RuleBook
    rule_book_version: int
    responses: Mapping[str, CannedResponse]
    clock: Clock
    hold: timedelta = timedelta(seconds=20)
    keep_deleted_text: bool = False
    abilities: Mapping[str, Abilities] = field(default_factory=dict)
    replies_an_hour: int = 3
    replies_a_brand: int = 200
    disclosures: Mapping[str, str] = field(default_factory=dict)
    splits_replies: bool = True
    policy: Policy = field(default_factory=Policy)
    tell: Tell = in_english
    roles: Mapping[str, Role] = field(default_factory=dict)
    claims_last: timedelta = timedelta(minutes=15)
    chain: Sequence[ChainStep] = DEFAULT_CHAIN
    catch_after: timedelta | None = timedelta(minutes=15)
    alerts: AlertPolicy = field(default_factory=AlertPolicy)
    help_desks: HelpDesks = field(default_factory=dict)
    tickets_to: Mapping[str, str] = field(default_factory=dict)
    chains: Mapping[str, Sequence[ChainStep]] = field(default_factory=dict)
    targets: SlaTargets = USUAL
    find_entities: EntityFinder = find_nothing
    crm: Crm | None = None
    in_force: RulesInForce | None = None
    bulletin: Bulletin | None = None
    precedents: Precedents = field(default_factory=NoPrecedents)
    approval: ApprovalPolicy = field(default_factory=ApprovalPolicy)

    def as_of_now(self) -> Desk:
        """The desk with the rules and responses that are in force at this moment; asked before each batch and call."""
        if self.in_force is None:
            return self
        now = self.in_force.look()
        return replace(self, rules=now.rules, responses=now.responses, rule_book_version=now.version)

    @property
    def checks(self) -> Checks:
        """What the brand has settled about its words."""
        return self.brand.checks

    def chain_of(self, queue: str) -> Sequence[ChainStep]:
        """Who is called when nobody acknowledges an escalation in a queue."""
        return self.chains.get(queue, self.chain)

    def abilities_of(self, channel: str) -> Abilities:
        """What a channel can do."""
        return self.abilities.get(channel, NOTHING)
