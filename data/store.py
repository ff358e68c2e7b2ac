"""The store: one brand's database, opened, and its verbs inside one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Engine, select

from data import (
    accounts,
    additions,
    alerts,
    answered,
    answers,
    appeals,
    approvals,
    around,
    attention,
    audit,
    audit_look,
    backgrounds,
    backtest,
    bulks,
    bulletins,
    calls,
    cards,
    cases,
    claims,
    clock_rules,
    clocks,
    contact_cards,
    conversation,
    corrections,
    crisis,
    crowds,
    drafts,
    edits,
    intake,
    kpis,
    leads,
    lessons,
    logins,
    mailbox,
    merging,
    model_use,
    notes,
    once,
    outbox,
    outbox_page,
    outcomes,
    page,
    people,
    pings,
    queue,
    rates,
    record,
    reports,
    response_books,
    response_uses,
    saved_views,
    sent,
    standing,
    stats,
    subjects,
    summary,
    switches,
    ticket_news,
    tickets,
    tokens,
    triage,
    work,
)
from data.engine import make_engine, reading, to_url, turn_to_write
from data.many import insert_many
from data.migrate import DatabaseState, state, state_of, too_new, upgrade_with
from data.tables import brand
from data.transaction import Transaction
from data.trouble import shown
from inbox.errors import StoreTrouble
from inbox.sentences import Sentence


class SqlBooks(Transaction):
    """The verbs of this package as methods of the transaction they work in."""

    __slots__ = ()

    add_messages = intake.add_messages
    keep_answer = answers.keep_answer
    find_message = edits.find_message
    is_being_removed = edits.is_being_removed
    keep_files = intake.keep_files
    move_place = accounts.move_place
    moved_places = accounts.moved_places
    heard_until = accounts.heard_until
    channel_of = accounts.channel_of
    channels = accounts.channels
    add_version = edits.add_version
    mark_deleted = edits.mark_deleted
    withdraw = edits.withdraw
    reopen = attention.reopen

    claim_waiting = triage.claim_waiting
    backgrounds = backgrounds.backgrounds
    keep_outcomes = outcomes.keep_outcomes
    count_waiting = triage.count_waiting
    keep_rule_book = triage.keep_rule_book
    keep_responses = triage.keep_responses
    rule_books = triage.rule_books
    latest_rule_book = triage.latest_rule_book
    why_rule_books = triage.why_rule_books

    draft = drafts.find_draft
    approve = drafts.approve
    discard = drafts.discard
    send = outbox.find_send
    cancel = outbox.cancel
    claim_due = claims.claim_due
    due_send = claims.due_send
    mark_sent = outbox.mark_sent
    mark_failed = outbox.mark_failed
    note_attempt = outbox.note_attempt
    release = outbox.release
    change_sent = sent.change_sent
    alert_loop = attention.alert_loop
    alert_flood = attention.alert_flood
    neighbourhood = around.neighbourhood
    refuse = outbox.refuse
    waiting_automatic = outbox.waiting_automatic
    adopt = outbox.adopt
    replay = outbox.replay
    begin_ticket = tickets.begin_ticket
    mark_opened = tickets.mark_opened
    addition_of = additions.addition_of
    keep_additions = additions.keep_additions
    tickets_to_ask = ticket_news.tickets_to_ask
    claim_tickets = ticket_news.claim_tickets
    ask_again = ticket_news.ask_again
    ask_now = ticket_news.ask_now
    watched_ticket = ticket_news.watched_ticket
    keep_turn = ticket_news.keep_turn
    offer_answer = ticket_news.offer_answer
    waits_beyond = ticket_news.waits_beyond
    end_escalation = ticket_news.end_escalation
    resume_escalation = ticket_news.resume_escalation
    remember_call = ticket_news.remember_call
    is_prepared = once.is_prepared
    list_sends = outbox.list_sends
    outbox_lines = outbox_page.outbox_lines
    outbox_counts = outbox_page.outbox_counts
    set_aside = outbox_page.set_aside

    labels_of = corrections.labels_of
    keep_correction = corrections.keep_correction
    drop_correction = corrections.drop_correction
    withdraw_automatic = corrections.withdraw_automatic
    set_may_train = lessons.set_may_train
    mark_spam = corrections.mark_spam
    corrected_examples = lessons.corrected_examples
    spam_examples = lessons.spam_examples
    count_corrections = lessons.count_corrections

    add_login = logins.add_login
    login_called = logins.login_called
    count_logins = logins.count_logins
    change_password = logins.change_password
    open_session = logins.open_session
    session = logins.session
    sessions_of = logins.sessions_of
    see_session = logins.see_session
    end_session = logins.end_session
    end_sessions = logins.end_sessions
    replace_password = logins.replace_password
    remove_login = logins.remove_login
    sign_in_attempts = logins.sign_in_attempts
    note_sign_in_failure = logins.note_sign_in_failure
    forget_sign_in_failures = logins.forget_sign_in_failures

    contact_card = contact_cards.contact_card
    find_contacts = contact_cards.find_contacts
    add_contact_note = contact_cards.add_contact_note
    merge_contacts = merging.merge_contacts
    unmerge_contact = merging.unmerge_contact
    set_vip = merging.set_vip
    same_person = merging.same_person

    take_turn = cases.take_turn
    find_subject = subjects.find_subject
    keep_case = cases.keep_case
    queue_acts = cases.queue_acts
    find_case = cases.find_case
    list_cases = cases.list_cases
    cases_of = cases.cases_of
    mark_undone = cases.mark_undone
    change_reason = cases.change_reason
    call_attention = attention.call_attention
    is_ours = reports.is_ours
    has_reported = reports.has_reported
    reports_by = reports.reports_by
    keep_report = reports.keep_report
    contact_of = appeals.contact_of
    open_appeal = appeals.open_appeal
    judge_appeal = appeals.judge_appeal
    list_appeals = appeals.list_appeals

    moderators = people.moderators
    moderator_of = people.moderator_of
    meet = people.meet
    link = people.link
    change_moderator = people.change_moderator
    hand_over = people.hand_over
    remove_moderator = people.remove_moderator

    lock = work.lock
    set_holder = work.set_holder
    set_assignee = work.set_assignee
    set_queue = work.set_queue
    resolve = work.resolve
    unresolve = work.unresolve
    snooze = work.snooze
    due_snoozes = work.due_snoozes
    add_tag = work.add_tag
    hand_to = work.hand_to
    keep_draft = work.keep_draft
    change_draft = work.change_draft
    answer_to = work.answer_to
    conversation_of = work.conversation_of
    latest_of = work.latest_of
    author_of = work.author_of
    said_last_in = work.said_last_in
    add_note = notes.add_note
    keep_exposure = notes.keep_exposure
    count_exposures = notes.count_exposures

    wanted_cards = cards.wanted_cards
    open_card = cards.open_card
    reopen_card = cards.reopen_card
    cards_on = cards.cards_on
    card_at = cards.card_at
    mark_shown = cards.mark_shown
    mark_lost = cards.mark_lost
    mark_unshown = cards.mark_unshown
    last_sealed = cards.last_sealed
    changed_since = cards.changed_since

    clocks_to_look_at = clocks.clocks_to_look_at
    clock_row = clocks.clock_row
    keep_clock = clocks.keep_clock
    accept = clocks.accept
    slipped = clocks.slipped
    subject_of = clock_rules.subject_of
    give = clock_rules.give
    move_escalation = clock_rules.move_escalation
    want_priority = clock_rules.want_priority
    has_words = clock_rules.has_words
    sla_counts = clock_rules.sla_counts

    keep_ping = pings.keep_ping
    keep_call = pings.keep_call
    wanted_pings = pings.wanted_pings
    begin_ping = pings.begin_ping
    begin_post = pings.begin_post
    pings_on = pings.pings_on
    mark_ping_shown = pings.mark_ping_shown
    mark_ping_unshown = pings.mark_ping_unshown

    weigh_complaints = standing.weigh_complaints
    wait_for_weighing = standing.wait_for_weighing
    unanswered_complaints = crisis.unanswered_complaints
    withdraw_untouched = crisis.withdraw_untouched
    crisis_lines = crisis.crisis_lines
    acts_between = crisis.acts_between

    has_uncounted = rates.has_uncounted
    count_messages = rates.count_messages
    take_watch = rates.take_watch
    watched_at = rates.watched_at
    read_slots = rates.read_slots
    counted_since = rates.counted_since
    add_arrivals = crowds.add_arrivals
    do_many_arrive = crowds.do_many_arrive
    arrivals = crowds.arrivals
    heard_since = crowds.heard_since
    said_lately = crowds.said_lately
    said_before = crowds.said_before
    slow_down = crowds.slow_down
    set_free = crowds.set_free
    is_slowed = crowds.is_slowed
    has_bulletin = bulletins.has_bulletin
    take_bulletin = bulletins.take_bulletin
    raise_alert = alerts.raise_alert
    tell_again = alerts.tell_again
    change_alert = alerts.change_alert
    keep_high = alerts.keep_high
    end_alert = alerts.end_alert
    see_alert = alerts.see_alert
    find_alert = alerts.find_alert
    open_alerts = alerts.open_alerts
    wanted_alerts = alerts.wanted_alerts
    begin_alert_post = alerts.begin_alert_post
    alert_posts_on = alerts.alert_posts_on
    mark_alert_shown = alerts.mark_alert_shown
    mark_alert_unshown = alerts.mark_alert_unshown

    with_open_lead = leads.with_open_lead
    lead_messages = leads.lead_messages
    keep_sources = leads.keep_sources
    forget_sources = leads.forget_sources
    set_lead = leads.set_lead
    tell_leads = leads.tell_leads
    tell_leads_again = leads.tell_leads_again
    lead_told_in = leads.lead_told_in
    lead = leads.find_lead
    lead_of = leads.lead_of
    list_leads = leads.list_leads

    add_token = tokens.add_token
    token_marked = tokens.token_marked
    list_tokens = tokens.list_tokens
    see_token = tokens.see_token
    revoke_token = tokens.revoke_token
    begin_call = calls.begin_call
    end_call = calls.end_call
    drop_call = calls.drop_call
    put_outgoing = mailbox.put_outgoing
    find_outgoing = mailbox.find_outgoing
    outgoing_after = mailbox.outgoing_after
    acknowledge_outgoing = mailbox.acknowledge_outgoing
    knows_call = ticket_news.knows_call
    fates = answered.fates
    answered = answered.answered
    ask_approval = approvals.ask_approval
    end_waiting = approvals.end_waiting
    awaiting_approval = approvals.awaiting_approval

    set_channel_state = accounts.set_channel_state
    switch = switches.find_switch
    switches_on = switches.switches_on
    set_switch = switches.set_switch
    keep_response_book = response_books.keep_response_book
    response_uses = response_uses.response_uses
    response_books = response_books.response_books
    write_audit = audit.write_audit
    seal_audit = audit.seal_audit
    read_audit = audit.read_audit
    count_unsealed = audit.count_unsealed
    audit_before = audit_look.audit_before
    audit_stream = audit_look.audit_stream
    audit_choices = audit_look.audit_choices
    latest_audit = audit_look.latest_audit
    conversations_about = audit_look.conversations_about
    held_lately = record.held_lately

    items = queue.items
    queue = queue.queue
    saved_view = saved_views.find_view
    save_view = saved_views.save_view
    remove_view = saved_views.remove_view
    saved_views = saved_views.list_views
    open_bulk = bulks.open_bulk
    mark_bulk_item = bulks.mark_bulk_item
    mark_bulk_undone = bulks.mark_bulk_undone
    find_bulk = bulks.find_bulk
    list_bulks = bulks.list_bulks
    put_back = bulks.put_back
    count_queue = page.count_queue
    conversation = conversation.find_conversation
    summary = summary.summary
    read_stats = stats.read_stats
    read_kpis = kpis.read_kpis
    read_labels_given = model_use.read_labels_given
    unjudged = model_use.unjudged
    judged_lately = model_use.judged_lately
    spam_lately = model_use.spam_lately
    count_past = backtest.count_past
    read_past = backtest.read_past
    read_fired = record.read_fired
    sent_by_rules = record.sent_by_rules


class SqlStore:
    """The database of one brand, over an engine. Close it when done."""

    def __init__(self, engine: Engine, *, brand: str) -> None:
        self.engine = engine
        self.brand_id = _brand_id(engine, brand)

    @contextmanager
    def begin(self) -> Iterator[SqlBooks]:
        """A transaction: committed at the end of the block, rolled back when it raises."""
        with turn_to_write(self.engine), self.engine.begin() as connection:
            yield SqlBooks(connection, self.brand_id)

    @contextmanager
    def read(self) -> Iterator[SqlBooks]:
        """A transaction that only reads, sees one state of the database and waits for no writer."""
        with self.engine.connect() as connection:
            yield SqlBooks(reading(connection), self.brand_id)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(url: str, *, brand: str, create: bool = False) -> SqlStore:
    """Open the database of a brand; the brand is made when the database does not know its key.

    Args:
        url: `sqlite:///file`, `sqlite://` (in memory) or `postgresql://…`.
        brand: The name of the brand.
        create: Make the tables where there are none.

    Raises:
        StoreTrouble: It is not there, cannot be opened, or is of another version; says what to do.
    """
    if not create and state(url) is DatabaseState.EMPTY:
        raise StoreTrouble(
            Sentence("There is no database at {where} yet. Make one: vigie db upgrade", where=shown(to_url(url)))
        )
    engine = make_engine(url)
    try:
        _make_fit(engine)
        return SqlStore(engine, brand=brand)
    except BaseException:
        engine.dispose()
        raise


def _make_fit(engine: Engine) -> None:
    stands = state_of(engine)
    if stands is DatabaseState.EMPTY:
        upgrade_with(engine)
    elif stands is DatabaseState.BEHIND:
        raise StoreTrouble(
            Sentence(
                "The database {where} is of an older version. Bring it up: vigie db upgrade", where=shown(engine.url)
            )
        )
    elif stands is DatabaseState.AHEAD:
        raise too_new(engine.url)


def _brand_id(engine: Engine, key: str) -> int:
    wanted = select(brand.c.id).where(brand.c.key == key)
    with engine.connect() as connection:
        found = reading(connection).execute(wanted).scalar_one_or_none()
    if found is None:
        with engine.begin() as connection:
            insert_many(Transaction(connection, 0), brand, [{"key": key}], skip_conflicts=True)
            found = connection.execute(wanted).scalar_one()
    return int(found)
