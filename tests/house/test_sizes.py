from tests.house.source import name_of, written

MOST = 300
#: Files that may be longer, each with its reason.
REASONS: dict[str, str] = {
    "aftercare/static/aftercare.css": "one stylesheet, so that a page asks for one",
    "aftercare/static/htmx.min.js": "vendored",
    "migrations/versions/2026_11_23_first_tables.py": "every table of the first release, as Alembic writes them",
    "migrations/versions/2026_11_23_trusted_texts.py": "one step, so that a clinic comes back from it in one",
}


def lines(path):
    return path.read_text(encoding="utf-8").count("\n")


def test_every_file_fits_a_few_screens_or_says_why_not():
    long = {name_of(path): lines(path) for path in written() if lines(path) > MOST}

    assert {name: count for name, count in long.items() if name not in REASONS} == {}
