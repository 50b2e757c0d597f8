from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid
from aftercare.meetings import finder, publishing, wishes
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import Repeat
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_occurrence, make_organisation
from tests.meetings.exchange.feeds import DENVER, row
from tests.meetings.exchange.imports import imported

TODAY = date(2026, 11, 2)
#: SQLite's beginning, the zones, two stretches of the week, the dates, those without a time; meetings, places, types.
MOST_STATEMENTS = 9
GUIDE_DAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 0}


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def list_of(organisation, *listings, location="list", **defaults):
    """Import listings given as (slug, day, time) or (slug, day, time, fields)."""
    rows = [
        row(slug=slug, name=slug.title(), day=GUIDE_DAYS[day], time=start, **(more[0] if more else {}))
        for slug, day, start, *more in listings
    ]
    imported(organisation, *rows, location=location, defaults=FeedDefaults(zone=DENVER, **defaults))


def page(organisation, *, limit=60, cursor=None, now=MONDAY, **chosen):
    wish, wrong = wishes.read(chosen, today=now.astimezone(UTC).date())
    assert wrong == {}
    return finder.find(organisation, wish, now=now, limit=limit, cursor=cursor)


def names(organisation, **chosen):
    return [found.meeting.name for _, rows in page(organisation, **chosen).days for found in rows]


def all_pages(organisation, *, limit, **chosen):
    """Walk from page to page; give the rows of each."""
    cursor, pages = None, list[list[tuple[datetime, str]]]()
    while cursor or not pages:
        found = page(organisation, limit=limit, cursor=cursor, **chosen)
        pages.append([(each.starts_at, each.meeting.name) for _, rows in found.days for each in rows])
        cursor = found.next
        assert len(pages) < 500
    return pages


def test_today_and_tomorrow_are_shown_in_order_of_start(clinic):
    list_of(
        clinic,
        ("evening", "mon", "19:00"),
        ("noon", "mon", "12:00"),
        ("tomorrow", "tue", "07:00"),
        ("later", "wed", "07:00"),
    )

    assert [(day, [each.meeting.name for each in rows]) for day, rows in page(clinic).days] == [
        (TODAY, ["Noon", "Evening"]),
        (TODAY + timedelta(days=1), ["Tomorrow"]),
    ]


def test_what_began_ten_minutes_ago_can_still_be_joined(clinic):
    list_of(clinic, ("just-begun", "mon", "09:50"), ("long-begun", "mon", "09:49"))

    assert names(clinic) == ["Just-Begun"]


def test_a_listing_ends_an_hour_after_its_start_where_its_list_does_not_say(clinic):
    list_of(clinic, ("short", "mon", "12:00", {"end_time": "12:45"}), ("unsaid", "mon", "13:00"))

    ((_, rows),) = page(clinic).days
    assert [each.ends_at - each.starts_at for each in rows] == [timedelta(minutes=45), timedelta(minutes=60)]


def test_a_weekday_means_its_next_date_and_today_counts(clinic):
    list_of(clinic, *((day, day, "12:00") for day in GUIDE_DAYS))

    assert [page(clinic, day=day).days[0][0] for day in ("mon", "wed", "sun")] == [
        TODAY, TODAY + timedelta(days=2), TODAY + timedelta(days=6),
    ]  # fmt: skip
    assert names(clinic, day="week") == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("morning", ["Dawn"]),
        ("midday", ["Noon"]),
        ("evening", ["Dusk"]),
        ("night", ["Small-Hours", "Dusk", "Midnight"]),
    ],
)
def test_a_part_of_the_day_is_cut_as_apps_of_the_field_cut_it(clinic, part, found):
    list_of(
        clinic, ("small-hours", "tue", "00:30"), ("dawn", "tue", "05:00"), ("noon", "tue", "12:30"),
        ("dusk", "tue", "20:15"), ("midnight", "tue", "23:59"),
    )  # fmt: skip

    assert names(clinic, day="tomorrow", time=part) == found


def test_a_type_means_the_same_in_every_fellowship(clinic):
    list_of(clinic, ("speaker", "mon", "12:00", {"types": ["S"]}), location="aca", fellowship="aca")
    list_of(clinic, ("spanish", "mon", "13:00", {"types": ["S"]}), ("orator", "mon", "14:00", {"types": ["SP"]}))

    assert names(clinic, type="SP") == ["Speaker", "Orator"]


def test_a_meeting_that_names_no_language_speaks_that_of_the_house(clinic):
    list_of(clinic, ("silent", "mon", "12:00"), ("spanish", "mon", "13:00", {"types": ["S"]}))

    assert names(clinic, language="en") == ["Silent"]
    assert names(clinic, language="es") == ["Spanish"]


def test_hybrid_meetings_are_found_by_both_ways_to_attend(clinic):
    call = {"conference_url": "https://zoom.us/j/5550100"}
    town = {"formatted_address": "Juniper Falls, CO, USA"}
    list_of(
        clinic, ("house", "mon", "12:00"), ("both", "mon", "13:00", call), ("screen", "mon", "14:00", call | town)
    )  # fmt: skip

    assert names(clinic, attend="in_person") == ["House", "Both"]
    assert names(clinic, attend="online") == ["Both", "Screen"]


def test_open_meetings_alone_can_be_asked_for(clinic):
    list_of(
        clinic, ("open", "mon", "12:00"), ("closed", "mon", "13:00", {"types": ["C"]}),
        ("unsaid", "mon", "14:00", {"types": []}),
    )  # fmt: skip

    assert names(clinic, open="open") == ["Open"]


@pytest.mark.parametrize("words", ["jardin", "JARDÍN", "calle olmo", "juniper GRUPO", "narcotics olmo"])
def test_words_are_found_in_name_place_group_and_fellowship_without_accents(clinic, words):
    about = {
        "location": "Casa Jardín",
        "formatted_address": "5 Calle Olmo, Juniper Falls, CO 80099, USA",
        "group": "Grupo Sol",
    }
    list_of(clinic, ("porch", "mon", "12:00"))
    list_of(clinic, ("sol", "thu", "12:00", about), location="na", fellowship="na")

    assert names(clinic, q=words) == ["Sol"]


def test_a_place_closed_for_now_is_shown_only_to_those_who_look_for_it(clinic):
    list_of(clinic, ("porch", "mon", "12:00", {"types": ["TC"]}), ("lamp", "mon", "13:00"))

    assert names(clinic) == ["Lamp"]
    assert names(clinic, q="porch") == ["Porch"]


def test_a_date_of_our_own_stands_among_the_listings(clinic):
    list_of(clinic, ("before", "mon", "17:00"), ("after", "mon", "19:00"))
    make_occurrence(make_meeting(clinic, name="Ours"), starts=datetime(2026, 11, 2, 18))

    assert names(clinic) == ["Before", "Ours", "After"]


def test_a_cancelled_date_is_shown_as_cancelled(clinic):
    make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 2, 18), status="cancelled")

    ((_, rows),) = page(clinic).days
    assert [each.status for each in rows] == ["cancelled"]


def test_an_unlisted_meeting_and_one_that_ended_are_not_found(clinic):
    make_occurrence(make_meeting(clinic, listed=False), starts=datetime(2026, 11, 2, 18))
    make_occurrence(make_meeting(clinic, ended_at=MONDAY), starts=datetime(2026, 11, 2, 18))

    assert names(clinic, day="week") == []


def test_a_meeting_of_another_organisation_is_not_found(clinic):
    other = make_organisation()
    list_of(other, ("theirs", "mon", "12:00"))
    make_occurrence(make_meeting(other), starts=datetime(2026, 11, 2, 18))
    list_of(clinic, ("ours", "mon", "12:00"))

    assert names(clinic, day="week") == ["Ours"]
    assert names(clinic, q="theirs") == []
    assert names(other, q="theirs") == ["Theirs"]


def test_a_listing_that_keeps_another_time_stands_where_it_begins_here(clinic):
    list_of(
        clinic, ("before", "mon", "17:30"), ("after", "mon", "18:30"),
        ("east", "mon", "20:00", {"timezone": "America/New_York"}),
        ("next-day-there", "tue", "10:00", {"timezone": "Asia/Tokyo"}),
        ("over", "mon", "10:00", {"timezone": "America/New_York"}),
    )  # fmt: skip

    assert names(clinic, day="today") == ["Before", "East", "Next-Day-There", "After"]


@pytest.mark.parametrize(
    ("repeat", "first", "found"),
    [
        (Repeat(unit="month", weekdays=(0,), nth=1), datetime(2026, 1, 5, 18), True),
        (Repeat(unit="month", weekdays=(0,), nth=2), datetime(2026, 1, 5, 18), False),
        (Repeat(every=2, weekdays=(0,)), datetime(2026, 10, 19, 18), True),
        (Repeat(every=2, weekdays=(0,)), datetime(2026, 10, 26, 18), False),
        (Repeat(weekdays=(0,), until=date(2026, 10, 30)), datetime(2026, 1, 5, 18), False),
        (Repeat(weekdays=(0,)), datetime(2026, 11, 9, 18), False),
        (None, datetime(2026, 11, 2, 18), True),
        (None, datetime(2026, 10, 26, 18), False),
    ],
)
def test_a_listing_of_our_own_is_found_on_the_days_of_its_rule(clinic, monday, hold, repeat, first, found):
    draft = Draft(name="Ours", kind="fellowship", first=first, repeat=repeat, zone=DENVER)
    hold(monday - timedelta(days=300))
    with transaction():
        publishing.publish(clinic.id, draft, by=None)
    hold(monday)

    assert names(clinic, day="today") == (["Ours"] if found else [])


def test_pages_follow_each_other_without_a_gap_or_a_repeat(clinic):
    days = list(GUIDE_DAYS)
    list_of(clinic, *((f"m-{n:03}", days[n % 7], f"{n % 5 + 11}:00") for n in range(90)))
    list_of(
        clinic,
        *((f"far-{n}", days[n % 7], "12:00", {"timezone": "America/New_York"}) for n in range(14)),
        location="far",
    )
    meeting = make_meeting(clinic, name="Ours")
    for hour in range(8, 20):
        make_occurrence(meeting, starts=datetime(2026, 11, 4, hour))

    whole = all_pages(clinic, limit=1000, day="week")
    pages = all_pages(clinic, limit=7, day="week")

    assert len(whole) == 1
    assert [each for rows in pages for each in rows] == whole[0]
    assert all(len(rows) == 7 for rows in pages[:-1])
    assert all(one[0] <= two[0] for one, two in pairwise(whole[0]))


def test_listings_that_fall_out_make_a_page_short_but_never_the_last(clinic, monday, hold):
    hold(monday - timedelta(days=300))
    for n in range(12):
        repeat = Repeat(weekdays=(0,), until=date(2026, 10, 30)) if n % 3 else Repeat(weekdays=(0,))
        with transaction():
            draft = Draft(name=f"m-{n}", kind="fellowship", first=datetime(2026, 1, 5, 18), repeat=repeat, zone=DENVER)
            publishing.publish(clinic.id, draft, by=None)
    hold(monday)

    found = [name for rows in all_pages(clinic, limit=2, day="today") for _, name in rows]

    assert sorted(found) == ["m-0", "m-3", "m-6", "m-9"]


@pytest.mark.parametrize(
    "cursor", ["x", "1-2-3", f"0-{10**20}-{0:032}", "--", "0-1-" + "g" * 32, f"1-{0:032}", f"{10**400}-1-{0:032}"]
)
def test_a_cursor_that_is_not_ours_is_refused(clinic, cursor):
    with pytest.raises(Invalid):
        page(clinic, cursor=cursor)


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"q": "m"},
        {"day": "week", "type": "D", "language": "en", "time": "night"},
        {"day": "week", "attend": "hybrid"},
    ],
)
def test_three_meetings_and_three_hundred_take_the_same_few_statements(clinic, statements, chosen):
    kinds = {"types": ["O", "D"]}
    list_of(clinic, *((f"m-{n}", "mon", "20:00", kinds) for n in range(3)))
    make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 2, 20))
    db.session.refresh(clinic)
    few = statements(lambda: page(clinic, **chosen))
    days = list(GUIDE_DAYS)
    list_of(clinic, *((f"m-{n}", days[n % 7], "20:00", kinds | {"location": f"House {n}"}) for n in range(300)))

    db.session.refresh(clinic)
    assert statements(lambda: page(clinic, **chosen)) <= MOST_STATEMENTS
    assert few <= MOST_STATEMENTS
    # What was learnt of the list as it stands is not asked again.
    db.session.refresh(clinic)
    assert statements(lambda: page(clinic, **chosen)) <= MOST_STATEMENTS - 1
