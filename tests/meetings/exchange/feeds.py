import json
from pathlib import Path
from typing import Any

import pytest

from aftercare.meetings.exchange.listing import FeedDefaults, Listing
from aftercare.meetings.exchange.meeting_guide import Reading, read

FEEDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "feeds"
needs_feeds = pytest.mark.skipif(
    not FEEDS.is_dir(), reason="the real feeds (../shared/data/feeds) are not on this machine"
)
DENVER = "America/Denver"


def row(**fields: Any) -> dict[str, Any]:
    plain = {
        "slug": "porch",
        "name": "Porch Group",
        "day": 1,
        "time": "19:00",
        "timezone": DENVER,
        "formatted_address": "77 Copperleaf Way, Juniper Falls, CO 80099, USA",
        "types": ["O"],
    }
    return {field: value for field, value in {**plain, **fields}.items() if value is not ...}


def reading(*rows: Any, **defaults: Any) -> Reading:
    return read(json.dumps(rows).encode(), feed=FeedDefaults(**defaults))


def listing(**fields: Any) -> Listing:
    return reading(row(**fields)).listings[0]


def kinds(result: Reading) -> list[str]:
    return [finding.kind for finding in result.report]
