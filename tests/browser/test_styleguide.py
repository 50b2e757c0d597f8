from collections.abc import Iterator

import pytest

from tests.browser import gallery
from tests.browser.chromium import check_page, faults


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with gallery.serving() as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_component_is_sound(new_page, address, width, scheme):
    page = new_page(width=width, scheme=scheme)

    page.goto(f"{address}/styleguide")

    check_page(page)


@pytest.mark.parametrize("width", [320, 390])
def test_spanish_words_fit_too(new_page, address, width):
    page = new_page(width=width)

    page.goto(f"{address}/styleguide?language=es")

    check_page(page)
    assert page.get_by_text("Dijiste que vas a ir.").count() == 1


def test_the_first_stop_of_the_tab_key_skips_to_the_main_part(new_page, address):
    page = new_page(scripts=False)
    page.goto(f"{address}/styleguide")

    page.keyboard.press("Tab")

    assert page.locator("a.skip").evaluate("link => link === document.activeElement")


def test_a_page_with_errors_opens_at_what_to_mend(new_page, address):
    page = new_page()

    page.goto(f"{address}/styleguide")

    assert page.locator(".errors").evaluate("summary => summary === document.activeElement")


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [("label", "axe label"), ("wide", "scrolls sideways"), ("style", "console"), ("heavy", "weighs")],
)
def test_a_planted_fault_is_found(new_page, address, fault, complaint):
    page = new_page()

    page.goto(f"{address}/planted/{fault}")

    assert any(found.startswith(complaint) for found in faults(page))
