"""Every fault of a rule book, in the very words in which it is told."""

from __future__ import annotations

import pytest

from inbox.errors import BadRuleBook
from routing.rulebook import read_rule_book

THEN = 'then = [{ action = "tag", tag = "t" }]'
IN_RULE = 'rules.toml, rule 1 "late parcel"'
LABELS = "Labels: praise, complaint, sales_lead, offensive."
CONDITIONS = (
    "Conditions: label, unsure, confidence_at_least, signal, severity_at_least, target, lang, channel, kind, "
    "visibility, words, pattern, links, contact, repeated, sent_between, open_hours, crisis, "
    "sla, sla_of, all, any, not."
)


def when(conditions: str) -> str:
    return f'[[rule]]\nname = "late parcel"\nwhen = {conditions}\n{THEN}\n'


def then(actions: str) -> str:
    return f'[[rule]]\nname = "late parcel"\nwhen = {{}}\nthen = {actions}\n'


def rule(line: str) -> str:
    return f'[[rule]]\nname = "late parcel"\nwhen = {{}}\n{THEN}\n{line}\n'


def faults_of(text: str) -> list[str]:
    with pytest.raises(BadRuleBook) as caught:
        read_rule_book(text, responses=["thanks", "late-parcel"])
    return str(caught.value).splitlines()


WORDINGS: list[tuple[str, str]] = [
    # the file
    ("rule = [", "rules.toml, at its end: this is not TOML: Invalid value."),
    (
        "[[rule]]\nname 3",
        "rules.toml, line 2, column 6: this is not TOML: Expected '=' after a key in a key/value pair.",
    ),
    ("a = " + "[" * 5_000, "rules.toml: this is nested too deeply to be read."),
    ("[[rules]]", 'rules.toml: there is no "rules" in a rule book. Did you mean "rule"? There is: rule.'),
    ('colour = "red"', 'rules.toml: there is no "colour" in a rule book. There is: rule.'),
    ("[rule]\nname = 1", "rules.toml: a rule opens with [[rule]], in double brackets."),
    ("rule = [1]", "rules.toml: a rule opens with [[rule]], in double brackets."),
    # the rule
    (
        rule('wen = "x"'),
        f'{IN_RULE}: there is no "wen" in a rule. Did you mean "when"? There are: name, when, then, mode, stop.',
    ),
    (f"[[rule]]\nwhen = {{}}\n{THEN}", "rules.toml, rule 1: it has no name. Its name is what the audit log will show."),
    (f'[[rule]]\nname = " "\nwhen = {{}}\n{THEN}', "rules.toml, rule 1, name: this is empty."),
    (
        f"[[rule]]\nname = 3\nwhen = {{}}\n{THEN}",
        "rules.toml, rule 1, name: this wants a text in quotes, not a number.",
    ),
    (
        rule("") + rule("").replace("late parcel", " late parcel "),
        'rules.toml, rule 2 "late parcel", name: rule 1 has this name already. Names tell rules apart.',
    ),
    (
        f'[[rule]]\nname = "late parcel"\n{THEN}',
        f'{IN_RULE}: "when" is missing. For a rule that holds for every message, write when = {{}}.',
    ),
    ('[[rule]]\nname = "late parcel"\nwhen = {}', f'{IN_RULE}: "then" is missing: what the rule asks for.'),
    (
        rule('mode = "lve"'),
        f'{IN_RULE}, mode: there is no mode "lve". Did you mean "live"? Modes: draft, shadow, share:10, live.',
    ),
    (
        rule('mode = "live:10"'),
        f'{IN_RULE}, mode: there is no mode "live:10". Did you mean "live"? Modes: draft, shadow, share:10, live.',
    ),
    (
        rule('mode = "share"'),
        f'{IN_RULE}, mode: a share is a whole number of percent from 1 to 100, such as "share:10".',
    ),
    (
        rule('mode = "share:101"'),
        f'{IN_RULE}, mode: a share is a whole number of percent from 1 to 100, such as "share:10".',
    ),
    (rule("mode = true"), f"{IN_RULE}, mode: this wants a text in quotes, not true or false."),
    (rule('stop = "yes"'), f"{IN_RULE}, stop: this wants true or false, not a text."),
    # conditions
    (when('"complaint"'), f"{IN_RULE}, when: this wants a table in braces, not a text."),
    (
        when('{ labell = "praise" }'),
        f'{IN_RULE}, when.labell: there is no condition "labell". Did you mean "label"? {CONDITIONS}',
    ),
    (
        when("{ contact = { messages_at_least = 3 } }"),
        f'{IN_RULE}, when.contact: "messages_at_least" wants a length of time beside it, such as within = "7d".',
    ),
    (
        when('{ contact = { within = "7d" } }'),
        f'{IN_RULE}, when.contact: "within" is about messages_at_least or sanctions_at_least, and neither is there.',
    ),
    (
        when("{ contact = { first = true } }"),
        f'{IN_RULE}, when.contact.first: a contact has no "first". It has: tag, first_message, messages_at_least, '
        "sanctions_at_least, within.",
    ),
    (
        when('{ contact = { messages_at_least = 2, within = "60w" } }'),
        f"{IN_RULE}, when.contact.within: this looks back too far: 366 days is the most.",
    ),
    (when("{ repeated = 1 }"), f"{IN_RULE}, when.repeated: 1 is too few: 2 is the least."),
    (when("{ repeated = true }"), f"{IN_RULE}, when.repeated: this wants a whole number, not true or false."),
    (
        when('{ sent_between = "22h-7h" }'),
        f'{IN_RULE}, when.sent_between: "22h-7h" is not a span of the day. Write two times in 24 hours, such as '
        '"22:00-07:00".',
    ),
    (
        when('{ sent_between = "7:00-07:00" }'),
        f'{IN_RULE}, when.sent_between: "7:00-07:00" begins and ends at the same time.',
    ),
    (
        when('{ label = "complain" }'),
        f'{IN_RULE}, when.label: there is no label "complain". Did you mean "complaint"? {LABELS}',
    ),
    (
        when('{ label = ["praise", "Sales Lead"] }'),
        f'{IN_RULE}, when.label[2]: there is no label "Sales Lead". Did you mean "sales_lead"? {LABELS}',
    ),
    (when('{ label = "xyz" }'), f'{IN_RULE}, when.label: there is no label "xyz". {LABELS}'),
    (when("{ label = [] }"), f"{IN_RULE}, when.label: this list is empty."),
    (when("{ label = 3 }"), f"{IN_RULE}, when.label: this wants a text in quotes, not a number."),
    (when('{ label = " " }'), f"{IN_RULE}, when.label: this is empty."),
    (
        when('{ signal = "urgnt" }'),
        f'{IN_RULE}, when.signal: there is no signal "urgnt". Did you mean "urgent"? '
        "Signals: question, spam, suggestion, urgent.",
    ),
    (when("{ signal = true }"), f"{IN_RULE}, when.signal: this wants the name of a signal, not true or false."),
    (when("{ signal = { at_least = 0.5 } }"), f'{IN_RULE}, when.signal: "name" is missing.'),
    (
        when('{ signal = { name = "spam", atleast = 0.5 } }'),
        f'{IN_RULE}, when.signal.atleast: a signal has no "atleast". Did you mean "at_least"? It has: name, at_least.',
    ),
    (
        when('{ signal = { name = "spam", at_least = 2 } }'),
        f"{IN_RULE}, when.signal.at_least: 2 is not between 0 and 1. Did you mean 0.02?",
    ),
    (
        when('{ severity_at_least = "hi" }'),
        f'{IN_RULE}, when.severity_at_least: there is no severity "hi". Did you mean "high"? '
        "Severities: low, medium, high, critical.",
    ),
    (
        when('{ kind = "comments" }'),
        f'{IN_RULE}, when.kind: there is no kind of message "comments". Did you mean "comment"? '
        "Kinds: comment, thread_reply, mention, dm, review, no_text.",
    ),
    (
        when('{ visibility = "pubic" }'),
        f'{IN_RULE}, when.visibility: there is no visibility "pubic". Did you mean "public"? '
        "Visibilities: public, private.",
    ),
    (
        when('{ target = "persons" }'),
        f'{IN_RULE}, when.target: there is no target "persons". Did you mean "person"? Targets: brand, person, group.',
    ),
    (
        when('{ lang = "French" }'),
        f'{IN_RULE}, when.lang: "French" is not the form of a language. Write its two letters, such as "fr" or "en", '
        'or "und" where it is too short to tell.',
    ),
    (when('{ unsure = "true" }'), f"{IN_RULE}, when.unsure: this wants true or false, not a text."),
    (when("{ links = 1 }"), f"{IN_RULE}, when.links: this wants true or false, not a number."),
    (
        when("{ confidence_at_least = 80 }"),
        f"{IN_RULE}, when.confidence_at_least: 80 is not between 0 and 1. Did you mean 0.8?",
    ),
    (when("{ confidence_at_least = -1 }"), f"{IN_RULE}, when.confidence_at_least: -1 is not between 0 and 1."),
    (when("{ confidence_at_least = nan }"), f"{IN_RULE}, when.confidence_at_least: nan is not between 0 and 1."),
    (
        when('{ confidence_at_least = "0.8" }'),
        f"{IN_RULE}, when.confidence_at_least: this wants a number from 0 to 1, not a text.",
    ),
    (when("{ channel = 2026-01-01 }"), f"{IN_RULE}, when.channel: this wants a text in quotes, not a date or a time."),
    (when('{ words = ["ok", ""] }'), f"{IN_RULE}, when.words[2]: this is empty."),
    (when('{ words = "b*g" }'), f'{IN_RULE}, when.words: "b*g" has a star inside: it may only end a word.'),
    (
        when('{ words = "🔥" }'),
        f'{IN_RULE}, when.words: "🔥" holds no letter and no digit. For other signs, use pattern.',
    ),
    (
        when("{ pattern = '(' }"),
        f"{IN_RULE}, when.pattern: this is not a regular expression: "
        "missing ), unterminated subpattern at character 1.",
    ),
    (
        when("{ pattern = '(a+)+' }"),
        f"{IN_RULE}, when.pattern: this pattern repeats something that can itself vary, at character 5: a long message "
        "could hold it up for hours. Repeat a single sign or a [set] of signs, or use words.",
    ),
    (
        when("{ pattern = 'a*b*c*' }"),
        f"{IN_RULE}, when.pattern: this pattern can match in too many ways: a long message could hold it up. Use at "
        'most 2 open-ended repeats ("*", "+") and few choices beside them, or words.',
    ),
    (
        when('{ not = { label = "praize" } }'),
        f'{IN_RULE}, when.not.label: there is no label "praize". Did you mean "praise"? {LABELS}',
    ),
    (
        when("{ any = [{ lang = 'fr' }, { kind = 'dmm' }] }"),
        f'{IN_RULE}, when.any[2].kind: there is no kind of message "dmm". Did you mean "dm"? '
        "Kinds: comment, thread_reply, mention, dm, review, no_text.",
    ),
    (
        when("{ all = { lang = 'fr' } }"),
        f"{IN_RULE}, when.all: this wants a list of tables, such as [{{ … }}], not a table.",
    ),
    (when("{ any = [] }"), f"{IN_RULE}, when.any: this list is empty."),
    (when("{ not = {} }"), f"{IN_RULE}, when.not: this table is empty."),
    (
        when("{ not = " * 14 + "{ unsure = true }" + " }" * 14),
        f"{IN_RULE}, when{'.not' * 12}: these conditions are nested too deeply to be read. Make several rules of them.",
    ),
    # actions
    (then("[]"), f"{IN_RULE}, then: a rule without an action does nothing. Give it one, or remove the rule."),
    (
        then('{ action = "tag", tag = "t" }'),
        f"{IN_RULE}, then: this wants a list of tables, such as [{{ … }}], not a table.",
    ),
    (then('["tag"]'), f"{IN_RULE}, then[1]: this wants a table in braces, not a text."),
    (then('[{ tag = "t" }]'), f'{IN_RULE}, then[1]: "action" is missing.'),
    (then("[{ action = 1 }]"), f"{IN_RULE}, then[1].action: this wants a text in quotes, not a number."),
    (
        then('[{ action = "escalte", queue = "q" }]'),
        f'{IN_RULE}, then[1].action: there is no action "escalte". Did you mean "escalate"? '
        "Actions: tag, lead, priority, queue, assign, notify, snooze, resolve, draft, reply, escalate, hide, delete, "
        "warn, "
        "timeout.",
    ),
    (
        then('[{ action = "ban" }]'),
        f"{IN_RULE}, then[1].action: no rule may ban. A person bans; a rule may propose to hide.",
    ),
    (
        then('[{ action = "tag", tag = "t" }, { action = "queue", queue = "q", qeue = "r" }]'),
        f'{IN_RULE}, then[2].qeue: the action "queue" has no "qeue". Did you mean "queue"? It has: queue.',
    ),
    (
        then('[{ action = "escalate" }]'),
        f'{IN_RULE}, then[1]: the action "escalate" wants "queue", and it is missing.',
    ),
    (
        then('[{ action = "queue", queue = 3 }]'),
        f"{IN_RULE}, then[1].queue: this wants a text in quotes, not a number.",
    ),
    (
        then('[{ action = "priority", level = "hight" }]'),
        f'{IN_RULE}, then[1].level: there is no priority "hight". Did you mean "high"? '
        "Priorities: low, medium, high, urgent.",
    ),
    (
        then('[{ action = "escalate", queue = "q", severity = "urgent" }]'),
        f'{IN_RULE}, then[1].severity: there is no severity "urgent". Severities: low, medium, high, critical.',
    ),
    (
        then('[{ action = "escalate", queue = "q", first_response = "4 hours" }]'),
        f'{IN_RULE}, then[1].first_response: "4 hours" is not a length of time. Write a number and its unit: '
        '"30m", "4h", "2d" or "1w".',
    ),
    (
        then('[{ action = "escalate", queue = "q", resolution = "0h" }]'),
        f'{IN_RULE}, then[1].resolution: "0h" is not a length of time. Write a number and its unit: '
        '"30m", "4h", "2d" or "1w".',
    ),
    (
        then('[{ action = "escalate", queue = "q", first_response = "2d", resolution = "4h" }]'),
        f"{IN_RULE}, then[1]: the first response would be due after the resolution. Exchange the two.",
    ),
    (
        then('[{ action = "draft", response = "late-parsel" }]'),
        f'{IN_RULE}, then[1].response: there is no response "late-parsel". Did you mean "late-parcel"? '
        "Responses: thanks, late-parcel.",
    ),
]


@pytest.mark.parametrize(("text", "fault"), WORDINGS)
def test_a_fault_is_told_in_these_words(text: str, fault: str) -> None:
    assert faults_of(text) == [fault]


def test_all_the_faults_of_a_file_are_told_at_once() -> None:
    text = (
        '[[rule]]\nname = "a"\nwhen = { label = "complain", kind = "dmm" }\nthen = []\nmode = "loud"\n'
        '[[rule]]\nwhen = { langue = "fr" }\nthen = [{ action = "ban" }]\n'
    )

    places = [fault.split(": ")[0] for fault in faults_of(text)]

    assert places == [
        'rules.toml, rule 1 "a", when.label',
        'rules.toml, rule 1 "a", when.kind',
        'rules.toml, rule 1 "a", then',
        'rules.toml, rule 1 "a", mode',
        "rules.toml, rule 2",
        "rules.toml, rule 2, when.langue",
        "rules.toml, rule 2, then[1].action",
    ]


def test_a_fault_is_told_in_the_language_of_the_reader_with_its_facts() -> None:
    french = {
        "{rule}, {place}: {fault}": "{rule}, {place} : {fault}",
        '{file}, rule {number} "{rule}"': "{file}, règle {number} «{rule}»",
        '{fault} Did you mean "{near}"? {choices}': "{fault} Vouliez-vous dire «{near}» ? {choices}",
        'there is no label "{word}".': "il n’y a pas d’étiquette «{word}».",
        "Labels: {known}.": "Étiquettes : {known}.",
    }
    with pytest.raises(BadRuleBook) as caught:
        read_rule_book(when('{ label = "complain" }'))

    assert caught.value.told_by(lambda says: french[says]) == (
        "rules.toml, règle 1 «late parcel», when.label : il n’y a pas d’étiquette «complain». "
        "Vouliez-vous dire «complaint» ? Étiquettes : praise, complaint, sales_lead, offensive."
    )
