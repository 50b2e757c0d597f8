import pytest

from tests.benchmarks.table import HEAD, Table

TABLE = Table("Import", ["what", "time"], [["all", "1 s"]], notes=["Median of 5."])


@pytest.fixture
def docs(tmp_path):
    return tmp_path / "performance.md"


def test_a_first_table_begins_the_page(docs):
    TABLE.write_into_docs("import", docs=docs)

    begun = docs.read_text()
    assert begun.startswith(HEAD)
    assert "<!-- bench import -->\n## Import\n\n| what | time |\n| --- | --- |\n| all | 1 s |\n\nMedian of 5." in begun


def test_a_newer_table_takes_the_place_of_the_older_and_leaves_the_rest(docs):
    TABLE.write_into_docs("import", docs=docs)
    TABLE.write_into_docs("other", docs=docs)
    docs.write_text(docs.read_text() + "\nWhat people wrote.\n")
    before = docs.read_text()

    Table("Import", ["what", "time"], [["all", "2 s"]], notes=["Median of 5."]).write_into_docs("import", docs=docs)

    assert docs.read_text() == before.replace("1 s", "2 s", 1)
