import gzip

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange.fetching import Fetched, Fetcher, NotFetched, Seen
from tests.meetings.exchange.list_site import HOST, ListSite

MEGABYTE = 1024 * 1024


@pytest.fixture
def site(tmp_path):
    with ListSite(tmp_path) as site:
        yield site


def refusal(fetcher, url):
    with pytest.raises((NotFetched, Invalid)) as refused:
        fetcher.fetch(url)
    return refused.value.sentence


def test_a_list_is_fetched_with_what_tells_whether_it_changed(site):
    site.answer(body=b"[1]", ETag='"a"', Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT", Content_Type="application/json")

    fetched = site.fetcher().fetch(site.url())

    assert fetched == Fetched(b"[1]", Seen('"a"', "Mon, 02 Nov 2026 10:00:00 GMT"), "application/json")


def test_the_name_is_asked_for_and_not_the_address_behind_it(site):
    site.answer()
    site.fetcher().fetch(site.url())

    assert site.asked[0][1]["Host"] == f"{HOST}:{site.port}"


def test_a_list_that_has_not_changed_is_not_sent_again(site):
    site.answer(body=b"[1]", ETag='"a"')
    fetcher = site.fetcher()
    seen = fetcher.fetch(site.url()).seen

    assert fetcher.fetch(site.url(), seen=seen) == Fetched(None, seen)


def test_the_day_of_the_last_change_is_asked_about_too(site):
    site.answer()
    site.fetcher().fetch(site.url(), seen=Seen(last_modified="Mon, 02 Nov 2026 10:00:00 GMT"))

    assert site.asked[0][1]["If-Modified-Since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


def test_a_packed_list_is_unpacked(site):
    site.answer_packed(body=b"[1, 2]")

    assert site.fetcher().fetch(site.url()).content == b"[1, 2]"


def test_three_redirects_are_followed_and_a_fourth_is_not(site):
    for step in range(4):
        site.answer(f"/{step}", status=302, Location=f"/{step + 1}")
    site.answer("/4", body=b"[1]")

    assert site.fetcher().fetch(site.url("/1")).content == b"[1]"
    assert refusal(site.fetcher(), site.url("/0")) == "The address sends on more than 3 times."


@pytest.mark.parametrize(
    ("onward", "sentence"),
    [
        ("http://lists.example.org/", "The address must begin with https://"),
        ("file:///etc/passwd", "The address must begin with https://"),
        ("https://me@lists.example.org/", "The address must hold no name and no password."),
        ("https://lists.example.org:22/", "The address must use no port of its own."),
        ("", "The address sends on, but does not say where to."),
    ],
)
def test_a_redirect_is_checked_like_any_address(site, onward, sentence):
    site.answer(status=301, Location=onward)

    assert refusal(site.fetcher(), site.url()) == sentence


def test_a_redirect_into_a_private_network_is_refused_before_anybody_is_asked(site):
    site.answer(status=302, Location=site.url("/secret", host="inside.example.org"))
    site.answer("/secret", body=b"[1]")
    fetcher = site.fetcher(resolve=lambda host, _: ["127.0.0.1"] if host == HOST else ["10.0.0.1"])

    assert refusal(fetcher, site.url()) == (
        "inside.example.org leads into a private network; lists are read from the open internet only."
    )
    assert [path for path, _ in site.asked] == ["/list.json"]


def test_a_name_of_which_one_address_is_private_is_refused(site):
    site.answer()
    fetcher = site.fetcher(resolve=lambda *_: ["127.0.0.1", "192.168.0.1"])

    assert "leads into a private network" in refusal(fetcher, site.url())
    assert site.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_refused_however_it_is_written(site, host):
    site.answer()
    fetcher = Fetcher(ports=frozenset({site.port}))

    assert "leads into a private network" in refusal(fetcher, site.url(host=host))
    assert site.asked == []


def test_a_name_is_looked_up_once_so_that_it_cannot_lead_elsewhere_after_the_check(site):
    site.answer(body=b"[1]")
    leads_to = iter([["127.0.0.1"], ["10.0.0.1"]])

    assert site.fetcher(resolve=lambda *_: next(leads_to)).fetch(site.url()).content == b"[1]"


def test_a_name_that_nobody_knows_is_refused(site):
    def resolve(*_):
        raise OSError

    assert refusal(site.fetcher(resolve=resolve), site.url()) == "There is no site called lists.example.org."


def test_a_certificate_of_another_name_is_refused(site):
    site.answer()

    assert refusal(site.fetcher(), site.url(host="other.example.org")) == (
        "other.example.org cannot show that it is other.example.org."
    )
    assert site.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(site):
    site.answer()
    fetcher = site.fetcher(context=Fetcher().context)

    assert refusal(fetcher, site.url()) == "lists.example.org cannot show that it is lists.example.org."


def test_a_site_that_is_not_there_is_refused(site):
    closed = site.url().replace(str(site.port), "1")

    assert refusal(site.fetcher(ports=frozenset({1})), closed) == "lists.example.org cannot be reached."


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "lists.example.org asks for a key or a sign-in."),
        (403, "lists.example.org does not let us read this list; it may ask for a key, or turn away programs."),
        (404, "lists.example.org has no list at this address."),
        (410, "lists.example.org has taken this list away."),
        (429, "lists.example.org asks us to come back later."),
        (503, "lists.example.org cannot answer just now; it may be busy, or turn away programs."),
        (204, "lists.example.org answered with status 204 instead of a list."),
        (304, "lists.example.org answered with status 304 instead of a list."),
        (500, "lists.example.org answered with status 500 instead of a list."),
    ],
)
def test_an_answer_without_a_list_is_told_in_a_sentence(site, status, sentence):
    site.answer(status=status, body=b"")

    assert refusal(site.fetcher(), site.url()) == sentence


@pytest.mark.parametrize(
    "answer",
    [
        {"body": b"[]", "Content_Type": "text/html; charset=utf-8"},
        {"body": b"\xef\xbb\xbf\n <!DOCTYPE html><title>Just a moment", "Content_Type": "application/json"},
        {"body": b"<html>", "status": 200},
        {"body": b"", "status": 403, "cf_mitigated": "challenge"},
    ],
)
def test_a_page_that_asks_who_we_are_is_recognised(site, answer):
    site.answer(**answer)

    assert refusal(site.fetcher(), site.url()) == (
        "lists.example.org answers with a web page, not a list; the site may ask for a sign-in or a check for robots "
        "first."
    )


def test_a_list_beyond_the_cap_is_refused(site):
    site.answer(body=b"1" * (2 * MEGABYTE + 1))

    assert refusal(site.fetcher(most_bytes=2 * MEGABYTE), site.url()) == "lists.example.org sends more than 2 MB."


def test_a_small_packet_that_unfolds_beyond_the_cap_is_refused(site):
    site.answer_packed(body=b" " * (50 * MEGABYTE))

    assert len(site.answers["/list.json"][1]) < MEGABYTE
    assert refusal(site.fetcher(most_bytes=2 * MEGABYTE), site.url()) == "lists.example.org sends more than 2 MB."


@pytest.mark.parametrize(
    ("body", "coding", "sentence"),
    [
        (b"[]", "br", "packs its list in a way that we cannot read."),
        (b"[]", "gzip", "sent a list that cannot be unpacked."),
        (gzip.compress(b"[1, 2, 3]", mtime=0)[:-9], "gzip", "broke off in the middle of the list."),
    ],
)
def test_what_cannot_be_unpacked_is_refused(site, body, coding, sentence):
    site.answer(body=body, Content_Encoding=coding)

    assert refusal(site.fetcher(), site.url()) == f"lists.example.org {sentence}"


def test_a_list_that_breaks_off_is_refused(site):
    site.answer(body=b"[1, 2", Content_Length="500", Connection="close")

    assert refusal(site.fetcher(), site.url()) == "lists.example.org broke off in the middle of the list."


def test_a_list_of_unknown_length_ends_where_the_site_says_farewell(site):
    site.answer(body=b"[1, 2]", Content_Length="")
    site.polite.add("/list.json")

    assert site.fetcher().fetch(site.url()).content == b"[1, 2]"


def test_a_list_of_unknown_length_that_is_cut_off_is_refused(site):
    site.answer(body=b"Name,Day\nPorch,Mon", Content_Length="")

    assert refusal(site.fetcher(), site.url()) == "lists.example.org broke off in the middle of the list."


def test_a_site_that_hangs_up_before_it_answers_is_refused(site):
    site.answer(status=0)

    assert refusal(site.fetcher(), site.url()) == "lists.example.org cannot be reached."


def test_a_site_that_says_nothing_for_long_is_refused(site):
    site.answer(body=b"[1]", wait=1.0)

    assert refusal(site.fetcher(answer_within=0.2), site.url()) == "lists.example.org takes too long to answer."


def test_a_site_that_drips_for_ever_is_refused(site):
    site.answer(body=b"[1]", wait=0.3)

    assert refusal(site.fetcher(done_within=0.1), site.url()) == "lists.example.org takes too long to answer."


@pytest.mark.parametrize("label", ["a" * 201, "\x00", "é"])
def test_a_label_that_no_table_could_keep_is_passed_over(site, label):
    site.answer(body=b"[1]", ETag=label, Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT")

    assert site.fetcher().fetch(site.url()).seen == Seen(None, "Mon, 02 Nov 2026 10:00:00 GMT")
