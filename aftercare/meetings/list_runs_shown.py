"""What a reading of a list would change, or has changed, so that somebody who is no programmer can read it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from aftercare.http import pages
from aftercare.meetings import lists_said
from aftercare.meetings.exchange import importing, runs
from aftercare.meetings.exchange.import_report import ACTS, SEVERITIES
from aftercare.meetings.exchange.models import ImportRun, MeetingSource

#: So many of each are in sight, and so many more behind a button; the counts are always whole. A page stays light.
SHOWN, FOLDED = 12, 48
MOST_FINDINGS = {"refused": 150, "mended": 40, "noted": 40}
FIRST_ACTS = ("vanished", "changed", "new", "returned")


def run(kept: ImportRun, source: MeetingSource) -> dict[str, Any]:
    """Show a reading: what becomes of which meeting, and what was found row by row."""
    report = kept.report
    counts = report["counts"]
    return {
        "state": kept.state,
        "at": kept.at,
        "seen": runs.mark(report),
        "counts": {name: counts.get(name, 0) for name in (*ACTS, "unchanged", *SEVERITIES, "rows")},
        "much": _much(report),
        "parts": [part for act in FIRST_ACTS if (part := _part(act, kept, source))["count"]],
        "findings": [part for severity in SEVERITIES if (part := _found(severity, report))["count"]],
    }


def _much(report: Mapping[str, Any]) -> tuple[int, int] | None:
    gone, live = report["counts"]["vanished"], report.get("live", 0)
    return (gone, live) if live and importing.is_much(gone, live) else None


def _part(act: str, kept: ImportRun, source: MeetingSource) -> dict[str, Any]:
    rows = [each for each in kept.report["changes"] if each["act"] == act]
    count = kept.report["counts"][act]
    shown = [_change(each, source) for each in rows[: SHOWN + FOLDED]]
    return {
        "act": act,
        "count": count,
        "title": _title(act, count, is_done=kept.state in ("done", "undone")),
        "rows": shown[:SHOWN],
        "folded": shown[SHOWN:],
        "left": count - len(shown),
    }


def _title(act: str, count: int, *, is_done: bool) -> str:
    said: dict[str, str] = {
        "new": ngettext("%(num)s new meeting", "%(num)s new meetings", count),
        "changed": ngettext("%(num)s meeting says something else", "%(num)s meetings say something else", count),
        "returned": ngettext("%(num)s meeting is in the list again", "%(num)s meetings are in the list again", count),
        "vanished": ngettext(
            "%(num)s meeting is no longer in the list", "%(num)s meetings are no longer in the list", count
        ),
    }
    if act == "vanished" and is_done:
        return str(ngettext("%(num)s meeting was taken off", "%(num)s meetings were taken off", count))
    return said[act]


def _change(change: Mapping[str, Any], source: MeetingSource) -> dict[str, Any]:
    return {
        "name": change["name"],
        "slug": change["slug"],
        "fields": list(_differences(change.get("fields", ()), source)),
        "held": list(_differences(change.get("held", ()), source)),
    }


def _differences(rows: Sequence[Sequence[Any]], source: MeetingSource) -> Iterator[dict[str, Any]]:
    for name, now, said, *rules in rows:
        before, after = _told(name, now, said, rules[0] if rules else None, source)
        yield {"label": lists_said.field(name), "has_words": name != "details", "before": before, "after": after}


def _told(
    name: str, now: str, said: str, rules: Sequence[Mapping[str, Any]] | None, source: MeetingSource
) -> Sequence[str]:
    language = pages.language()
    if name == "when" and rules:
        return lists_said.whens(rules, language=language)
    return [lists_said.value(name, each, fellowship=source.fellowship, language=language) for each in (now, said)]


def _found(severity: str, report: Mapping[str, Any]) -> dict[str, Any]:
    rows = [each for each in report["findings"] if each["severity"] == severity]
    count = report["counts"][severity]
    shown = [_finding(each) for each in rows[: MOST_FINDINGS[severity]]]
    titles = {
        "refused": ngettext("%(num)s row was left out", "%(num)s rows were left out", count),
        "mended": ngettext("%(num)s thing was mended", "%(num)s things were mended", count),
        "noted": ngettext("%(num)s thing is worth knowing", "%(num)s things are worth knowing", count),
    }
    return {
        "severity": severity, "count": count, "title": titles[severity], "rows": shown, "left": count - len(shown),
    }  # fmt: skip


def _finding(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "row": found["row"] or _("The whole list"),
        "slug": found["slug"],
        "field": found["field"],
        "value": found["value"],
        "sentence": lists_said.finding(found["sentence"], found["kind"]),
    }
