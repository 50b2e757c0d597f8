"""How a meeting repeats, as the API takes and shows it."""

from typing import Any

from marshmallow import Schema, fields, validate

from aftercare.http.fields import Day, Whole, choice
from aftercare.meetings.repeats import FREQUENCIES, LONGEST_INTERVAL, LONGEST_MONTHS, MONTH_DAYS, MOST_DATES, NTHS

WEEKDAY = {"description": "0 is Monday, 6 is Sunday."}
_NOT_ZERO = {"not": {"const": 0}}
_NO_FIFTH = {"not": {"const": 5}}
_NONE, _SOME, _ONE_AT_MOST = {"maxItems": 0}, {"minItems": 1}, {"maxItems": 1}
_NULL, _NUMBER = {"type": "null"}, {"type": "integer"}
_NO_WEEKDAYS = {"weekdays": _NONE, "nth": _NULL, "also": _NONE}


def _if(condition: dict[str, Any], then: dict[str, Any], *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    found = {"properties": condition} | ({"required": list(condition)} if condition != _BY_WEEKS else {})
    return {"if": found, "then": {"properties": then} | ({"required": list(required)} if required else {})}


#: By weeks is what is meant where nothing is said.
_BY_WEEKS: dict[str, Any] = {"unit": {"const": "week"}}
_BY_MONTHS: dict[str, Any] = {"unit": {"const": "month"}}
_BY_YEARS: dict[str, Any] = {"unit": {"const": "year"}}
_OF_MONTHS: dict[str, Any] = {"unit": {"enum": ["month", "year"]}}


class Repeat(Schema):
    """How a meeting repeats.

    By days; by weeks on some weekdays; by months on the nth of some weekdays, or on days of the month; by years on the
    nth of some weekdays of a month, or on a day of it.
    """

    every = Whole(1, max(LONGEST_INTERVAL.values()), load_default=1, metadata={"description": "Every how many."})
    unit = choice(*FREQUENCIES, load_default="week")
    weekdays = fields.List(
        Whole(0, 6, metadata=WEEKDAY),
        validate=validate.Length(max=7),
        load_default=tuple,
        metadata={"description": "Empty, by weeks: the weekday of the first date."},
    )
    nth = Whole(
        min(NTHS),
        max(NTHS),
        allow_none=True,
        load_default=None,
        metadata={"description": "Which of the weekdays of a month; -1 is the last, -2 the one before; by years not 5."}
        | _NOT_ZERO,
    )
    also = fields.List(
        Whole(min(NTHS), max(NTHS), metadata=_NOT_ZERO),
        validate=validate.Length(max=len(NTHS)),
        load_default=tuple,
        metadata={"description": "By months, by years: which further ones of the weekdays."},
    )
    month_days = fields.List(
        Whole(min(MONTH_DAYS), max(MONTH_DAYS), metadata=_NOT_ZERO),
        validate=validate.Length(max=len(MONTH_DAYS)),
        load_default=tuple,
        metadata={
            "description": "By months, by years: days of the month; -1 is the last. No date where there is none."
        },
    )
    month = Whole(1, 12, allow_none=True, load_default=None, metadata={"description": "By years: which month."})
    until = Day(allow_none=True, load_default=None, metadata={"description": "The last day that may have a date."})
    count = Whole(
        1,
        MOST_DATES,
        allow_none=True,
        load_default=None,
        metadata={"description": "How many dates, those that holidays and days off take away included."},
    )

    class Meta:
        """What goes with which unit."""

        json_schema: dict[str, Any] = {
            "allOf": [
                _if(
                    {"unit": {"const": "day"}},
                    {"every": {"maximum": LONGEST_INTERVAL["day"]}, "month_days": _NONE, "month": _NULL} | _NO_WEEKDAYS,
                ),
                _if(
                    _BY_WEEKS,
                    {"every": {"maximum": LONGEST_INTERVAL["week"]}, "month_days": _NONE, "month": _NULL}
                    | {"nth": _NULL, "also": _NONE},
                ),
                _if(_BY_MONTHS, {"every": {"maximum": LONGEST_INTERVAL["month"]}, "month": _NULL}),
                _if(
                    _BY_YEARS,
                    {"every": {"maximum": LONGEST_INTERVAL["year"]}, "month_days": _ONE_AT_MOST, "month": _NUMBER}
                    | {"nth": _NO_FIFTH, "also": {"items": _NO_FIFTH}},
                    required=("month",),
                ),
                _if(_OF_MONTHS | {"month_days": _SOME}, _NO_WEEKDAYS),
                {
                    "if": {"properties": _OF_MONTHS | {"month_days": _NONE}, "required": ["unit"]},
                    "then": {"properties": {"weekdays": _SOME, "nth": _NUMBER}, "required": ["weekdays", "nth"]},
                },
                *(
                    _if(
                        {"unit": {"const": "year"}, "month": {"const": month}},
                        {"month_days": {"items": {"maximum": days}}},
                    )
                    for month, days in enumerate(LONGEST_MONTHS, 1)
                    if days < 31
                ),
            ],
            "not": {
                "properties": {"until": {"type": "string"}, "count": {"type": "integer"}},
                "required": ["until", "count"],
            },
        }
