"""From a file to its records, one at a time: JSON, GeoJSON, CSV, Parquet; plain, gzip or zip.

A file is read once, from its beginning to its end, and never held whole in memory. One that stops
too early, or that is not what it says, is refused: none of its records counts.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

CHUNK = 1 << 18  # characters read at once
LONGEST_RECORD = 1 << 24  # characters; beyond, what is read is no record
LONGEST_FIELD = 1 << 20  # characters of one field of a CSV file
PARQUET_ROWS = 2_000  # rows read at once
MAGIC_GZIP, MAGIC_ZIP, MAGIC_PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"
FEATURES = re.compile(r'"features"\s*:\s*\[')
SPACES = re.compile(r"[\s]*")
SEPARATORS = ",;\t"


class BadFileError(Exception):
    """A file that cannot be imported at all; the message says why in one line."""


@dataclass(frozen=True)
class Unreadable:
    """What stands where a record should be, and why it is none; its `id`, if it tells one."""

    reason: str
    id: str = ""


@dataclass(frozen=True)
class Withdrawn:
    """A record that says itself that it no longer holds: its older version goes too."""

    id: str
    reason: str


@dataclass
class Opened:
    """A file being read.

    Attributes:
        name: what to call it in a message.
        form: `json`, `csv`, `parquet` or `ics`, by its content.
        raw: its bytes, decompressed.
        encoding: of its text.
        tell: how many bytes of the file on disk have been read.
    """

    name: str
    form: str
    raw: IO[bytes]
    encoding: str
    tell: Callable[[], int]

    @property
    def values_are_text(self) -> bool:
        """Whether the values of the records are texts to be read (CSV)."""
        return self.form == "csv"


@contextmanager
def open_file(path: Path, encoding: str = "utf-8") -> Iterator[Opened]:
    """Open a file, decompressed, for `read_records` (or for a reader of calendars).

    Raises:
        BadFileError: it is missing, a zip archive of several files, or one that cannot be opened;
            or nobody knows this encoding.
    """
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise BadFileError(f"{path}: {error}") from error
    try:
        with path.open("rb") as disk, _decompressed(path, disk) as raw:
            buffered = io.BufferedReader(raw)  # type: ignore[type-var]
            form = _form(buffered.peek(64)[:64].lstrip(b"\xef\xbb\xbf \t\r\n"), path)
            yield Opened(str(path), form, buffered, encoding, disk.tell)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise BadFileError(f"{path}: cannot be read ({reason})") from error


def read_records(opened: Opened) -> Iterator[Any]:
    """The records of an opened file, as they are written: objects of JSON, texts of CSV.

    Raises:
        BadFileError: the file is cut, has another encoding, or is not what it looks like.
    """
    reader = {"json": _read_json, "csv": _read_csv, "parquet": _read_parquet}.get(opened.form)
    if reader is None:
        raise BadFileError(f"{opened.name}: not a JSON, CSV, GeoJSON or Parquet file")
    try:
        yield from reader(opened)
    except UnicodeDecodeError as error:
        raise BadFileError(
            f"{opened.name}: not {opened.encoding} text ({error.reason}): save it in UTF-8, "
            "or say its encoding"
        ) from error


@contextmanager
def _decompressed(path: Path, disk: IO[bytes]) -> Iterator[IO[bytes]]:
    start = disk.read(4)
    disk.seek(0)
    if start.startswith(MAGIC_GZIP):
        with gzip.open(disk) as plain:
            yield plain  # type: ignore[misc]
    elif start == MAGIC_ZIP:
        with zipfile.ZipFile(disk) as archive:
            files = [name for name in archive.namelist() if not name.endswith("/")]
            if len(files) != 1:
                raise BadFileError(f"{path}: a zip archive of {len(files)} files, not of one")
            try:
                stored = archive.open(files[0])
            except (RuntimeError, NotImplementedError) as error:  # a password, a rare compression
                raise BadFileError(
                    f"{path}: a zip archive that cannot be read ({error})"
                ) from error
            with stored:
                yield stored
    else:
        yield disk


def _form(start: bytes, path: Path) -> str:
    if start.startswith(MAGIC_PARQUET):
        return "parquet"
    if start.startswith(b"BEGIN:VCALENDAR"):
        return "ics"
    if start[:1] in (b"[", b"{"):
        return "json"
    if start[:1] == b"<":
        raise BadFileError(f"{path}: a web page or XML, not a file of records")
    suffixes = {suffix.lower() for suffix in path.suffixes}  # `services.json.gz` has two
    return "json" if {".json", ".geojson"} & suffixes else "csv"


def _read_json(opened: Opened) -> Iterator[Any]:
    """Objects of an array, or of the `features` of a GeoJSON collection."""
    text = io.TextIOWrapper(opened.raw, opened.encoding.replace("utf-8", "utf-8-sig"))
    stream = _Text(text, opened.name)
    in_collection = stream.enter_array()
    while not stream.at_end_of_array():
        record = stream.next_value()
        yield _feature(record) if in_collection else record
    stream.leave(in_collection)


def _feature(record: Any) -> Any:
    """The properties of a GeoJSON feature, with the position of its geometry where it has none."""
    if not isinstance(record, dict) or not isinstance(record.get("properties"), dict):
        return record
    properties = dict(record["properties"])
    geometry = record.get("geometry") or {}
    position = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if isinstance(position, list) and len(position) >= 2 and geometry.get("type") == "Point":
        for name, value in zip(("longitude", "latitude"), position, strict=False):
            if properties.get(name) is None:
                properties[name] = value
    return properties


class _Text:
    """A JSON text read piece by piece: what has been used is dropped."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text, self._name = text, name
        self._buffer, self._at, self._ended = "", 0, False
        self._decode = json.JSONDecoder().raw_decode
        self._read, self._after_comma = 0, False

    def enter_array(self) -> bool:
        """Go to the first value; whether it is in the `features` of an object."""
        if self._peek() == "[":
            self._at += 1
            return False
        while not (found := FEATURES.search(self._buffer)):
            if len(self._buffer) > CHUNK * 4 or not self._more():
                raise BadFileError(f"{self._name}: {self._invalid('not a JSON array of records')}")
        self._at = found.end()
        return True

    def _invalid(self, otherwise: str) -> str:
        try:
            json.loads(self._buffer or "[")
        except json.JSONDecodeError as error:
            return f"not valid JSON ({error})"
        return otherwise

    def at_end_of_array(self) -> bool:
        """Whether no value is left."""
        if self._peek() != "]":
            return False
        if self._after_comma:
            raise self._error("a comma before the end of the array", self._at)
        return True

    def next_value(self) -> Any:
        """The value that `at_end_of_array` has found, and the comma after it."""
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if len(self._buffer) - self._at > LONGEST_RECORD or not self._more():
                    raise self._error(error.msg, error.pos) from error
                continue
            except RecursionError as error:
                raise self._error("nested too deeply", self._at) from error
            # A number may go on in the next piece.
            if end == len(self._buffer) and self._more():
                continue
            break
        self._at = end
        sign = self._peek()
        self._after_comma = sign == ","
        if self._after_comma:
            self._at += 1
        elif sign != "]":
            raise self._error("Expecting ',' delimiter", self._at)
        return value

    def leave(self, in_collection: bool) -> None:
        """Check that the text ends where it should."""
        self._at += 1
        rest = self._buffer[self._at :]
        while self._more():
            rest = self._buffer[self._at :]
            if len(rest) > LONGEST_RECORD:
                raise self._error("Extra data", self._at)
        rest = rest.strip()
        if (not in_collection and rest) or (in_collection and not rest.endswith("}")):
            raise self._error("Extra data" if rest else "the object does not end", self._at)

    def _peek(self) -> str:
        """The next character that is no space; an empty text at the end."""
        while True:
            char = self._buffer[self._at : self._at + 1]
            if char.isspace():
                match = SPACES.match(self._buffer, self._at)
                self._at = match.end() if match else self._at
                char = self._buffer[self._at : self._at + 1]
            if char:
                return char
            if not self._more():
                return ""

    def _more(self) -> bool:
        piece = "" if self._ended else self._text.read(CHUNK)
        self._ended = not piece
        if piece:
            self._read += self._at
            self._buffer, self._at = self._buffer[self._at :] + piece, 0
        return bool(piece)

    def _error(self, message: str, position: int) -> BadFileError:
        if self._ended and position >= len(self._buffer.rstrip()):
            message = f"it is cut: {message}"
        return BadFileError(
            f"{self._name}: not valid JSON ({message}, character {self._read + position + 1})"
        )


def _read_csv(opened: Opened) -> Iterator[dict[str, str] | Unreadable]:
    """Rows by column; commas, semicolons or tabs, by what the first line holds most of."""
    text = io.TextIOWrapper(opened.raw, opened.encoding.replace("utf-8", "utf-8-sig"), newline="")
    first = text.readline(LONGEST_FIELD)
    separator = max(SEPARATORS, key=first.count)
    columns = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
    if len(columns) < 2 or len(set(columns)) < len(columns):
        raise BadFileError(f"{opened.name}: its first line does not name different columns")
    csv.field_size_limit(LONGEST_FIELD)
    width, missing = len(columns), 0
    rows = csv.reader(text, delimiter=separator, strict=True)
    try:
        for row in rows:
            if not row:
                continue
            if missing:  # not the last line, so the file is not cut there
                yield Unreadable("a line with too few columns")
                missing = 0
            if len(row) < width:
                missing = width - len(row)
            elif len(row) > width:
                yield Unreadable("a line with too many columns")
            else:
                yield dict(zip(columns, row, strict=True))
    except csv.Error as error:
        raise BadFileError(
            f"{opened.name}: not valid CSV ({error}, line {rows.line_num + 1})"
        ) from error
    if missing:
        raise BadFileError(f"{opened.name}: it is cut: its last line lacks {missing} columns")


def _read_parquet(opened: Opened) -> Iterator[dict[str, Any]]:
    # Loaded here: it weighs sixty megabytes, and only this kind of file needs it.
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(opened.raw)
        for batch in file.iter_batches(batch_size=PARQUET_ROWS):
            yield from batch.to_pylist()
    except (pyarrow.ArrowException, ValueError, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise BadFileError(f"{opened.name}: not valid Parquet ({reason})") from error
