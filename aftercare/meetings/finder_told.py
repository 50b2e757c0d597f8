"""What strangers are told of meetings, as JSON. Nothing about people; no way in where strangers have none.

Law. What is told of a listing is kept with the rows it is found by, for a page of it would cost more to write than to
find. So nothing here may depend on who asks, or on where we are served.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring as text
from typing import Any

#: Where the id stands in what is told of a meeting.
ID = slice(6, 42)


def listing(meeting: Mapping[str, Any], place: Mapping[str, Any] | None, codes: Iterable[str]) -> str:
    """Tell of a meeting where it is as a rule, without braces around it."""
    return at(about(meeting, codes), where(place), meeting["place_detail"])


def at(said: str, place: str, detail: str) -> str:
    """Tell of a meeting at a place."""
    return f'{said},"place":{place},"place_detail":{text(detail)}'


def about(meeting: Mapping[str, Any], codes: Iterable[str]) -> str:
    """Tell of a meeting, but for its time and place."""
    url, phone, notes = _ways_in(meeting)
    is_open = "null" if meeting["is_open"] is None else _truth(meeting["is_open"])
    return (
        f'"id":"{_id(meeting["id"])}","kind":"{meeting["kind"]}","name":{text(meeting["name"])},'
        f'"fellowship":{text(meeting["fellowship"])},"attendance":"{meeting["attendance"]}","is_open":{is_open},'
        f'"zone":{text(meeting["zone"])},"join_url":{text(url)},"join_phone":{text(phone)},"join_notes":{text(notes)},'
        f'"group":{text(meeting["group_name"])},"languages":{json.dumps(meeting["languages"] or [])},'
        f'"types":{json.dumps(sorted(codes))}'
    )


def where(place: Mapping[str, Any] | None) -> str:
    """Tell of a place."""
    if place is None:
        return "null"
    return (
        f'{{"id":"{_id(place["id"])}","name":{text(place["name"])},"address":{text(place["address"])},'
        f'"region":{text(place["region"])},"latitude":{_number(place["latitude"])},'
        f'"longitude":{_number(place["longitude"])},"is_approximate":{_truth(place["is_approximate"])}}}'
    )


def _ways_in(meeting: Mapping[str, Any]) -> tuple[str, str, str]:
    # In a group that is not open sit patients (product.md 7).
    if meeting["is_join_withheld"] or (meeting["kind"] == "programme" and not meeting["is_open"]):
        return "", "", ""
    return meeting["join_url"], meeting["join_phone"], meeting["join_notes"]


def _id(value: uuid.UUID | str) -> str:
    return str(value if isinstance(value, uuid.UUID) else uuid.UUID(value))


def _truth(value: object) -> str:
    return "true" if value else "false"


def _number(value: float | None) -> str:
    return "null" if value is None else repr(float(value))
