import io
import subprocess
import sys
from datetime import timedelta

import pytest
from pypdf import PdfReader

from aftercare.meetings import paper
from tests.conftest import MONDAY
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported

needs_weasyprint = pytest.mark.skipif(
    not paper.can_draw(), reason="WeasyPrint cannot load here: it needs Pango (libpango-1.0-0 libpangoft2-1.0-0)"
)


@pytest.fixture
def clinic(app, monday):
    organisation = make_organisation(slug="riverbend", name="Riverbend")
    groups = (row(slug=f"row-{n}", name=f"Café {n}", day=n % 7, types=["ST"]) for n in range(40))
    imported(organisation, *groups)
    return organisation


@needs_weasyprint
def test_the_list_is_a_document_that_says_what_the_page_says(client, clinic):
    answer = client.get("/o/riverbend/meetings.pdf")
    document = PdfReader(io.BytesIO(answer.data))
    texts = [page.extract_text() for page in document.pages]

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert all(f"Café {n}" in "".join(texts) for n in range(40))
    assert "Monday, November 2, 2026" in texts[0]
    assert "Step Study" in texts[-1]
    assert document.metadata is not None
    assert document.metadata.title == "Riverbend: meetings"


@needs_weasyprint
def test_every_page_of_it_says_where_the_newest_list_is_and_which_page_it_is(client, clinic):
    document = PdfReader(io.BytesIO(client.get("/o/riverbend/meetings.pdf").data))
    texts = [" ".join(page.extract_text().split()) for page in document.pages]

    assert len(texts) > 1
    for number, text in enumerate(texts, 1):
        assert "http://localhost/o/riverbend/meetings" in text
        assert f"{number} / {len(texts)}" in text


@needs_weasyprint
def test_it_is_tagged_for_screen_readers_and_names_its_language(client, clinic):
    answer = client.get("/o/riverbend/meetings.pdf", headers={"Accept-Language": "es"})
    root = PdfReader(io.BytesIO(answer.data)).root_object

    assert str(root["/Lang"]) == "es"
    assert "/StructTreeRoot" in root


@needs_weasyprint
def test_large_print_takes_more_pages(client, clinic):
    usual, large = (
        PdfReader(io.BytesIO(client.get(f"/o/riverbend/meetings.pdf?size={size}").data)) for size in ("", "large")
    )

    assert len(large.pages) > len(usual.pages)


@needs_weasyprint
def test_drawing_asks_for_nothing_whatever_a_page_names(app):
    asking = '<html lang="en"><img alt="" src="http://127.0.0.1:9/a.png"><img alt="" src="file:///etc/hostname"></html>'

    drawn = PdfReader(io.BytesIO(paper.draw(lambda: asking, version=None)))

    assert [list(page.images) for page in drawn.pages] == [[]]


def test_where_nothing_can_draw_a_page_says_how_to_print(client, clinic, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = client.get("/o/riverbend/meetings.pdf?day=tue&size=large")

    assert answer.status_code == 501
    assert "Save as PDF" in answer.text
    assert 'href="/o/riverbend/meetings/print?day=tue&amp;size=large"' in answer.text


@needs_weasyprint
def test_a_document_is_drawn_once_for_all_who_ask_the_same_of_the_same_list(client, clinic, statements):
    def get(query=""):
        return client.get(f"/o/riverbend/meetings.pdf?{query}").data

    first, again = get("day=tue"), get("day=tue&utm=x")
    asked = statements(lambda: get("day=tue"))
    imported(clinic, row(slug="new", name="New", day=2), location="more")

    assert first == again != get("day=tue")
    assert asked <= 2


@needs_weasyprint
def test_no_more_than_three_documents_are_drawn_in_a_minute_whoever_asks(client, clinic, hold):
    pages = [f'<html lang="en"><p>{clinic.id} {number}</p></html>' for number in range(4)]

    def draw(number):
        return paper.draw(lambda: pages[number], version=pages[number])

    drawn = [draw(number) for number in range(3)]
    refused = client.get(f"/o/riverbend/meetings.pdf?q={clinic.id}")
    again = draw(0)
    hold(MONDAY + timedelta(seconds=21))

    assert (refused.status_code, "Many lists are being made right now" in refused.text) == (429, True)
    assert again == drawn[0]
    assert draw(3)


@needs_weasyprint
def test_one_visitor_takes_one_turn_a_minute_and_leaves_the_others_theirs(client, clinic, hold):
    def get(query, visitor):
        return client.get(f"/o/riverbend/meetings.pdf?q={query}", environ_base={"REMOTE_ADDR": visitor})

    taken = [get(query, "2001:db8::1").status_code for query in ("a", "a")]
    refused = [get(query, "2001:db8::2") for query in ("b", "c", "d")]
    others = [get(query, visitor).status_code for query, visitor in (("b", "192.0.2.1"), ("c", "192.0.2.2"))]
    full = get("e", "192.0.2.3").status_code
    hold(MONDAY + timedelta(seconds=21))

    assert (taken, [each.status_code for each in refused], others, full) == ([200, 200], [429] * 3, [200, 200], 429)
    assert 0 < int(refused[0].headers["Retry-After"]) <= 61
    assert get("e", "192.0.2.3").status_code == 200


@needs_weasyprint
def test_nobody_waits_while_another_list_is_drawn_but_what_is_kept_is_given(client, clinic):
    kept = client.get("/o/riverbend/meetings.pdf?day=mon").data
    inside = []

    def page():
        for day in ("mon", "wed"):
            inside.append(client.get(f"/o/riverbend/meetings.pdf?day={day}"))
        return '<html lang="en"></html>'

    paper.draw(page, version=None)

    assert inside[0].data == kept
    assert (inside[1].status_code, inside[1].headers["Retry-After"]) == (429, "5")
    assert "Another list is being made right now." in inside[1].text
    assert client.get("/o/riverbend/meetings.pdf?day=wed").status_code == 200


def test_the_library_is_not_loaded_before_it_is_needed(app):
    code = "import sys, aftercare.app, aftercare.jobs; print('weasyprint' in sys.modules)"

    assert subprocess_says(code) == "False"


def subprocess_says(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
