"""Caps where the claim keeps them; tests/messaging/test_caps.py tries the law alone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from aftercare.core.db import db, transaction
from aftercare.messaging.allowances import Prospect
from aftercare.messaging.models import Message
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person
from tests.messaging.capping import DAY, again, capped, drain, remind, waits
from tests.messaging.posting import post_text, post_together, text_for


def date_on(clinic, day, hour=18):
    """Make a date in November 2026, of a meeting of its own."""
    return make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, day, hour))


def test_one_text_a_day_goes_and_the_next_waits_for_the_morning(app, monday):
    ana = make_person()
    first, second = post_together(
        capped(ana, body="First", useful_until=monday + DAY * 2),
        capped(ana, body="Second", useful_until=monday + DAY * 3),
    )

    assert drain(app) == ["First"]
    assert waits(second) == datetime(2026, 11, 3, 16, 0, tzinfo=UTC)
    db.session.refresh(first)
    assert first.left_at == monday


def test_what_waits_for_the_next_day_goes_then(app, monday, hold):
    ana = make_person()
    post_together(capped(ana, body="First", useful_until=monday + DAY * 2), capped(ana, body="Second"))
    drain(app)

    hold(monday + DAY)

    assert drain(app) == ["Second"]


def test_what_would_be_useless_tomorrow_is_given_up_with_its_reason(app, monday):
    ana = make_person()
    post_text(ana, is_answer=False, kind="broadcast", body="First", useful_until=monday + timedelta(hours=2))
    late = post_text(ana, is_answer=False, kind="milestone", useful_until=monday + timedelta(hours=13))

    assert drain(app) == ["First"]
    assert again(late) == ("expired", "cap_day")


def test_three_a_week_go_and_the_fourth_waits_until_a_week_has_passed(app, monday, hold):
    ana = make_person()
    for day in range(3):
        hold(monday + day * DAY)
        post_together(capped(ana))
        assert len(drain(app)) == 1
    hold(monday + 3 * DAY)
    fourth = post_together(capped(ana))[0]

    assert drain(app) == []
    assert waits(fourth) == datetime(2026, 11, 9, 16, 0, tzinfo=UTC)
    hold(monday + 7 * DAY)
    assert len(drain(app)) == 1


def test_a_fourth_that_is_useless_within_the_week_is_given_up(app, monday, hold):
    ana = make_person(texts_a_day=0)
    for _ in range(3):
        post_together(capped(ana))
    assert len(drain(app)) == 3
    (fourth,) = post_together(capped(ana, useful_until=monday + 2 * DAY))

    assert drain(app) == []
    assert again(fourth) == ("expired", "cap_week")


def test_who_chose_no_cap_gets_all(app, monday):
    ana = make_person(texts_a_day=0, texts_a_week=0)
    post_together(*(capped(ana) for _ in range(5)))

    assert len(drain(app)) == 5


def test_answers_in_a_conversation_neither_wait_nor_count(app, monday):
    ana = make_person()
    post_together(*(text_for(ana, kind="thanks", body="Answer") for _ in range(4)))
    assert len(drain(app)) == 4
    post_together(capped(ana, body="Reminder"))

    assert drain(app) == ["Reminder"]


@pytest.mark.parametrize(
    ("kind", "is_answer"), [("cancelled", False), ("moved", False), ("offer", True), ("opt_in", False)]
)
def test_news_goes_beyond_the_cap_and_counts(app, monday, kind, is_answer):
    ana = make_person()
    post_together(capped(ana, body="Capped"))
    drain(app)
    post_together(capped(ana, kind=kind, is_answer=is_answer, body="News"))
    assert drain(app) == ["News"]

    ben = make_person()
    post_together(capped(ben, kind=kind, is_answer=is_answer, body="News"), capped(ben, body="Capped"))

    assert drain(app) == ["News"]


def test_a_text_that_never_arrived_uses_up_nothing(app, monday):
    ana = make_person()
    post_together(capped(ana))
    drain(app)
    with transaction():
        db.session.execute(update(Message).values(state="undelivered"))
    post_together(capped(ana, body="Second"))

    assert drain(app) == ["Second"]


def test_a_text_of_which_nobody_knows_whether_it_went_counts(app, monday):
    ana = make_person()
    post_together(capped(ana))
    drain(app)
    with transaction():
        db.session.execute(update(Message).values(state="unknown", sent_at=None))
    (second,) = post_together(capped(ana))

    assert drain(app) == []
    assert waits(second) > monday


def test_the_day_is_that_of_the_person(app, hold):
    """Eight in the evening in Denver, then nine in the morning: another day in Denver, the same one in UTC."""
    clinic = make_organisation(quiet_from=24 * 60)
    ana = make_person(clinic)
    hold(datetime(2026, 11, 3, 2, 30, tzinfo=UTC))
    post_together(capped(ana))
    assert len(drain(app)) == 1

    hold(datetime(2026, 11, 3, 16, 0, tzinfo=UTC))
    post_together(capped(ana))

    assert len(drain(app)) == 1


def test_tonight_which_nobody_spoke_of_goes_before_the_day_after(app, monday):
    clinic = make_organisation()
    ana = make_person(clinic)
    tonight, wednesday = date_on(clinic, 2), date_on(clinic, 4)
    later, soon = post_together(
        remind(ana, wednesday, body="Wednesday"),
        remind(ana, tonight, body="Tonight", due_at=monday + timedelta(hours=6)),
    )

    assert drain(app) == []
    assert waits(later) == datetime(2026, 11, 3, 16, 0, tzinfo=UTC)
    assert waits(soon) == monday + timedelta(hours=6)


def test_a_date_that_was_spoken_of_waits_for_one_that_was_not(app, monday, hold):
    clinic = make_organisation()
    ana = make_person(clinic)
    tonight, wednesday = date_on(clinic, 2), date_on(clinic, 4)
    hold(monday - 2 * DAY)
    post_together(remind(ana, tonight))
    assert len(drain(app)) == 1
    hold(monday)
    second, first = post_together(remind(ana, tonight, body="Again"), remind(ana, wednesday, body="Wednesday"))

    assert drain(app) == ["Wednesday"]
    assert again(second) == ("expired", "cap_day")
    assert again(first)[0] == "accepted"


def test_a_second_word_is_not_said_if_a_later_date_would_go_unsaid(app, monday, hold):
    """Groups on Monday, Wednesday and Friday: three first words are all that a week has room for."""
    clinic = make_organisation()
    ana = make_person(clinic)
    tonight, wednesday, friday, following = (date_on(clinic, day) for day in (2, 4, 6, 9))
    hold(monday - 2 * DAY)
    post_together(remind(ana, tonight))
    assert len(drain(app)) == 1
    hold(monday + timedelta(hours=6))
    (second,) = post_together(remind(ana, tonight))

    coming = [Prospect(each.id, each.starts_at - 2 * DAY, each.starts_at) for each in (wednesday, friday, following)]

    assert drain(app, ahead=lambda people: dict.fromkeys(people, coming)) == []
    assert again(second) == ("expired", "cap_week")
