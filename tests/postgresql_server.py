"""A PostgreSQL server of our own, for tests and measures."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from channels.stack import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@contextmanager
def running_server(*options: str) -> Iterator[str]:
    """The URL of a new server, without its database; stopped and deleted at the end.

    `options` are settings of PostgreSQL (`fsync=off`).
    """
    programs = PROGRAMS[-1]
    folder = Path(tempfile.mkdtemp(prefix="jalon-postgresql-"))
    # The server refuses to run as root.
    as_owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_owner:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [*as_owner, str(programs / program), "-D", str(data), *arguments]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run("initdb", "--username=jalon", "--auth=trust", "--no-sync", "--encoding=UTF8")
    port = free_port()
    settings = "".join(f" -c {option}" for option in options)
    listen = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1{settings}"
    run("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "-o", listen)
    try:
        yield f"postgresql://jalon@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "stop", "--mode=immediate")
        shutil.rmtree(folder)
