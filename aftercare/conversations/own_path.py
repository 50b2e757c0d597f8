"""Streak, goal, pause, language: what people ask and set of their own path by text (product.md 5)."""

from datetime import datetime, time

from aftercare.conversations.talk import Reply, Talk
from aftercare.core.errors import Invalid
from aftercare.people import accounts
from aftercare.recovery import progress


def streak(talk: Talk) -> Reply:
    """Say in one line what somebody has come to; what is none yet is left out."""
    person = talk.patients[0]
    made = progress.whole(person)
    found = made.streak
    if not found.total:
        return Reply("streak_new", person=person)
    is_this_week = found.this_week_done and found.this_week_goal
    values = {
        "visits": found.total,
        "weeks": found.weeks_on_goal or None,
        "done": found.this_week_done if is_this_week else None,
        "goal": found.this_week_goal if is_this_week else None,
        "row": found.current or None if made.shows_streak else None,
    }
    return Reply("streak", values, person=person)


def goal(talk: Talk) -> Reply:
    """Set the goal per week, or say what it is."""
    person, wanted = talk.patients[0], talk.word.argument
    before = progress.goal_of(person)
    if not wanted:
        return Reply("goal", {"goal": before}, person=person)
    try:
        progress.set_goal(person, int(wanted))
    except Invalid:
        return Reply("goal_limits", person=person)
    kind = "goal_raised" if int(wanted) > before else "goal_set"
    return Reply(kind, {"goal": int(wanted)}, person=person)


def quiet(talk: Talk) -> Reply:
    """Let somebody rest for some days from today; none at all ends the rest."""
    person, wanted = talk.patients[0], talk.word.argument
    if not wanted:
        return Reply("quiet_how", person=person)
    try:
        until = progress.rest(person, int(wanted))
    except Invalid:
        return Reply("quiet_how", person=person)
    if until is None:
        return Reply("quiet_over", person=person)
    return Reply("quiet", {"until": datetime.combine(until, time())}, person=person)


def language(talk: Talk) -> Reply:
    """Text somebody in the language that they name from now on."""
    person = talk.patients[0]
    accounts.choose_language(person, talk.language)
    return Reply("language", person=person)
