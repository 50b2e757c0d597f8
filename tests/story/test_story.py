"""The whole story, played against a running demo by browsers and phones (issue 2)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests import postgres
from tests.story.stage import ZONE, Demo, Phones, Somebody, demo


@pytest.fixture(params=["sqlite", "postgresql"])
def running(request, tmp_path):
    url = postgres.start().create(f"story_{tmp_path.name[-6:]}") if request.param == "postgresql" else None
    with demo(tmp_path, database_url=url) as started:
        yield started


@pytest.fixture
def somebody(running: Demo, browser: Browser):
    contexts = []

    def enter(name):
        contexts.append(browser.new_context(locale="en-US"))
        return Somebody(running, contexts[-1], name)

    yield enter
    for context in contexts:
        context.close()


def test_the_main_job_from_publishing_to_the_streak(running: Demo, somebody, browser: Browser):
    sam, marcus, dee, priya = (somebody(name) for name in ("Sam Ortiz", "Marcus Tate", "Dee Walker", "Priya Shah"))
    phones = Phones(running, browser.new_context(locale="en-US"))
    day = running.now().date() + timedelta(days=3)

    meeting_path = publish(sam, day)
    for person, answer in ((marcus, "You said you'll be there"), (dee, "You said you'll be there")):
        say_yes(person, meeting_path, answer)
    say_yes(priya, meeting_path, "number 1 on the wait list")

    running.go_to(day - timedelta(days=2), 15, 1)
    phones.waits_for("Marcus Tate", f"Reminder: {day:%a %b} {day.day}, 3:00 PM")
    phones.send("Marcus Tate", "N")
    offer = phones.waits_for("Priya Shah", "A place is free")
    assert f"{day:%a %b} {day.day}, 3:00 PM" in offer
    phones.send("Priya Shah", "Y")
    phones.waits_for("Priya Shah", "Thank you. See you")

    running.go_to(day, 13, 1)
    phones.waits_for("Priya Shah", "Reminder:")
    phones.send("Priya Shah", "Y")
    expect_yes(sam, meeting_path, 2)

    running.go_to(day, 14, 50)
    code = read_room_code(sam, meeting_path)
    assert code not in " ".join(phones.texts_of("Priya Shah"))
    phones.send("Priya Shah", f"HERE {code}")
    assert "Total visits: 25" in phones.waits_for("Priya Shah", "You are checked in")
    tap_here(sam, "Dee W")

    phones.waits_for("Priya Shah", "Today makes 25. Well done.")
    week = priya.at("/week")
    expect(week.get_by_text(re.compile(r"25\s+meetings in all"))).to_be_visible()
    feed = make_feed(priya)
    said = running.get(feed)
    assert "Attended" in unfolded(said)
    assert "25" in summary_lines(said, "VALUE=DATE")

    move_next_date(sam, dee, meeting_path, day + timedelta(days=7))
    moved_to = day + timedelta(days=8)
    change = phones.waits_for("Dee Walker", "is now")
    assert f"{moved_to:%a %b} {moved_to.day}, 4:30 PM" in change
    dees_feed = running.get(make_feed(dee))
    assert f"DTSTART:{utc_stamp(moved_to, 16, 30)}" in dees_feed


def publish(sam: Somebody, day) -> str:
    page = sam.at("/staff/meetings/new")
    page.get_by_label("Name that people see").fill("Second Wind")
    page.get_by_label("First date", exact=True).fill(day.isoformat())
    page.get_by_label("Starts at").fill("15:00")
    by_week = page.get_by_role("group", name="Days, if by the week")
    by_week.get_by_role("checkbox", name=f"{day:%A}").check()
    page.get_by_label("Place", exact=True).fill("Elm Street Center, room 2")
    page.get_by_label("How many places?").fill("2")
    page.get_by_role("button", name="Show next dates").click()
    expect(page.get_by_text(f"Every {day:%A} at 3:00 PM")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Second Wind")).to_be_visible()
    return str(page.url).removeprefix(sam.demo.base)


def say_yes(person: Somebody, meeting_path: str, answer: str) -> None:
    page = person.at(meeting_path)
    page.locator("button[name=answer][value=yes]").click()
    expect(page.get_by_text(answer)).to_be_visible()


def expect_yes(sam: Somebody, meeting_path: str, count: int) -> None:
    page = sam.at(meeting_path.replace("/m/", "/staff/meetings/") + "/dates")
    expect(page.get_by_text(f"{count} said yes").first).to_be_visible()


def open_roll(sam: Somebody, meeting_path: str):
    page = sam.at(meeting_path)
    page.get_by_role("link", name="Open the roll").click()
    return page


def read_room_code(sam: Somebody, meeting_path: str) -> str:
    page = open_roll(sam, meeting_path)
    return str(page.locator(".room-code .digits").inner_text()).strip()


def tap_here(sam: Somebody, name: str) -> None:
    sam.page.get_by_role("button", name=re.compile(f"^Here {name}")).click()
    expect(sam.page.get_by_role("button", name=re.compile(f"^Undo {name}"))).to_be_visible()


def make_feed(person: Somebody) -> str:
    page = person.at("/calendars")
    page.get_by_label("Name of the device").fill("My phone")
    page.get_by_role("radio", name="Everything").check()
    page.get_by_role("button", name="Make this calendar").click()
    return str(page.get_by_label("Or copy the address").input_value())


def move_next_date(sam: Somebody, dee: Somebody, meeting_path: str, day) -> None:
    sam.demo.go_to(day - timedelta(days=6), 10)
    say_yes(dee, meeting_path, "You said you'll be there")
    page = sam.at(meeting_path.replace("/m/", "/staff/meetings/") + "/dates")
    page.get_by_role("link", name="Move this date").first.click()
    page.get_by_label("New date").fill((day + timedelta(days=1)).isoformat())
    page.get_by_label("New time").fill("16:30")
    page.get_by_role("button", name="Show what people will read").click()
    expect(page.get_by_text("1 person gets this text")).to_be_visible()
    page.get_by_role("button", name="Move the date and tell people").click()
    expect(page.get_by_text("The date is moved.")).to_be_visible()


def unfolded(feed: str) -> str:
    return feed.replace("\r\n ", "")


def summary_lines(feed: str, within: str) -> str:
    events = unfolded(feed).split("BEGIN:VEVENT")
    return "\n".join(
        line for event in events if within in event for line in event.splitlines() if line.startswith("SUMMARY")
    )


def utc_stamp(day, hour: int, minute: int) -> str:
    wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
    return f"{wall.astimezone(UTC):%Y%m%dT%H%M%SZ}"
