import subprocess
import sys

import pytest

from aftercare.meetings import gazetteer, geography
from aftercare.meetings.geography import Point


@pytest.mark.parametrize(
    ("postal", "near"),
    [("97201", Point(45.51, -122.69)), ("80202", Point(39.75, -104.99)), ("00501", Point(40.8, -73))],
)
def test_a_postal_code_is_where_the_map_has_it(postal, near):
    found = gazetteer.find(postal)

    assert found is not None
    assert geography.meters(found, near) < 8_000


@pytest.mark.parametrize("postal", ["00000", "9720", "972011", "abcde", "", "٩٧٢٠١"])
def test_what_is_no_code_is_nowhere(postal):
    assert gazetteer.find(postal) is None


def test_the_list_is_not_loaded_before_it_is_asked():
    code = (
        "import sys; import aftercare.meetings.nearby, aftercare.meetings.gazetteer; print('zip2info' in sys.modules)"
    )

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
