import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from rnn_course.data import _fetch
from rnn_course.data._fetch import fetch
from rnn_course.errors import DownloadError

BODY = np.random.default_rng(0).bytes(900_000)
SHA256 = hashlib.sha256(BODY).hexdigest()


class Server:
    """A server of `BODY` on this machine, which can be told to misbehave."""

    def __init__(self):
        self.breaks = 0  # how many answers to cut off
        self.cut = 20 * _fetch._CHUNK  # bytes of an answer before it is cut off
        self.ranges = True  # whether it understands Range
        self.wrong = False  # whether it serves other bytes
        self.asked = []  # the Range of each request
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.answer(self)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path="file.bin"):
        return f"http://127.0.0.1:{self.http.server_port}/{path}"

    def answer(self, request):
        asked = request.headers.get("Range")
        self.asked.append(asked)
        if request.path != "/file.bin":
            request.send_error(404)
            return
        start = int(re.match(r"bytes=(\d+)-", asked)[1]) if asked and self.ranges else 0
        if start >= len(BODY):
            request.send_error(416)
            return
        body = (BODY[::-1] if self.wrong else BODY)[start:]
        request.send_response(206 if start else 200)
        if start:
            end = len(BODY) - 1
            request.send_header("Content-Range", f"bytes {start}-{end}/{len(BODY)}")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if self.breaks:
            self.breaks -= 1
            body = body[: self.cut]
        request.wfile.write(body)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


def _fetch_from(*urls):
    return fetch("file.bin", urls=urls, sha256=SHA256)


def test_a_file_is_downloaded_once(server, cache):
    file = _fetch_from(server.url())
    assert file == cache / "downloads" / "file.bin"
    assert file.read_bytes() == BODY
    _fetch_from(server.url())
    assert server.asked == [None]


def test_the_download_shows_its_progress(server, capsys):
    _fetch_from(server.url())
    assert "file.bin: 100%" in capsys.readouterr().err


def test_a_break_is_resumed_where_it_happened(server):
    server.breaks = 1
    assert _fetch_from(server.url()).read_bytes() == BODY
    assert server.asked == [None, f"bytes={server.cut}-"]


def test_a_call_that_gave_up_is_resumed_by_the_next(server, cache):
    server.breaks, server.cut = _fetch._ATTEMPTS, 5 * _fetch._CHUNK
    came = server.breaks * server.cut
    with pytest.raises(DownloadError, match=r"connection failed.*Run it again: it goes on"):
        _fetch_from(server.url())
    part = cache / "downloads" / "file.bin.part"
    assert part.read_bytes() == BODY[:came]
    assert not (cache / "downloads" / "file.bin").exists()
    assert _fetch_from(server.url()).read_bytes() == BODY
    assert server.asked[-1] == f"bytes={came}-"
    assert not part.exists()


def test_a_server_without_range_is_started_over(server):
    server.breaks, server.ranges = 1, False
    assert _fetch_from(server.url()).read_bytes() == BODY
    assert server.asked == [None, f"bytes={server.cut}-"]


def test_a_part_that_is_already_whole_is_taken(server, cache):
    (cache / "downloads").mkdir(parents=True)
    (cache / "downloads" / "file.bin.part").write_bytes(BODY)
    assert _fetch_from(server.url()).read_bytes() == BODY
    assert server.asked == [f"bytes={len(BODY)}-"]


def test_a_damaged_part_is_thrown_away(server, cache):
    (cache / "downloads").mkdir(parents=True)
    (cache / "downloads" / "file.bin.part").write_bytes(b"x" * 1000)
    assert _fetch_from(server.url()).read_bytes() == BODY
    assert server.asked == ["bytes=1000-", None]


def test_a_wrong_checksum_is_an_error_and_leaves_nothing(server, cache):
    server.wrong = True
    with pytest.raises(DownloadError, match=rf"sha256 {SHA256[:12]}.*another checksum"):
        _fetch_from(server.url())
    assert list((cache / "downloads").iterdir()) == []


def test_a_404_goes_to_the_next_mirror_at_once(server):
    assert _fetch_from(server.url("gone"), server.url()).read_bytes() == BODY
    assert len(server.asked) == 2


def test_the_error_names_every_mirror_and_the_place_to_put_the_file(server, cache):
    with pytest.raises(DownloadError, match=r"/gone: 404.*/lost: 404") as caught:
        _fetch_from(server.url("gone"), server.url("lost"))
    assert f"put the file at {cache / 'downloads' / 'file.bin'} yourself" in str(caught.value)


def test_no_connection_is_an_error():
    with pytest.raises(DownloadError, match="connection failed"):
        _fetch_from("http://127.0.0.1:9/file.bin")


def test_a_cache_that_cannot_be_written_is_an_error(server, cache):
    cache.write_text("a file where the folder should be")
    with pytest.raises(DownloadError, match="it cannot be written"):
        _fetch_from(server.url())
