"""What each text is called on the pages of staff, in groups by what they are about."""

from flask_babel import gettext as _

from aftercare.messaging.catalogue import CATALOGUE

Titles = dict[str, str]


def groups() -> list[tuple[str, Titles]]:
    """Give all texts by what they are about; one that has no title yet is called by its name."""
    found = [
        (_("Before a visit"), _before()),
        (_("When something changes"), _changes()),
        (_("Answers"), _answers()),
        (_("Arriving and after"), _arriving()),
        (_("What people ask for by text"), _wishes()),
        (_("Check-ups"), _checkups()),
        (_("Agreement, help and stopping"), _agreement()),
    ]
    named = {kind for _title, titles in found for kind in titles}
    found.append((_("Other texts"), {kind: kind for kind in CATALOGUE if kind not in named}))
    sent = [(title, {kind: named for kind, named in titles.items() if kind in CATALOGUE}) for title, titles in found]
    return [(title, titles) for title, titles in sent if titles]


def title_of(kind: str) -> str:
    """Give the title of a text."""
    return all_titles()[kind]


def all_titles() -> Titles:
    """Give the title of every text."""
    return {kind: named for _title, titles in groups() for kind, named in titles.items()}


def fixed_reasons() -> dict[str, str]:
    """Say why the words of some texts are the same everywhere."""
    return {
        "safety": _("For people in danger. Every word was weighed, so it is the same everywhere."),
        "rules": _("The rules of the phone companies ask for these words, so they are the same everywhere."),
        "security": _("It lets people in. Other words would make it easy to imitate, so it is the same everywhere."),
        "strangers": _("It goes to numbers that we do not know, and must not tell whose it is."),
        "each_time": _("Staff write these words anew each time."),
    }


def fields() -> dict[str, str]:
    """Say what can be filled in."""
    return {
        "when": _("the day and the time"),
        "was": _("the day and the time as they were before"),
        "next_when": _("the next day and time"),
        "also": _("another day and time that is still to be answered"),
        "until": _("until when"),
        "name": _("the name of the meeting"),
        "place": _("the place"),
        "street": _("the street"),
        "sender": _("the neutral name of your organisation"),
        "phone": _("your phone number"),
        "hours": _("when somebody reads replies"),
        "position": _("the place in the line"),
        "count": _("how many"),
        "nth": _("the number of the question"),
        "low": _("the lowest answer"),
        "high": _("the highest answer"),
        "item": _("the question"),
        "postal": _("the postal code"),
        "visits": _("visits in all"),
        "weeks": _("weeks on goal"),
        "done": _("meetings this week"),
        "goal": _("the goal of the week"),
        "row": _("weeks in a row"),
        "choices": _("the choices"),
    }


def _before() -> Titles:
    return {
        "reminder": _("Reminder"),
        "offer": _("A place is free"),
        "next": _("The next visit"),
        "next_none": _("Nothing is planned"),
        "seat_free": _("A place is free for who said no before"),
    }


def _changes() -> Titles:
    return {
        "moved": _("A date has moved"),
        "cancelled": _("A date is cancelled"),
        "cancelled_next": _("A date is cancelled, and the next one"),
        "restored": _("A date takes place after all"),
        "placed": _("A date is in a different place"),
        "extra": _("One more date"),
        "closure": _("Closed for some days"),
        "reopened": _("Open again early"),
        "offer_gone": _("A place is no longer free"),
    }


def _answers() -> Titles:
    return {
        "thanks": _("Said yes"),
        "no_thanks": _("Said no"),
        "maybe": _("Said maybe"),
        "maybe_also": _("Said maybe, and another date is open"),
        "excused": _("Told us why they cannot come"),
        "late": _("On the way"),
        "waitlisted": _("On the wait list"),
        "full": _("No place is free"),
        "closed": _("Too late to answer"),
        "nothing_open": _("Nothing to answer"),
        "tapped": _("Tapped on a text"),
        "picture": _("Sent a picture"),
        "unknown": _("Wrote what we did not understand"),
        "who": _("Two people on one phone"),
    }


def _arriving() -> Titles:
    return {
        "here_ok": _("Checked in"),
        "here_noted": _("Says that they are here"),
        "here_wrong_code": _("Check-in: the code is wrong"),
        "here_ask_host": _("Check-in: wrong again, tell the host"),
        "here_tell_host": _("Check-in: tell the host"),
        "here_closed": _("Check-in is not open"),
        "milestone": _("Milestone of visits"),
        "milestone_weeks": _("Milestone of weeks"),
        "missed": _("Missed you"),
        "missed_next": _("Missed you, and the next date"),
    }


def _wishes() -> Titles:
    return {
        "call": _("Asked for a call"),
        "find": _("A meeting near a postal code"),
        "find_none": _("No meeting near a postal code"),
        "find_how": _("How to find a meeting"),
        "streak": _("Visits and weeks"),
        "streak_new": _("No visit yet"),
        "goal": _("The goal of the week"),
        "goal_set": _("The goal is changed"),
        "goal_raised": _("The goal is raised"),
        "goal_limits": _("How to change the goal"),
        "quiet": _("A pause begins"),
        "quiet_over": _("A pause is over"),
        "quiet_how": _("How to take a pause"),
        "language": _("The language is changed"),
        "proof": _("Asked for a proof of attendance"),
    }


def _checkups() -> Titles:
    return {
        "checkup": _("Check-up: the beginning"),
        "checkup_item": _("Check-up: a question by its line"),
        "checkup_item_said": _("Check-up: a question"),
        "checkup_range": _("Check-up: a number is asked for"),
        "checkup_done": _("Check-up: the end"),
        "checkup_later": _("Check-up: not now"),
    }


def _agreement() -> Titles:
    return {
        "opt_in": _("Asks to agree to texts"),
        "welcome": _("The first text"),
        "help": _("HELP"),
        "stop": _("STOP"),
        "start": _("START"),
        "signin_code": _("Code to sign in"),
        "number_code": _("Code for a new number"),
        "number_start": _("New number, after a STOP"),
        "unknown_sender": _("To a number that we do not know"),
        "crisis": _("For somebody in danger"),
        "broadcast": _("Message to a group"),
    }
