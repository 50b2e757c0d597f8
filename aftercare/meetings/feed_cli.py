"""`aftercare feed lint`: say what is wrong in a Meeting Guide feed, ours or anybody's. It needs no database."""

import json
import sys
from typing import Any, BinaryIO

import click

from aftercare.core.errors import Invalid
from aftercare.meetings import types
from aftercare.meetings.exchange import feed_lint
from aftercare.meetings.exchange.defects import Defect, Severity
from aftercare.meetings.exchange.feed_lint import Verdict
from aftercare.meetings.exchange.fetching import Fetcher

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@click.group("feed")
def feed() -> None:
    """Look after feeds of meetings."""


@feed.command("lint")
@click.argument("source_name", metavar="FILE|URL")
@click.option("--fellowship", default="aa", show_default=True, help="Whose codes of types the feed has.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.pass_context
def lint(context: click.Context, source_name: str, fellowship: str, as_json: bool) -> None:
    """Say row by row what is wrong in a Meeting Guide feed, and what programs make of it.

    Exit 0: nothing that loses meetings or shows them wrong. Exit 1: there is. Exit 2: there is no such file.
    """
    if (known := types.find_fellowship(fellowship)) is None:
        raise click.BadParameter(f"{fellowship} is no fellowship we know.", param_hint="--fellowship")
    verdict = _looked_at(source_name, known, context.find_object(Fetcher) or Fetcher())
    if as_json:
        click.echo(json.dumps(_document(source_name, verdict), ensure_ascii=False))
    else:
        _print(verdict)
    sys.exit(1 if verdict.has_errors else 0)


def _looked_at(source_name: str, fellowship: str, fetcher: Fetcher) -> Verdict:
    if "://" in source_name:
        return feed_lint.lint(fetcher.fetch(source_name).content or b"", fellowship=fellowship)
    with _opened(source_name) as file:
        try:
            return feed_lint.lint(file, fellowship=fellowship)
        except OSError as error:
            raise Invalid(f"{source_name} cannot be read: {error.strerror}.", code="source_unreadable") from error


def _opened(source_name: str) -> BinaryIO:
    try:
        return click.open_file(source_name, "rb")  # type: ignore[return-value]  # "rb" gives bytes
    except OSError as error:
        raise click.BadParameter(f"{source_name} cannot be read: {error.strerror}.", param_hint="FILE") from error


def _print(verdict: Verdict) -> None:
    for defect in verdict.defects:
        click.echo(_line(defect))
    counts = ", ".join(f"{count:,} {name}s" for name in SEVERITIES if (count := verdict.count(name)))
    click.echo(f"{verdict.rows:,} rows. {counts or 'Nothing found'}.")


def _line(defect: Defect) -> str:
    where = f"row {defect.row}" if defect.row else "feed"
    told = " ".join(filter(None, (where, defect.slug and f"({defect.slug})", defect.field)))
    value = f' "{defect.value}"' if defect.value else ""
    return f"{defect.severity}: {told}{value}: {defect.consequence}"


def _document(source_name: str, verdict: Verdict) -> dict[str, Any]:
    return {
        # A key may stand behind the question mark; it belongs in no report.
        "source": source_name.partition("?")[0],
        "rows": verdict.rows,
        "counts": {name: verdict.count(name) for name in SEVERITIES},
        "defects": [
            {
                "row": defect.row,
                "slug": defect.slug,
                "field": defect.field,
                "value": defect.value,
                "kind": defect.kind,
                "severity": defect.severity,
                "consequence": defect.consequence,
            }
            for defect in verdict.defects
        ],
    }
