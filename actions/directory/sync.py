"""`make sync`: the whole directory from the sources that a configuration file names.

Made for a scheduler (cron): what cannot be fetched or read keeps its older records, the others are
brought in, and a summary says so to whoever runs the service.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy import Engine

from actions.directory.database import ROOT
from actions.directory.importer import Source, import_sources
from actions.directory.report import ProgressBar, Report, format_report
from actions.directory.sources.download import download, is_address
from actions.directory.sources.files import BadFileError

CONFIGURATION = ROOT / "sources.yml"
WEBHOOK = "JALON_SYNC_WEBHOOK"
WEBHOOK_S = 20.0
PREFIX = "jalon-sync-"
LEFTOVER_S = 24 * 3600  # no sync lasts a day


class SourceSetting(BaseModel):
    """One source: its name, which its records keep, and its files or addresses."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    files: list[str] = Field(min_length=1)
    encoding: str = "utf-8"


class Configuration(BaseModel):
    """What `sources.yml` holds; `departements` empty for all of France."""

    model_config = ConfigDict(extra="forbid")

    departements: list[str] = []
    sources: list[SourceSetting] = Field(min_length=1)

    @field_validator("sources")
    @classmethod
    def _names_differ(cls, sources: list[SourceSetting]) -> list[SourceSetting]:
        names = [source.name for source in sources]
        if len(set(names)) < len(names):
            raise ValueError("two sources have the same name")
        return sources


def read_configuration(file: Path) -> Configuration:
    """Read `sources.yml`.

    Raises:
        BadFileError: it is missing or wrong; the message says where.
    """
    try:
        return Configuration.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadFileError(f"{file}: cannot be read ({error})") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "file"
        raise BadFileError(f"{file}: {where}: {first['msg']}") from error


def sync(engine: Engine, file: Path = CONFIGURATION, accept_losses: bool = False) -> Report:
    """Fetch and bring in every source of a configuration file.

    Raises:
        BadFileError: no source can be used; nothing was changed.
        ImportRunningError: another import is running; nothing was changed.
    """
    configuration = read_configuration(file)
    bar = ProgressBar()
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        fetched, failed = asyncio.run(_fetch_all(configuration.sources, file.parent, folder, bar))
        return import_sources(
            engine,
            fetched,
            departements=configuration.departements,
            bar=bar,
            whole=True,
            failed=failed,
            accept_losses=accept_losses,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers() -> None:
    """Delete what a sync that was killed had fetched."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if folder.stat().st_mtime < time.time() - LEFTOVER_S:
            shutil.rmtree(folder, ignore_errors=True)


async def _fetch_all(
    settings: Sequence[SourceSetting], beside: Path, folder: Path, bar: ProgressBar
) -> tuple[list[Source], dict[str, str]]:
    """The sources with their files on disk, and those that could not be fetched."""
    sources, failed = [], {}
    for setting in settings:
        paths = []
        try:
            for number, name in enumerate(setting.files):
                if not is_address(name):
                    paths.append(beside / name)
                    continue
                target = folder / setting.name / str(number)
                paths.append(await download(name, target, bar.fetching(name)))
        except BadFileError as error:
            failed[setting.name] = str(error)
            continue
        sources.append(Source(tuple(paths), setting.name, setting.encoding))
    return sources, failed


def summary_of(report: Report | None, error: str = "") -> str:
    """What an operator should know: one line that tells all, then the detail."""
    if report is None:
        return f"Jalon, directory: NOT updated. {error}"
    changes = sum(count.added + count.changed + count.removed for count in report.values())
    missing = f"{len(report.failed)} source{'s' if len(report.failed) > 1 else ''} MISSING"
    state = f"updated, {missing}" if report.failed else "updated"
    first = f"Jalon, directory: {state}, {changes} changes in {report.seconds:.0f} s"
    return f"{first}\n{format_report(report)}"


def tell(summary: str, environment: Mapping[str, str] = os.environ) -> None:
    """Send the summary to the address of `JALON_SYNC_WEBHOOK` (Mattermost, Slack…), if any.

    A summary that cannot be sent is said on the error output; the import is done all the same.
    """
    address = environment.get(WEBHOOK)
    if not address:
        return
    try:
        asyncio.run(_post(address, {"text": summary}))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        # The address holds a secret: it is not repeated.
        print(f"The summary was not sent: {type(error).__name__}", file=sys.stderr)


async def _post(address: str, message: dict[str, Any]) -> None:
    timeout = aiohttp.ClientTimeout(total=WEBHOOK_S)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(
            address, data=json.dumps(message), headers={"Content-Type": "application/json"}
        ) as answer,
    ):
        answer.raise_for_status()
