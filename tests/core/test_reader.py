import pytest
from sqlalchemy import bindparam, select

from aftercare.core.db import db
from aftercare.core.reader import EXTENSION
from aftercare.people.models import Person
from tests.factories import make_person

# Of every kind of column: ids, texts, numbers, bytes, moments, and what is not there.
SEEN = select(
    Person.id, Person.zone, Person.calendar_version, Person.name_sealed, Person.created_at, Person.left_at
).where(Person.zone == bindparam("zone"))


@pytest.fixture
def reader(app):
    return app.extensions[EXTENSION]


def test_a_question_reads_what_a_session_reads(reader):
    make_person(zone="Europe/Rome")

    assert reader.question(SEEN).ask(zone="Europe/Rome") == db.session.execute(SEEN, {"zone": "Europe/Rome"}).one()
    assert reader.question(SEEN).ask(zone="Europe/Oslo") is None


def test_a_row_as_it_came_tells_whether_anything_changed(reader):
    person, question = make_person(zone="Europe/Rome"), reader.question(SEEN)
    before = question.row({"zone": "Europe/Rome"})
    same = question.row({"zone": "Europe/Rome"})
    person.calendar_version += 1
    db.session.commit()

    assert same == before
    assert question.row({"zone": "Europe/Rome"}) != before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_question_is_prepared_anew_where_the_server_has_forgotten_it(reader):
    make_person(zone="Europe/Rome")
    question = reader.question(SEEN)
    question.ask(zone="Europe/Rome")
    reader.read(lambda line: line.driver.execute("DEALLOCATE ALL"))

    assert question.ask(zone="Europe/Rome") is not None
