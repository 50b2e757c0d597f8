import os
import threading

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import list_file


def refusal(path):
    with pytest.raises(Invalid) as refused, list_file.opened(path):
        pass
    return refused.value.sentence


def test_a_file_is_opened_and_closed_again(tmp_path):
    file = tmp_path / "list.json"
    file.write_bytes(b"[1]")

    with list_file.opened(file) as source:
        assert source.read() == b"[1]"
    assert source.closed


def test_a_list_may_come_through_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"[1]",))
    writer.start()

    with list_file.opened(pipe) as source:
        assert (source.seekable(), source.read()) == (True, b"[1]")
    writer.join()


def test_what_cannot_be_opened_is_refused_in_a_sentence(tmp_path):
    assert refusal(tmp_path / "nowhere") == f"There is no file {tmp_path / 'nowhere'}."
    assert refusal(tmp_path) == f"{tmp_path} is a folder, not a file."
    assert "cannot be read" in refusal("a\0b")


def test_a_file_beyond_reason_is_refused_unread(tmp_path):
    file = tmp_path / "list.json"
    with file.open("wb") as out:
        out.truncate(list_file.MOST_BYTES + 1)

    assert refusal(file) == f"{file} is larger than 256 MB."
