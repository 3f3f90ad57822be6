"""A real PostgreSQL for tests: its own user, its own folder, a socket and no network."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

__all__ = ["PostgreSQL", "postgresql", "programs"]

#: The user that Debian's package makes. As root, PostgreSQL refuses to run.
USER = "postgres"
OWNER = "volens"
#: Nothing here has to survive a power cut.
SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=")
#: How often to look whether the server answers, and how long to wait in between.
LOOKS, PAUSE = 600, 0.05


@dataclass
class PostgreSQL:
    """A server that runs, or ran, in a folder of its own.

    Attributes
    ----------
    folder
        Where its data and its socket lie.
    """

    folder: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, database: str) -> str:
        """The address of a database, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    def create(self, database: str) -> str:
        """Make an empty database and return its address."""
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Open a connection of our own, beside whatever is tested."""
        return psycopg.connect(host=str(self.folder), user=OWNER, dbname=database, autocommit=True)

    def end_connections(self, database: str) -> int:
        """Close every connection to a database, as an administrator or a restart would."""
        with self.connect() as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [database],
            )
            return len(ended.fetchall())

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        log = self.folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [programs() / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings],
                stdout=output,
                stderr=output,
                **_as_user(self.folder),
            )
        for _ in range(LOOKS):
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if self._process.poll() is not None:
                    break
                time.sleep(PAUSE)
            else:
                return
        self.stop()
        message = f"PostgreSQL did not start: {log.read_text(encoding='utf-8')}"
        raise RuntimeError(message)

    def uid(self) -> int:
        """Who runs it."""
        assert self._process is not None
        return Path(f"/proc/{self._process.pid}").stat().st_uid

    def stop(self) -> None:
        """Stop the server at once: whoever is connected loses the connection."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Run a server of our own, and leave nothing behind."""
    # A socket's path may be no longer than about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="volens-postgresql-", dir="/tmp"))
    server = PostgreSQL(folder)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        _run(
            folder,
            "initdb",
            *("-D", str(folder / "data"), "-U", OWNER, "-A", "trust", "-E", "UTF8"),
            *("--locale=C", "--no-sync", "--no-instructions"),
        )
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def programs() -> Path:
    """Where the newest server's programs lie; Debian keeps them off the path."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda file: int(file.parts[-3]),
    )
    on_path = shutil.which("postgres")
    if not found and on_path is None:
        message = "PostgreSQL's server is missing: apt-get install postgresql"
        raise FileNotFoundError(message)
    return found[-1].parent if found else Path(on_path or "").resolve().parent


def _run(folder: Path, program: str, *words: str) -> None:
    done = subprocess.run(
        [programs() / program, *words],
        capture_output=True,
        text=True,
        check=False,
        **_as_user(folder),
    )
    if done.returncode:
        message = f"{program} failed: {done.stderr}"
        raise RuntimeError(message)


def _as_user(folder: Path) -> dict[str, Any]:
    """How to start a program as the unprivileged user; as ourselves where we are none."""
    how: dict[str, Any] = {"cwd": folder, "env": {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}}
    if os.geteuid() == 0:
        user = pwd.getpwnam(USER)
        how |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return how
