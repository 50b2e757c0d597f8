import json

import pytest
from click.testing import CliRunner

from aftercare import cli as command
from aftercare import inside
from aftercare.core.db import db
from aftercare.core.errors import Invalid, NotFound
from aftercare.recovery import instruments
from tests.factories import make_organisation

TWO = {"name": "Two", "language": "en", "low": 1, "high": 6, "items": ["I feel at home.", "I sleep well."]}


@pytest.fixture
def load(app, monkeypatch, tmp_path):
    monkeypatch.setattr(inside, "application", lambda: app)

    def run(given, slug):
        db.session.rollback()
        file = tmp_path / "two.json"
        file.write_text(json.dumps(given))
        ran = CliRunner().invoke(command.cli, ["instrument", "load", str(file), "--organisation", slug])
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return ran

    return run


def test_a_questionnaire_is_loaded_from_its_file(load):
    clinic = make_organisation()

    assert load(TWO, clinic.slug).output == "Loaded Two (en): 2 items, 1 to 6.\n"
    assert [each.name for each in instruments.loaded(clinic.id)] == ["Two"]


def test_a_wrong_file_or_organisation_is_refused_in_a_sentence(load):
    clinic = make_organisation()

    with pytest.raises(Invalid, match="Item 1 is empty"):
        load(TWO | {"items": [""]}, clinic.slug)
    with pytest.raises(NotFound):
        load(TWO, "nowhere")
