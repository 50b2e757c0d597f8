import socket
import subprocess
import sys

import pytest

from aftercare.core.errors import Refused
from aftercare.demo import running


def test_a_port_in_use_is_said_with_another_to_try():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Refused, match=f"Port {port} is in use. Try: ./run demo --port {port + 1}"):
            running.refuse_taken_port(port)


def test_what_a_process_leaves_behind_is_ended_with_it():
    leaves_a_child = "import subprocess; subprocess.Popen(['sleep', '60']); print('ready', flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", leaves_a_child], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.terminate()

    running._wait_or_kill(process)

    # The pipe is at its end only when nobody holds it any more.
    assert process.stdout.read() == b""
