"""What each figure counts, in sentences that stand on the page that shows it (law: issue 5, measures).

They are written here once, beside the laws they tell of; pages say them with `_()` in the reader's language.
"""

from enum import StrEnum

from aftercare.reports.holdout import Finding

#: Marks a sentence for `./run translations` where it is written; the page that shows it translates it.
N_ = str


class Figure(StrEnum):
    """The figures of the reports."""

    ATTENDANCE = "attendance"
    MISSED = "missed"
    ROLL = "roll"
    WAITLIST = "waitlist"
    SEVEN_DAYS = "seven_days"
    SEVEN_DAYS_CONTACT = "seven_days_contact"
    THIRTY_DAYS = "thirty_days"
    THIRTY_DAYS_CONTACT = "thirty_days_contact"
    INITIATION = "initiation"
    ENGAGEMENT = "engagement"
    REENGAGEMENT = "reengagement"
    RETENTION = "retention"
    REMINDERS = "reminders"


class Note(StrEnum):
    """What several figures have in common."""

    RANGE = "range"
    BOUNDS = "bounds"
    RUNNING = "running"
    LIKE_HEDIS = "like_hedis"
    HIDDEN = "hidden"
    NOT_RANDOM = "not_random"


DEFINITIONS: dict[Figure, str] = {
    Figure.ATTENDANCE: N_("Of all visits expected at dates that took place, and not excused, the share that happened."),
    Figure.MISSED: N_(
        "Of all visits expected at dates that took place, and not excused, the share that was missed without a word."
    ),
    Figure.ROLL: N_(
        "Of all dates that took place and ended more than 24 hours ago, the share whose attendance list is final."
    ),
    Figure.WAITLIST: N_(
        "Of all who waited for a seat at a date that took place, the share who got one."
        " Who left the list before a seat was offered is not counted."
    ),
    Figure.SEVEN_DAYS: N_(
        "Of all people discharged, the share who came to a meeting within 7 days after the day of discharge."
    ),
    Figure.SEVEN_DAYS_CONTACT: N_(
        "Of all people discharged, the share who came to a meeting or spoke with the programme"
        " within 7 days after the day of discharge."
    ),
    Figure.THIRTY_DAYS: N_(
        "Of all people discharged, the share who came to a meeting within 30 days after the day of discharge."
    ),
    Figure.THIRTY_DAYS_CONTACT: N_(
        "Of all people discharged, the share who came to a meeting or spoke with the programme"
        " within 30 days after the day of discharge."
    ),
    Figure.INITIATION: N_(
        "Of all people handed over, the share who came for the first time within 14 days, the first day included."
    ),
    Figure.ENGAGEMENT: N_(
        "Of all people handed over, the share who came within 14 days and then at least twice more"
        " within 34 days after that first visit."
    ),
    Figure.REENGAGEMENT: N_(
        "Of all people we tried to reach, the share who came on the day of the first try or in the 14 days after it."
    ),
    Figure.RETENTION: N_(
        "The share of people who still come after so many days. Somebody has stopped coming at the last visit before"
        " 30 days in a row without one. People who still come count as long as we have seen them (Kaplan-Meier)."
    ),
    Figure.REMINDERS: N_(
        "Who gets no reminders for a while was drawn by chance when they joined. Everybody counts in the group they"
        " were drawn into, whatever texts they got."
    ),
}

NOTES: dict[Note, str] = {
    Note.RANGE: N_("The range is what chance alone leaves open, 95 times out of 100."),
    Note.BOUNDS: N_(
        "Visits that nobody recorded are left out. The bounds show the share if none of them happened, and if all did."
    ),
    Note.RUNNING: N_(
        "People count once their time is over. Who can still be reached in time is named beside the figure."
    ),
    Note.LIKE_HEDIS: N_("This is like the HEDIS measures FUI and IET of the NCQA, and is not one of them."),
    Note.HIDDEN: N_("Numbers of 1 to 10 people are hidden, and others that would give them away."),
    Note.NOT_RANDOM: N_("These groups differ in other ways too."),
}

#: What a manager reads of the reminders, filled with `Effect.said()`.
FINDINGS: dict[Finding, str] = {
    Finding.TOO_FEW: N_(
        "It is too early to say. Each group needs %(needed)s people whose visits are known;"
        " there are %(people_reminded)s with reminders and %(people_held_out)s without."
    ),
    Finding.UNCLEAR: N_(
        "With reminders people came to %(reminded)s of 100 visits, without them to %(held_out)s."
        " That may be chance: the real difference lies between %(fewer)s fewer and %(more)s more of 100 visits."
    ),
    Finding.HELP: N_(
        "With reminders people came to %(reminded)s of 100 visits, without them to %(held_out)s."
        " Reminders bring between %(least)s and %(most)s more of 100 visits."
    ),
    Finding.HARM: N_(
        "With reminders people came to %(reminded)s of 100 visits, without them to %(held_out)s."
        " Reminders cost between %(least)s and %(most)s of 100 visits."
    ),
}
