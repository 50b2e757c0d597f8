import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.messaging import segments
from aftercare.messaging.catalogue import CATALOGUE, MAY_BE_LONGER
from aftercare.messaging.free_words import Fault
from aftercare.messaging.samples import EXAMPLE, LONGEST
from aftercare.messaging.template_rules import FIXED, faults_of, fields_known, is_editable, longest, spelled, tidy
from aftercare.messaging.texts import originals, render

REMINDER = ("reminder", "en", "discreet")
REST = " Y or N? HELP for help, STOP to end texts."
EDITABLE = [
    (kind, language, level)
    for kind, language in product(CATALOGUE, ("en", "es"))
    if is_editable(kind)
    for level in originals(kind, language)
]


def codes(body, key=REMINDER, **given):
    return [fault.code for fault in faults_of(key, body, **given)]


@pytest.mark.parametrize("key", EDITABLE)
def test_our_own_words_keep_the_rules_that_own_words_keep(key):
    kind, language, level = key

    assert faults_of(key, originals(kind, language)[level], names=["Elm Street Center", "Tools for the Week"]) == []


@pytest.mark.parametrize("kind", CATALOGUE)
def test_there_is_an_example_of_all_that_a_text_can_say(kind):
    fields = {field for text in ("en", "es") for each in originals(kind, text).values() for field in named(each)}

    assert fields - set(EXAMPLE) <= {"code", "link"}
    assert set(EXAMPLE) == set(LONGEST)


def named(template):
    return re.findall(r"\{(\w+)", template)


def test_own_words_for_a_reminder_that_pass():
    own = "See you {when:short}?" + REST

    assert faults_of(REMINDER, own) == []
    assert spelled(REMINDER, own) == "See you Tue 6:00 PM? Y or N? HELP for help, STOP to end texts."


@pytest.mark.parametrize(
    "body",
    [
        "{when.__class__}", "{when!r}", "{when:%Y}", "{when:day:x}", "{ when }", "{}", "{when['x']}", "{{when}}",
        "{when:day }", "{when:}",
    ],
)  # fmt: skip
def test_only_plain_values_can_be_filled_in(body):
    assert codes(body + REST)[0] == "strange_field"


@pytest.mark.parametrize("body", ["{when", "when}", "{when:day} {", "}{"])
def test_each_brace_has_its_other(body):
    assert codes(body + REST)[-1] == "braces"


@pytest.mark.parametrize("body", ["[{when}", "{when}]", "][{when}", "[[{when}]]", "[{when}[ {when}]]"])
def test_each_bracket_has_its_other(body):
    assert codes(body + REST) == ["brackets"]


def test_brackets_are_for_what_may_be_left_out():
    assert faults_of(REMINDER, "[Hello] {when:day}" + REST) == [Fault("idle_brackets", "[Hello]")]


@pytest.mark.parametrize(
    ("key", "body", "field"),
    [
        (REMINDER, "{name}, {when:day}" + REST, "{name}"),
        (REMINDER, "{when:day}, {place}" + REST, "{place}"),
        (REMINDER, "{0} {when:day}" + REST, "{0}"),
        (("here_noted", "en", "discreet"), "Thank you for {when:day}", "{when:day}"),
        (("reminder", "en", "plain"), "{count} {name}, {when:day}" + REST, "{count}"),
    ],
)
def test_a_text_is_filled_in_only_with_what_is_known_for_it(key, body, field):
    assert faults_of(key, body) == [Fault("unknown_field", field)]


def test_values_that_are_no_moments_have_one_spelling():
    assert faults_of(("waitlisted", "en", "discreet"), "{when:day}: {position:day}") == [
        Fault("strange_field", "{position:day}")
    ]


def test_a_reminder_without_its_time_is_none():
    assert faults_of(REMINDER, "See you soon?" + REST) == [Fault("missing_field", "{when:day}")]
    assert faults_of(REMINDER, "See you at {when:time}?" + REST) == [Fault("missing_day", "{when:day}")]
    assert faults_of(REMINDER, "See you on {when:date}?" + REST) == [Fault("missing_day", "{when:day}")]
    assert faults_of(REMINDER, "See you at {when:time}, {when:date}?" + REST) == []


def test_news_of_a_move_says_what_was_and_what_is():
    key = ("moved", "en", "discreet")

    assert faults_of(key, "Now {when:day}. Y or N?") == [Fault("missing_field", "{was:day}")]


def test_a_plain_text_need_not_name_the_meeting():
    assert faults_of(("reminder", "en", "plain"), "See you {when:day}[, {place}]. Y or N? STOP to end texts.") == []


def test_what_may_be_missing_stands_in_brackets():
    key = ("reminder", "en", "plain")

    assert faults_of(key, "{when:day}, {place}. Y or N? STOP to end texts.") == [Fault("may_be_missing", "{place}")]


@pytest.mark.parametrize(
    ("lost", "word"), [("Y or N?", "Y"), ("HELP for help,", "HELP"), ("STOP to end texts.", "STOP")]
)
def test_a_reminder_still_says_how_to_answer_and_how_to_stop(lost, word):
    found = faults_of(REMINDER, "{when:day}." + REST.replace(lost, ""))

    assert Fault("must_say", word) in found
    assert {fault.code for fault in found} == {"must_say"}


def test_words_that_end_texts_when_they_are_sent_back_by_mistake_are_not_saved():
    assert faults_of(REMINDER, "{when:day}. Y or N? HELP for help, STOP ends texts.") == [Fault("read_as_stop")]


@pytest.mark.parametrize("kind", ["welcome", "opt_in"])
@pytest.mark.parametrize("lost", ["3 a week", "Msg & data rates may apply", "HELP", "STOP", "{sender}"])
def test_what_the_law_asks_of_the_first_text_stays(kind, lost):
    own = "{sender}: Reply Y. Up to 3 a week. Msg & data rates may apply. HELP for help, STOP to end texts."
    key = (kind, "en", "discreet")
    body = own if kind == "opt_in" else f"[{own[:10]}]{own[10:]}"
    assert faults_of(key, body) == []

    found = faults_of(key, body.replace("[{sender}: ]", "").replace(lost, "" if lost != "{sender}" else "Elm"))

    assert {fault.code for fault in found} <= {"must_say", "missing_field"}
    assert lost in {fault.detail for fault in found}


def test_the_lines_of_help_stay():
    ours = originals("help", "en")["discreet"]

    assert faults_of(("help", "en", "discreet"), ours.replace("988", "555")) == [
        Fault("must_say", "If you need help now, call or text 988 any time, or call 911.")
    ]
    assert faults_of(("help", "en", "discreet"), ours.replace("Reminder texts", "Texts of ours")) == []


@pytest.mark.parametrize(
    ("letters", "found"), [("reunión", ["ó"]), ("“Hi”", ["“", "”"]), ("👍 ok…", ["👍", "…"]), ("ñandú é", ["ú"])]
)
def test_each_letter_that_a_text_cannot_hold_is_named(letters, found):
    faults = faults_of(("here_noted", "es", "discreet"), letters)

    assert [fault.detail for fault in faults if fault.code == "letter"] == found


def test_a_discreet_text_tells_nothing_and_a_plain_one_may():
    rest = " {when:day}. Y or N? HELP for help, STOP to end texts."
    named = ["Elm Street Center", "Early Birds"]

    for said, word in (
        ("Your therapy:", "therapy"),
        ("Early Birds:", "early birds"),
        ("elm street center:", "elm street center"),
    ):
        assert faults_of(REMINDER, said + rest, names=named) == [Fault("forbidden", word)]
        assert faults_of(("reminder", "en", "plain"), said + rest, names=named) == []


def test_a_meeting_that_is_called_like_one_of_our_own_words_forbids_nothing():
    assert faults_of(REMINDER, "Reminder: {when:day}." + REST, names=["Reminder", "HELP"]) == []


def test_a_text_is_one_part_at_its_longest():
    assert codes("{when:day}." + "x" * 40 + REST) == []
    assert faults_of(REMINDER, "{when:day}." + "x" * 100 + REST) == [Fault("too_long", "1")]
    assert codes("{name}, {when:day} " + "x" * 90 + ". Y or N? STOP to end texts.", ("reminder", "en", "plain")) == [
        "too_long"
    ]


def test_what_needs_more_parts_may_have_as_many_as_the_original():
    key, ours = ("help", "en", "discreet"), originals("help", "en")["discreet"]
    parts = segments.count(longest(key, ours))

    assert parts > 1
    assert faults_of(key, ours + " Come in." * 5) == []
    assert faults_of(key, ours + " Come in." * 30) == [Fault("too_long", str(parts))]


def test_an_empty_text_is_none():
    assert codes(tidy(" \n ")) == ["empty"]


def test_words_of_life_and_law_are_the_same_everywhere():
    assert {"crisis", "stop", "start", "signin_code"} <= set(FIXED)
    assert not any(is_editable(kind) for kind in [*FIXED, "nothing of the kind"])


def test_a_field_is_offered_once_as_it_is_written():
    assert fields_known(("reminder", "en", "plain")) == ["{name}", "{when:day}", "{place}"]


@given(body=st.text(st.sampled_from("{}[]when:daynameplc .YN!")) | st.text())
def test_what_passes_can_always_be_spelled_and_is_one_part(body):
    whole = tidy(body + " {when:day}" + REST)
    if faults_of(REMINDER, whole):
        return

    said = longest(REMINDER, whole)

    assert segments.is_gsm7(said)
    assert segments.count(said) == 1
    assert not set("{}[]") & set(said)


@given(body=st.text(st.sampled_from("{}[]when:daynameplc_.!0 ")))
def test_no_words_can_break_the_spelling_of_a_text(body):
    said = render(*REMINDER[:2], own_words={REMINDER: body}, **EXAMPLE)

    assert said == render(*REMINDER[:2], **EXAMPLE) or not set("{}[]") & set(said)


def test_each_text_that_may_be_longer_is_known():
    assert set(MAY_BE_LONGER) <= set(CATALOGUE)
