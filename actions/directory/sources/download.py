"""Fetching a file from the web: taken up where it stopped, and never believed without a check."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiohttp

from actions.directory.sources.files import BadFileError

PIECE = 1 << 16  # bytes
LARGEST = 2_000_000_000  # bytes; the national files weigh a few hundred million
TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
CONNECT_S, SILENCE_S, WHOLE_S = 20.0, 60.0, 3600.0
# Pages, pictures and sounds are not directories: an error page often comes with status 200.
REFUSED_TYPES = ("text/html", "image/", "audio/", "video/", "application/xhtml")
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
SUFFIXES = {
    "application/json": ".json",
    "application/geo+json": ".geojson",
    "text/csv": ".csv",
    "text/calendar": ".ics",
    "application/vnd.apache.parquet": ".parquet",
}

Told = Callable[[int, int], None]  # bytes received, bytes in all (0 when unknown)


class _PassingError(Exception):
    """Something that may go better at the next try."""


@dataclass
class _Part:
    """What is on disk of a file being fetched, and which version of it that is."""

    path: Path
    version: str | None = None
    size: int | None = None  # bytes of the whole file, once known

    @property
    def received(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0


def is_address(text: str) -> bool:
    """Whether this names a file on the web rather than on disk."""
    return text.startswith(("http://", "https://"))


async def download(
    address: str,
    folder: Path,
    told: Told = lambda received, size: None,
    largest: int = LARGEST,
    first_wait: float = FIRST_WAIT_S,
) -> Path:
    """Fetch an address into a folder, and return the file, named as the address names it.

    A connection that breaks is taken up where it stopped (Range), if the file did not change.

    Args:
        largest: bytes beyond which the file is refused.
        first_wait: seconds before the second try; doubled at each one, five in all.

    Raises:
        BadFileError: it cannot be had, or it is too large, of another size than said, or a page.
    """
    part = _new_part(folder)
    timeout = aiohttp.ClientTimeout(total=WHOLE_S, sock_connect=CONNECT_S, sock_read=SILENCE_S)
    wait = first_wait
    reason = ""
    async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session:
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(wait)
                wait = min(LONGEST_WAIT_S, wait * 2)
            try:
                name = await _fetch(session, address, part, told, largest)
                return part.path.rename(folder / name)
            except (_PassingError, aiohttp.ClientError, TimeoutError) as error:
                reason = " ".join(str(error).split()) or type(error).__name__
    part.path.unlink(missing_ok=True)
    raise BadFileError(f"{address}: cannot be fetched after {TRIES} tries ({reason})")


def _new_part(folder: Path) -> _Part:
    folder.mkdir(parents=True, exist_ok=True)
    part = _Part(folder / "download.part")
    part.path.unlink(missing_ok=True)
    return part


async def _fetch(
    session: aiohttp.ClientSession, address: str, part: _Part, told: Told, largest: int
) -> str:
    """Add to the part what it lacks; the name of the file."""
    headers = {"Accept-Encoding": "identity"}
    if part.received and part.version:
        headers |= {"Range": f"bytes={part.received}-", "If-Range": part.version}
    async with session.get(address, headers=headers) as answer:
        _check_answer(address, answer)
        resumed = answer.status == 206
        _check_range(answer, part, resumed)
        announced = answer.content_length
        part.size = None if announced is None else announced + (part.received if resumed else 0)
        if part.size is not None and part.size > largest:
            raise BadFileError(f"{address}: {part.size:,} bytes, more than {largest:,}")
        part.version = _version(answer)
        # Written as it comes: the disk is faster than the network.
        with part.path.open("ab" if resumed else "wb") as file:
            received = part.received if resumed else 0
            async for piece in answer.content.iter_chunked(PIECE):
                received += len(piece)
                if received > largest:
                    raise BadFileError(f"{address}: more than {largest:,} bytes")
                file.write(piece)
                told(received, part.size or 0)
        if part.size is not None and part.received != part.size:
            raise _PassingError(f"{part.received:,} bytes came of {part.size:,}")
        if not part.received:
            raise BadFileError(f"{address}: an empty file")
        return _name(answer)


def _check_answer(address: str, answer: aiohttp.ClientResponse) -> None:
    if answer.status in PASSING:
        raise _PassingError(f"the server says {answer.status} {answer.reason or ''}")
    if answer.status not in (200, 206):
        raise BadFileError(f"{address}: the server says {answer.status} {answer.reason or ''}")
    if answer.content_type.startswith(REFUSED_TYPES):
        raise BadFileError(f"{address}: a page ({answer.content_type}), not a file of records")


def _check_range(answer: aiohttp.ClientResponse, part: _Part, resumed: bool) -> None:
    """Check that what comes follows what is there."""
    if not resumed:
        return
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    if not found or int(found.group(1)) != part.received:
        part.path.unlink()
        raise _PassingError("the server sent another range than the one asked")


def _version(answer: aiohttp.ClientResponse) -> str | None:
    """What tells this version of the file from others; a weak tag cannot (RFC 9110, 13.1.5)."""
    tag = answer.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else answer.headers.get("Last-Modified")


def _name(answer: aiohttp.ClientResponse) -> str:
    """A safe name, with the suffix of what it holds where the address tells none."""
    told = answer.content_disposition
    given = (told.filename if told else None) or unquote(urlsplit(str(answer.url)).path)
    name = re.sub(r"[^\w.-]", "_", Path(given).name).lstrip(".") or "file"
    suffix = SUFFIXES.get(answer.content_type, "")
    return name if not suffix or "." in name else f"{name}{suffix}"
