from aftercare.core.tally import Tally


def test_the_first_is_told_at_once_and_the_rest_together_when_it_is_time():
    tally = Tally(every=60)

    assert [tally.count(now) for now in (0.0, 1.0, 59.9, 60.0, 61.0)] == [1, 0, 0, 3, 0]


def test_what_happens_rarely_is_told_each_time():
    tally = Tally(every=60)

    assert [tally.count(now) for now in (0.0, 100.0, 200.0)] == [1, 1, 1]
