import socket

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
