from sqlalchemy import event

from aftercare.core.db import db
from tests.factories import make_organisation, make_person
from tests.signing_in import sign_in


def test_the_frame_of_a_page_reads_the_organisation_once(app, client, monday):
    asked = []
    desk = sign_in(client, make_person(make_organisation(), role="counsellor"))
    event.listen(db.engine, "before_cursor_execute", lambda *sent: asked.append(sent[2]))

    desk.get("/staff/sign-in")

    assert len([statement for statement in asked if "FROM organisations" in statement]) == 1
