import pytest
from sqlalchemy import delete, select

from aftercare.core.db import before_commit, db, transaction
from aftercare.core.errors import Conflict, NotFound
from aftercare.meetings import schedule
from aftercare.meetings.exchange import hidden_rules, suggestions
from aftercare.meetings.exchange.models import RuleSuggestion
from tests.factories import make_organisation
from tests.locks import meeting_halfway
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported, meetings

ONLY_TWICE = "Meets 2nd and 4th Mondays only."


@pytest.fixture
def clinic(app):
    return make_organisation()


def waiting(organisation):
    db.session.rollback()
    return suggestions.waiting(organisation.id)


def settled(organisation, how):
    ((suggestion, _),) = waiting(organisation)
    with transaction():
        how(organisation.id, suggestion.id, by=None)
    return suggestion.id


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("Meeting occurs on the 2nd and 4th Mondays of the month only", "FREQ=MONTHLY;BYDAY=2MO,4MO"),
        ("Only meets 1st Monday of the Month", "FREQ=MONTHLY;BYDAY=1MO"),
        ("last Monday", "FREQ=MONTHLY;BYDAY=-1MO"),
        ("2nd Monday", "FREQ=MONTHLY;BYDAY=2MO"),
        ("This meeting is held on the first Monday of each month only", "FREQ=MONTHLY;BYDAY=1MO"),
        ("1st, 3rd and 5th only", "FREQ=MONTHLY;BYDAY=1MO,3MO,5MO"),
        ("Se reúne el primer y tercer lunes", "FREQ=MONTHLY;BYDAY=1MO,3MO"),
        ("Sólo el último lunes del mes", "FREQ=MONTHLY;BYDAY=-1MO"),
        # Each of these leaves a doubt.
        ("2nd Tuesday", None),
        ("Typically 1st or 2nd Monday", None),
        ("This group meets every other Monday", None),
        ("No meeting on the last Monday", None),
        ("Last Monday of the month is an open meeting", None),
        ("Men welcome 1st Monday of the month", None),
        ("Only on Mondays", None),
        ("Excepto el primer lunes", None),
    ],
)
def test_a_sentence_gives_a_rule_only_where_it_leaves_no_doubt(said, rule):
    assert hidden_rules.read_rule(said, (0,)) == rule


def test_of_a_meeting_on_two_days_no_rule_is_read():
    assert hidden_rules.read_rule("2nd Monday only", (0, 2)) is None


def test_a_note_that_hides_a_rule_is_suggested_and_never_obeyed(clinic):
    imported(clinic, row(notes=ONLY_TWICE), row(slug="lamp", notes="Ring twice."))

    ((suggestion, meeting),) = waiting(clinic)
    assert (suggestion.sentence, suggestion.rule) == (ONLY_TWICE, "FREQ=MONTHLY;BYDAY=2MO,4MO")
    assert (meeting.source_key, meeting.rule) == ("porch", "FREQ=WEEKLY;BYDAY=MO")
    assert suggestions.count(clinic.id) == 1


def test_staff_take_a_suggestion_and_their_word_outlives_the_list(clinic):
    imported(clinic, row(notes=ONLY_TWICE))
    settled(clinic, suggestions.take)
    imported(clinic, row(notes=ONLY_TWICE, time="20:00", name="Other"))

    (meeting,) = meetings(clinic)
    assert (meeting.rule, f"{meeting.start_local:%A %d %H}") == ("FREQ=MONTHLY;BYDAY=2MO,4MO", "Monday 12 19")
    assert (meeting.name, list(meeting.local_edits)) == ("Other", ["when"])
    assert waiting(clinic) == []


def test_what_staff_dismissed_does_not_come_again(clinic):
    imported(clinic, row(notes=ONLY_TWICE))
    settled(clinic, suggestions.dismiss)
    imported(clinic, row(notes=ONLY_TWICE, name="Other"))

    assert waiting(clinic) == []
    assert meetings(clinic)[0].rule == "FREQ=WEEKLY;BYDAY=MO"


def test_another_sentence_is_a_new_suggestion_and_the_old_one_is_forgotten(clinic):
    imported(clinic, row(notes=ONLY_TWICE))
    imported(clinic, row(notes="Last Monday only"))

    ((suggestion, _),) = waiting(clinic)
    assert suggestion.rule == "FREQ=MONTHLY;BYDAY=-1MO"
    imported(clinic, row(notes="Ring twice"))
    assert db.session.scalars(select(RuleSuggestion)).all() == []


def test_a_sentence_without_a_rule_can_be_dismissed_but_not_taken(clinic):
    imported(clinic, row(notes="No meeting on holidays."))

    with pytest.raises(Conflict, match="holds no rule that we can read"):
        settled(clinic, suggestions.take)
    settled(clinic, suggestions.dismiss)
    assert waiting(clinic) == []


def test_a_suggestion_is_settled_once(clinic):
    imported(clinic, row(notes=ONLY_TWICE))
    suggestion_id = settled(clinic, suggestions.dismiss)

    with pytest.raises(Conflict, match="settled this already"), transaction():
        suggestions.take(clinic.id, suggestion_id, by=None)


def test_whoever_takes_one_and_a_reading_that_drops_it_do_not_wait_for_each_other(app, clinic):
    imported(clinic, row(notes=ONLY_TWICE))
    ((suggestion, meeting),) = waiting(clinic)
    keys = clinic.id, suggestion.id

    def read():
        schedule.lock_meeting(meeting)
        before_commit("calendars", lambda: db.session.execute(delete(RuleSuggestion)))

    assert meeting_halfway(app, read, lambda: suggestions.take(*keys, by=None)) == ["NotFound"]


def test_another_organisation_cannot_settle_it(clinic):
    imported(clinic, row(notes=ONLY_TWICE))
    ((suggestion, _),) = waiting(clinic)

    with pytest.raises(NotFound), transaction():
        suggestions.take(make_organisation().id, suggestion.id, by=None)


def test_a_meeting_that_is_gone_suggests_nothing(clinic):
    imported(clinic, row(notes=ONLY_TWICE), row(slug="lamp"))
    imported(clinic, row(slug="lamp"), accepts_removals=True)

    assert (waiting(clinic), suggestions.count(clinic.id)) == ([], 0)
