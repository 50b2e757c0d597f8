from tests.house.source import calls, imports, name_of, shipped

CLOCK = "aftercare/core/clock.py"
READINGS = (
    *("now", "utcnow", "today", "localtime", "gmtime", "monotonic", "monotonic_ns", "perf_counter", "time_ns"),
    *("process_time", "time.time"),
)


def reads_the_clock(call):
    return call.startswith(("datetime.", "date.", "time.", "dt.")) and call.endswith(READINGS)


def test_the_time_is_read_in_one_place_only():
    found = [
        f"{name_of(path)}:{line} {call}"
        for path in shipped()
        if name_of(path) != CLOCK
        for call, line in calls(path)
        if reads_the_clock(call)
    ]

    assert found == []


def test_the_time_module_is_not_taken_apart():
    found = [
        f"{name_of(path)}:{line} {name}"
        for path in shipped()
        for name, line in imports(path)
        if name.startswith("time.") and name != "time.sleep"
    ]

    assert found == []
