from tests.house.source import calls, name_of, shipped

ENDS = (".commit", ".rollback")


def test_transactions_end_in_one_place_only():
    found = [
        f"{name_of(path)}:{line} {call}"
        for path in shipped()
        if name_of(path) != "aftercare/core/db.py"
        for call, line in calls(path)
        if call.endswith(ENDS)
    ]

    assert found == []
