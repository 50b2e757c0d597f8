import time

import pytest

from aftercare.meetings.exchange.fetching import NotFetched
from tests.meetings.exchange.list_site import ListSite


@pytest.fixture
def site(tmp_path):
    with ListSite(tmp_path) as site:
        yield site


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[", b"1,"),
        (b"HTTP/1.1 302 Found\r\nLocation: /", b"a"),
    ],
)
def test_whoever_drips_is_left_when_the_time_is_up_whatever_drips(site, begin, more):
    site.drip("/list.json", begin, more)
    since = time.monotonic()

    with pytest.raises(NotFetched, match="takes too long to answer"):
        site.fetcher(done_within=0.3).fetch(site.url())
    assert time.monotonic() - since < 5


def test_the_time_of_all_redirects_counts_together(site):
    site.answer("/list.json", status=302, Location="/next")
    site.drip("/next", b"HTTP/1.1 200 OK\r\nX: ", b"a")

    with pytest.raises(NotFetched, match="takes too long to answer"):
        site.fetcher(done_within=0.3).fetch(site.url())
