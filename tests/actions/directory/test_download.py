"""Fetching a file from servers that misbehave."""

from __future__ import annotations

import pytest
from aiohttp import web

from actions.directory.sources.download import download
from actions.directory.sources.files import BadFileError

CONTENT = bytes(range(256)) * 4096  # one megabyte


class Server:
    """Serves `CONTENT`, breaking as told; remembers what was asked."""

    def __init__(self):
        self.ranges = []
        self.break_at = []  # bytes after which each answer in turn is cut
        self.tags = ['"v1"']
        self.status = []
        self.ignore_ranges = False
        self.type = "application/json"

    async def answer(self, request):
        self.ranges.append(request.headers.get("Range"))
        if self.status:
            return web.Response(status=self.status.pop(0))
        tag = self.tags.pop(0) if len(self.tags) > 1 else self.tags[0]
        start = 0
        same = request.headers.get("If-Range") == tag
        if request.headers.get("Range") and same and not self.ignore_ranges:
            start = int(request.headers["Range"].removeprefix("bytes=").rstrip("-"))
        body = CONTENT[start:]
        answer = web.StreamResponse(status=206 if start else 200)
        answer.content_length = len(body)
        answer.headers["ETag"] = tag
        answer.content_type = self.type
        if start:
            answer.headers["Content-Range"] = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
        await answer.prepare(request)
        if self.break_at:
            await answer.write(body[: self.break_at.pop(0)])
            request.transport.abort()
            return answer
        await answer.write(body)
        return answer


@pytest.fixture
async def server(aiohttp_server):
    """A server, and the address of its file."""
    behaviour = Server()
    application = web.Application()
    application.router.add_get("/fichiers/services.json", behaviour.answer)
    application.router.add_get("/sans-suffixe", behaviour.answer)
    running = await aiohttp_server(application)
    behaviour.address = str(running.make_url("/fichiers/services.json"))
    behaviour.bare_address = str(running.make_url("/sans-suffixe"))
    return behaviour


async def fetch(server, folder, **options):
    return await download(server.address, folder, first_wait=0.01, **options)


async def test_a_file_is_fetched_under_its_own_name(server, tmp_path):
    told = []
    file = await fetch(server, tmp_path, told=lambda received, size: told.append((received, size)))
    assert file.name == "services.json"
    assert file.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    server.type = "text/csv"
    assert (await download(server.bare_address, tmp_path)).name == "sans-suffixe.csv"


async def test_a_broken_connection_is_taken_up_where_it_stopped(server, tmp_path):
    server.break_at = [400_000, 200_000]
    assert (await fetch(server, tmp_path)).read_bytes() == CONTENT
    first, second, third = server.ranges
    assert first is None
    starts = [int(asked.removeprefix("bytes=").rstrip("-")) for asked in (second, third)]
    assert 0 < starts[0] < starts[1] <= 600_000


async def test_a_file_that_changed_meanwhile_is_fetched_anew(server, tmp_path):
    server.break_at = [400_000]
    server.tags = ['"v1"', '"v2"']
    assert (await fetch(server, tmp_path)).read_bytes() == CONTENT


async def test_a_server_without_ranges_is_asked_again(server, tmp_path):
    server.break_at = [400_000]
    server.ignore_ranges = True
    assert (await fetch(server, tmp_path)).read_bytes() == CONTENT


async def test_passing_errors_are_tried_again_and_have_an_end(server, tmp_path):
    server.status = [503, 429]
    assert (await fetch(server, tmp_path)).read_bytes() == CONTENT
    server.status = [503] * 9
    with pytest.raises(BadFileError, match="after 5 tries"):
        await fetch(server, tmp_path)
    assert server.ranges[3:] == [None] * 5
    assert [file.name for file in tmp_path.iterdir()] == ["services.json"]


async def test_what_cannot_be_had_is_said_at_once(server, tmp_path):
    server.status = [404]
    with pytest.raises(BadFileError, match="404"):
        await fetch(server, tmp_path)
    server.type = "text/html"
    with pytest.raises(BadFileError, match="a page"):
        await fetch(server, tmp_path)
    server.type = "application/json"
    with pytest.raises(BadFileError, match="more than"):
        await fetch(server, tmp_path, largest=1000)
    with pytest.raises(BadFileError, match="after 5 tries"):
        await download("http://127.0.0.1:9/rien.json", tmp_path, first_wait=0.01)
