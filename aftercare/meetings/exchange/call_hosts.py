"""The services for calls that meeting apps know (meeting-guide.md 1.3), and what apps conclude from a row."""

import re
from urllib.parse import urlsplit

KNOWN_HOSTS = (
    "bluejeans.com",
    "discord.gg",
    "freeconference.com",
    "freeconferencecall.com",
    "goto.com",
    "gotomeet.me",
    "gotomeeting.com",
    "horizon.meta.com",
    "maps.secondlife.com",
    "meet.google.com",
    "meet.jit.si",
    "meetings.dialpad.com",
    "signal.group",
    "skype.com",
    "slurl.com",
    "teams.live.com",
    "teams.microsoft.com",
    "vrchat.com",
    "webex.com",
    "zoho.com",
    "zoom.us",
)
KNOWN_SUFFIXES = tuple(f".{host}" for host in KNOWN_HOSTS)
LEAST_DIALLED = 10
UNDIALLED = re.compile(r"[^0-9,+#*]")
DIALLED_BY_APPS = re.compile(r"[0-9,+#]")


def host_of(url: str) -> str | None:
    """Give the host of a web link, None where there is none."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def is_known_host(url: str) -> bool:
    """Say whether meeting apps know the service behind a link."""
    host = host_of(url) or ""
    return host in KNOWN_HOSTS or host.endswith(KNOWN_SUFFIXES)


def dialled(text: str) -> str | None:
    """Give the number that a telephone would dial, None where it is too short to be one."""
    kept = UNDIALLED.sub("", text)
    return kept if is_dialled(kept) else None


def is_dialled(number: str) -> bool:
    """Say whether apps take this for a number: they keep digits, commas, + and #, and ask for ten of them."""
    return len(DIALLED_BY_APPS.findall(number)) >= LEAST_DIALLED
