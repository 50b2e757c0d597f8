"""Lay a list over the meetings that were imported from it, a few hundred rows at a time, and keep how they were."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Table, func, insert, select

from aftercare.core import clock, ids
from aftercare.core.db import db
from aftercare.meetings import local_edits
from aftercare.meetings.exchange import differing, filing, import_rows, suggestions
from aftercare.meetings.exchange.import_report import Difference, Report, RowChange
from aftercare.meetings.exchange.import_rows import Filed, Places
from aftercare.meetings.exchange.listing import Listing
from aftercare.meetings.exchange.models import ImportStep
from aftercare.meetings.local_edits import Said
from aftercare.meetings.models import Meeting
from aftercare.people.models import Organisation

CHUNK = 500
MANY = 200
#: Of so many new meetings a report says when and where they are.
MOST_DESCRIBED = 100
Row = TypeVar("Row")
Step = tuple[uuid.UUID, str, Said]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What we have of a row already: the meeting, what it says now, and what the list said last."""

    meeting: Meeting
    now: Said
    before: Said


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Give rows a chunk at a time."""
    whole = iter(rows)
    while chunk := list(islice(whole, CHUNK)):
        yield chunk


class Merge:
    """One list on its way into the meetings of an organisation. Without a run it compares, and writes nothing."""

    def __init__(
        self, organisation: Organisation, source_id: uuid.UUID | None, report: Report, *, run_id: uuid.UUID | None
    ) -> None:
        self._organisation, self._source_id, self._run_id = organisation, source_id, run_id
        self._report, self._now = report, clock.now()
        self._places = Places(organisation.id)
        # Of rows that were seen only this is kept, so that a long list takes little memory.
        self._seen: set[int] = set()
        self._written = 0
        report.live = self._count_live()

    def take(self, listings: Sequence[Listing]) -> None:
        """Take a few rows: what is new comes in, what changed is changed, the rest is left alone."""
        self._seen.update(hash(listing.slug) for listing in listings)
        marks = self._marks(listings)
        for listing in listings:
            if marks.get(listing.slug) == (filing.mark(listing), False):
                self._report.became["unchanged"] += 1
        wanted = [each for each in listings if marks.get(each.slug) != (filing.mark(each), False)]
        if wanted:
            self._take_wanted(wanted, [each.slug for each in wanted if each.slug in marks])

    def finish(self) -> None:
        """Take off what is no longer in the list. A row that cannot be read today has not vanished."""
        self._seen.update(hash(finding.slug) for finding in self._report.refused)
        for rows in self._live():
            if gone := [row for row in rows if hash(row[1]) not in self._seen]:
                for _, slug, name, _ in gone:
                    self._report.note(RowChange("vanished", slug, name))
                self._take_off([(meeting_id, ended_at) for meeting_id, _, _, ended_at in gone])
        if self._written >= MANY:
            import_rows.tell_planner()

    def _take_wanted(self, wanted: Sequence[Listing], known: Sequence[str]) -> None:
        kept = self._kept(known)
        places = [listing.place for listing in wanted]
        self._places.look_up(places) if self._run_id is None else self._places.add(places)
        filed = [self._filed(listing, kept.get(listing.slug)) for listing in wanted]
        self._note(filed, kept)
        if self._run_id is not None:
            self._write(filed, kept)

    def _marks(self, listings: Sequence[Listing]) -> dict[str, tuple[str, bool]]:
        """Give of each row that we know what it said last, and whether it had vanished."""
        wanted = select(Meeting.source_key, Meeting.fingerprint, Meeting.vanished_at.is_not(None)).where(
            *self._of_list(), Meeting.source_key.in_([listing.slug for listing in listings])
        )
        if self._source_id is None:
            return {}
        return {str(slug): (mark, gone) for slug, mark, gone in db.session.execute(wanted)}

    def _kept(self, slugs: Sequence[str]) -> dict[str, _Kept]:
        if not slugs:
            return {}
        wanted = select(Meeting).where(*self._of_list(), Meeting.source_key.in_(slugs))
        meetings = db.session.scalars(wanted, execution_options={"populate_existing": True}).all()
        saids = local_edits.said_of(self._organisation.id, meetings)
        return {
            str(each.source_key): _Kept(
                each, saids[each.id], local_edits.said_by_list(saids[each.id], each.local_edits)
            )
            for each in meetings
        }

    def _filed(self, listing: Listing, kept: _Kept | None) -> Filed:
        place_id, shared = self._places.of(listing.place)
        columns = filing.columns(listing, zone=self._organisation.zone, shared=shared)
        columns |= {
            "place_id": place_id, "source_id": self._source_id, "source_key": listing.slug, "updated_at": self._now,
            "vanished_at": None, "ended_at": None, "local_edits": {},
        }  # fmt: skip
        if kept is None:
            return Filed(ids.new(), listing, shared, columns, is_new=True)
        meeting = kept.meeting
        if meeting.ended_at != meeting.vanished_at:
            columns["ended_at"] = meeting.ended_at
        return Filed(meeting.id, listing, shared, columns, is_new=False)

    def _note(self, filed: Sequence[Filed], kept: dict[str, _Kept]) -> None:
        says = {each.listing.slug: local_edits.said_in(each.columns, each.listing.types) for each in filed}
        spoken = [*says.values(), *(each.now for each in kept.values()), *(each.before for each in kept.values())]
        names = differing.place_names(self._organisation.id, spoken) if kept else {}
        for each in filed:
            slug = each.listing.slug
            old = kept.get(slug)
            if old is None:
                is_told = self._report.became["new"] < MOST_DESCRIBED
                told = differing.described(says[slug], _place_name(each)) if is_told else ()
                self._report.note(RowChange("new", slug, each.listing.name, told))
                continue
            self._report.note(self._change(each, old, self._comparable(each, says[slug], names), names))

    def _comparable(self, filed: Filed, says: Said, names: dict[str, str]) -> Said:
        """Give what a list says of a meeting; a place that is not made yet goes by its name."""
        name = _place_name(filed)
        if says["place_id"] or not name:
            return says
        names[name] = name
        return says | {"place_id": name}

    def _change(self, filed: Filed, old: _Kept, says: Said, names: dict[str, str]) -> RowChange:
        edits = old.meeting.local_edits
        fields = differing.between(old.before, says, edits, names)
        held = differing.held(old.now, says, edits, names)
        act = "returned" if old.meeting.vanished_at else "changed"
        return RowChange(act, filed.listing.slug, filed.listing.name, fields or (DETAILS,), held)

    def _write(self, filed: Sequence[Filed], kept: dict[str, _Kept]) -> None:
        new = [each for each in filed if each.is_new]
        known = [(each, kept[each.listing.slug]) for each in filed if not each.is_new]
        steps: list[Step] = [(each.id, "new", {}) for each in new]
        steps += [(each.id, *_before(was)) for each, was in known]
        edited = [(each, was) for each, was in known if was.meeting.local_edits]
        for each, was in edited:
            says = local_edits.said_in(each.columns, each.listing.types)
            each.columns["local_edits"] = local_edits.lists_words(says, was.meeting.local_edits)
        import_rows.insert_meetings(self._organisation.id, new)
        import_rows.update_meetings(self._organisation.id, [each for each, _ in known])
        for each, was in edited:
            _put_ours_back(was, each.columns["local_edits"])
        self._keep_steps(steps)
        suggestions.note(self._organisation.id, [(each.id, each.listing) for each in filed])
        self._written += len(filed)

    def _keep_steps(self, steps: Sequence[Step]) -> None:
        keys = {"organisation_id": self._organisation.id, "run_id": self._run_id}
        rows = [keys | {"meeting_id": each, "act": act, "before": before} for each, act, before in steps]
        db.session.execute(insert(cast(Table, ImportStep.__table__)), rows)

    def _take_off(self, gone: Sequence[tuple[uuid.UUID, datetime | None]]) -> None:
        if self._run_id is None:
            return
        import_rows.take_off(self._organisation.id, [each for each, _ in gone], now=self._now)
        self._keep_steps(
            [(each, "vanished", {"ended_at": ended.isoformat() if ended else None}) for each, ended in gone]
        )
        self._written += len(gone)

    def _live(self) -> Iterator[Sequence[tuple[uuid.UUID, str, str, datetime | None]]]:
        """Give the meetings of the list that have not vanished: id, slug, name, and when they ended."""
        after = ""
        while self._source_id is not None:
            wanted = (
                select(Meeting.id, Meeting.source_key, Meeting.name, Meeting.ended_at)
                .where(*self._of_list(), Meeting.vanished_at.is_(None), Meeting.source_key > after)
                .order_by(Meeting.source_key)
                .limit(CHUNK)
            )
            rows = [(each[0], str(each[1]), each[2], each[3]) for each in db.session.execute(wanted)]
            if not rows:
                return
            yield rows
            after = rows[-1][1]

    def _count_live(self) -> int:
        wanted = select(func.count()).select_from(Meeting).where(*self._of_list(), Meeting.vanished_at.is_(None))
        return int(db.session.scalar(wanted) or 0) if self._source_id else 0

    def _of_list(self) -> tuple[Any, Any]:
        return Meeting.organisation_id == self._organisation.id, Meeting.source_id == self._source_id


def _place_name(filed: Filed) -> str:
    place = filed.listing.place
    return ", ".join(filter(None, (place.name, place.address)))


#: Of what has no field of its own it is only said that it differs.
DETAILS = Difference("details", "", "")


def _before(kept: _Kept) -> tuple[str, Said]:
    meeting = kept.meeting
    moments = {name: each.isoformat() if (each := getattr(meeting, name)) else None for name in MOMENTS}
    more = {"fellowship": meeting.fellowship, "fingerprint": meeting.fingerprint, "extra": meeting.extra}
    return "returned" if meeting.vanished_at else "changed", kept.before | more | moments


MOMENTS = ("vanished_at", "ended_at")


def _put_ours_back(kept: _Kept, words: Said) -> None:
    """Lay what staff say of a meeting over what was written of its list."""
    meeting = kept.meeting
    db.session.refresh(meeting)
    ours = {column: kept.now[column] for field in words for column in words[field] if column in kept.now}
    local_edits.put(meeting, local_edits.read(ours))
