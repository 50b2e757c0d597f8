import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import source
from aftercare.meetings.exchange.source import open_source


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "list.json"
    path.write_bytes(b"[1]")

    assert open_source(path) == b"[1]"
    assert open_source(str(path)) == b"[1]"


def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path):
    for named, sentence in [
        (tmp_path / "none.json", f"There is no file {tmp_path / 'none.json'}."),
        (tmp_path, f"{tmp_path} is a folder, not a file."),
    ]:
        with pytest.raises(Invalid) as refused:
            open_source(named)
        assert refused.value.sentence == sentence


def test_a_name_that_no_file_can_have_is_refused():
    with pytest.raises(Invalid):
        open_source("a\x00b")


def test_a_file_beyond_the_cap_is_refused_unread(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(source.MOST_BYTES + 1)

    with pytest.raises(Invalid, match="larger than 64 MB"):
        open_source(path)


def test_an_address_is_shown_without_its_key_and_an_upload_by_its_name():
    assert source.shown("https://example.org/feed?key=s3cret") == "https://example.org/feed"
    assert source.shown("upload:list.json") == "list.json"


@pytest.mark.parametrize("name", ["https://lists.example.org/", "/etc/passwd", "c:\\list.json"])
def test_a_file_that_somebody_sent_is_read_once_whatever_it_is_called(name):
    sent = source.UPLOADED + name

    assert not source.is_address(sent)
    assert not source.can_be_read_again(sent)
