from aftercare.core import ids


def test_ids_sort_by_the_moment_they_were_made():
    made = [ids.new() for _ in range(10_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_is_a_version_7_uuid_made_now(monday):
    made = ids.new()

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
