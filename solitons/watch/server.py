"""The server: one page, its JSON and its pictures, from what lies in a store. It answers GET and HEAD, and only reads.

Looking and drawing happen in a few threads, and following solitons, which reads all frames of a run, in one of its own:
one who asks for much keeps nobody else waiting. What an answer costs is bounded: a page of rows, charts of a screen's
width, a picture of one frame, and the last few runs are kept open.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import socket
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import tornado.escape
import tornado.httpserver
import tornado.ioloop
import tornado.netutil
import tornado.web
from tornado.httputil import HTTPServerRequest
from typing_extensions import override

from geometries.plain_files import unlinked_opener
from runs.store import CorruptEntryError, RunState, Store, StoreFormatError, is_inside
from runs.store.names import folder_of, is_name
from solitons.watch import access
from solitons.watch.fits import fit_of
from solitons.watch.states import STATES, StoreWatch

if TYPE_CHECKING:
    from solitons.watch.open_runs import OpenRun

__all__ = ["Serving", "application", "listen"]

T = TypeVar("T")

_PAGE = {
    "": ("page.html", "text/html; charset=utf-8"),
    "page.css": ("page.css", "text/css; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
    "charts.js": ("charts.js", "text/javascript; charset=utf-8"),
}
_ROWS = 100
_LARGEST_REPORT = 1 << 28
_THREADS = 4
_DAMAGED = (CorruptEntryError, StoreFormatError)


@dataclass(frozen=True)
class Serving:
    """The parts of a server.

    `watch` looks at the store; who has the `token` may look too; looking and drawing happen in `threads`, solitons are
    followed in `following`; `names` are the names of this machine in a Host header.
    """

    watch: StoreWatch
    token: str
    threads: ThreadPoolExecutor
    following: ThreadPoolExecutor
    names: frozenset[str]

    def end(self) -> None:
        """Begin nothing more; what is being read is not waited for."""
        for threads in (self.threads, self.following):
            threads.shutdown(wait=False, cancel_futures=True)

    @property
    def store(self) -> Store:
        """The store."""
        return self.watch.store

    def read(self, state: RunState, look: Callable[[OpenRun], T]) -> T:
        """Open a run and look into it. An entry that is not what was written is marked, and the error goes on."""
        from solitons.watch.open_runs import open_run_of

        try:
            return look(open_run_of(state, self.store))
        except _DAMAGED as error:
            self.watch.mark(state.run_id, state.last_word or 0.0, str(error))
            raise


def application(store: Store, token: str, host: str = "localhost") -> tornado.web.Application:
    """The page on a store, whose folder is there, for who has the token: the first part of every path.

    `host` is the address, or name, that it will listen on. Its setting `serving`, a `Serving`, is to be ended after it.
    Its setting `ready`, a future, is done when what the first picture needs is imported.
    """
    threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="watch")
    # Imports of seconds, by the first picture, would keep the first visitor waiting.
    ready = threads.submit(_prepare)
    following = ThreadPoolExecutor(1, thread_name_prefix="watch-solitons")
    serving = Serving(StoreWatch(store), token, threads, following, access.names_of_here(host))
    # The note states that a run has no walls. Once for all threads: another thread's block undoes a block's filters.
    warnings.filterwarnings("ignore", module=r"solitons\.watch\.observables$")
    with_it = {"serving": serving}
    return tornado.web.Application(
        [
            (r"/([^/]+)/runs", RunsHandler, with_it),
            (r"/([^/]+)/run/([^/]+)", RunHandler, with_it),
            (r"/([^/]+)/run/([^/]+)/solitons", SolitonsHandler, with_it),
            (r"/([^/]+)/run/([^/]+)/picture", PictureHandler, with_it),
            (r"/([^/]+)/wheel.png", WheelHandler, with_it),
            (r"/([^/]+)/campaign/([^/]+)/([^/]+)", CampaignHandler, with_it),
            (r"/([^/]+)/report/([^/]+)/([^/]+)", ReportHandler, with_it),
            (r"/([^/]+)/([^/]*)", PageHandler, with_it),
        ],
        default_handler_class=NothingHandler,
        default_handler_args=with_it,
        compress_response=True,
        log_function=lambda _: None,
        serving=serving,
        ready=ready,
    )


def _prepare() -> None:
    import analysis
    from solitons.watch.open_runs import prepare
    from solitons.watch.pictures import wheel_picture

    prepare()
    wheel_picture()
    for name in ("walls", "find_skyrmions", "macrospins", "vertices"):
        getattr(analysis, name)


def listen(app: tornado.web.Application, host: str, port: int) -> tuple[tornado.httpserver.HTTPServer, int]:
    """Listen on an address, or a name of it, and return the server and its port, a free one for 0.

    A port that is taken, or an address that is not this machine's, is an error that names the remedy.
    """
    try:
        sockets = tornado.netutil.bind_sockets(port, host)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise OSError(f"port {port} of {host} is in use; choose another with --port, or 0 for any") from error
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise OSError(f"host {host!r} is no address of this machine; leave --host out, or say 0.0.0.0") from error
        if error.errno == errno.EACCES:
            raise OSError(f"port {port} is reserved for the system; choose one from 1024 on with --port") from error
        raise
    server = tornado.httpserver.HTTPServer(app, max_header_size=1 << 14, max_body_size=0, idle_connection_timeout=120)
    server.add_sockets(sockets)
    return server, int(sockets[0].getsockname()[1])


class _Handler(tornado.web.RequestHandler):
    """Base of all answers: who may ask, and what goes with them."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    def initialize(self, serving: Serving) -> None:
        self.serving = serving

    @override
    def set_default_headers(self) -> None:
        for name, value in access.HEADERS.items():
            self.set_header(name, value)

    @override
    def prepare(self) -> None:
        if not access.is_allowed_host(self.request.host, self.serving.names):
            raise tornado.web.HTTPError(403)
        if self.request.headers.get("Sec-Fetch-Site", "none") == "cross-site" and not _is_visit(self.request):
            raise tornado.web.HTTPError(403)
        token = self.path_args[0] if self.path_args else ""
        if not access.is_token(token, self.serving.token):
            raise tornado.web.HTTPError(404)

    async def head(self, *path: str) -> None:
        await self.get(*path)

    async def get(self, *path: str) -> None:
        del path
        raise tornado.web.HTTPError(404)

    async def in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.serving.threads, work, *arguments)

    async def run_named(self, run_id: str, at_most: float = 1.0) -> RunState:
        """How a run of the store stood at most so many seconds ago; other names are answered with 404."""
        look = await self.in_thread(self.serving.watch.look, at_most)
        state = look.states.runs.get(run_id) if is_name(run_id) else None
        if state is None:
            raise tornado.web.HTTPError(404, reason="No such run")
        return state

    def campaign_folder(self, name: str, engine: str) -> Path:
        store = self.serving.store
        if is_name(name) and is_name(engine):
            folder = folder_of(store.root, name, engine)
            if folder.is_dir() and is_inside(store.root, folder):
                return folder
        raise tornado.web.HTTPError(404, reason="No such campaign")

    def number(self, name: str, default: int) -> int:
        text = self.get_query_argument(name, str(default))
        try:
            return max(-1, min(int(text), 1 << 31))
        except ValueError:
            raise tornado.web.HTTPError(400, reason=f"{name} must be a whole number") from None

    def send_json(self, content: Any) -> None:
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.write(tornado.escape.json_encode(content))

    @override
    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: {self._reason}\n")

    @override
    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        # The address holds the token, which belongs into no log.
        if not isinstance(value, tornado.web.HTTPError):
            logging.getLogger(__name__).error("an answer could not be given", exc_info=(typ, value, tb))


def _words(error: Exception) -> str:
    """The message of an error; a `KeyError` puts quotes around it."""
    return str(error.args[0] if isinstance(error, KeyError) and error.args else error)


def _is_visit(request: HTTPServerRequest) -> bool:
    """Whether somebody follows a link to the page, from a mail or a chat, rather than a page asking for its content."""
    return request.headers.get("Sec-Fetch-Mode") == "navigate" and request.headers.get("Sec-Fetch-Dest") == "document"


class NothingHandler(_Handler):
    """Answer for a missing page."""


class PageHandler(_Handler):
    """The page, its style sheet and its scripts."""

    @override
    async def get(self, *path: str) -> None:
        if path[1] not in _PAGE:
            raise tornado.web.HTTPError(404)
        name, kind = _PAGE[path[1]]
        self.set_header("Content-Type", kind)
        self.write(files("solitons.watch").joinpath("page", name).read_bytes())


class RunsHandler(_Handler):
    """The table: rows that fit a filter, campaigns, and counts."""

    @override
    async def get(self, *path: str) -> None:
        campaign, state, text = (self.get_query_argument(name, "")[:200] for name in ("campaign", "state", "text"))
        if state and state not in STATES:
            raise tornado.web.HTTPError(400, reason="No such state")
        first = max(0, self.number("first", 0))
        look = await self.in_thread(self.serving.watch.look)
        found = await self.in_thread(look.selected, campaign, state, text, first, _ROWS)
        root = self.serving.store.root
        gone = [] if root.is_dir() else [f"the store {str(root)!r} is not there any more"]
        self.send_json(found | {"store": str(root), "problems": [*gone, *found["problems"]]})


class RunHandler(_Handler):
    """One run: what it is and its table."""

    @override
    async def get(self, *path: str) -> None:
        state = await self.run_named(path[1])
        found = await self.in_thread(self._details, state)
        look = await self.in_thread(self.serving.watch.look)
        row = next((row for row in look.rows if row["id"] == state.run_id), {"label": "", "error": ""})
        self.send_json({"label": row["label"], "problem": row["error"], **found})

    def _details(self, state: RunState) -> dict[str, Any]:
        from solitons.watch.open_runs import details

        try:
            return self.serving.read(state, details)
        except _DAMAGED as error:
            return {"id": state.run_id, "state": "corrupt", "problem": str(error), "frames": 0, "charts": []}
        except (KeyError, OSError) as error:
            return {"id": state.run_id, "state": "", "problem": _words(error), "frames": 0, "charts": []}


class SolitonsHandler(_Handler):
    """Observables of a run's solitons."""

    @override
    async def get(self, *path: str) -> None:
        state = await self.run_named(path[1])
        if not self.same_as(state, "solitons"):
            loop = asyncio.get_running_loop()
            self.send_json(await loop.run_in_executor(self.serving.following, self._solitons, state))

    def same_as(self, state: RunState, *what: Any) -> bool:
        """Answer 304 where a stored run's answer is had already: an entry is never written again."""
        if state.state != "stored":
            return False
        parts = (_CODE, state.run_id, state.last_word, *what)
        self.set_etag_header_to(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])
        if self.check_etag_header():
            self.set_status(304)
            self.finish()
            return True
        return False

    def set_etag_header_to(self, tag: str) -> None:
        self._tag = f'"{tag}"'
        self.set_header("Etag", self._tag)

    @override
    def compute_etag(self) -> str | None:
        return getattr(self, "_tag", None) or super().compute_etag()

    def _solitons(self, state: RunState) -> dict[str, Any]:
        from solitons.watch.observables import solitons_of

        try:
            return self.serving.read(state, solitons_of)
        except (*_DAMAGED, KeyError, OSError) as error:
            return {"charts": [], "note": _words(error)}


class PictureHandler(SolitonsHandler):
    """A frame of a run."""

    @override
    async def get(self, *path: str) -> None:
        # The page asks for a picture once it knows of the run; a film asks for many.
        state = await self.run_named(path[1], at_most=10.0)
        frame, layer, member = (self.number(name, default) for name, default in _PICTURED)
        component = self.get_query_argument("component", "direction")
        if self.same_as(state, frame, layer, member, component):
            return
        drawn = await self.in_thread(self._draw, state, frame, layer, member, component)
        if isinstance(drawn, str):
            raise tornado.web.HTTPError(404, reason=drawn)
        self.set_header("Content-Type", "image/png")
        self.write(drawn)

    def _draw(self, state: RunState, frame: int, layer: int, member: int, component: str) -> bytes | str:
        from solitons.watch.open_runs import frame_of
        from solitons.watch.pictures import component_named, frame_picture

        def draw(run: OpenRun) -> bytes | str:
            m = frame_of(run, frame, member)
            if m is None:
                return "There is no frame yet"
            return frame_picture(run, m, component_named(component), layer)

        try:
            return self.serving.read(state, draw)
        except _DAMAGED:
            return "The run is not what was written"
        except (KeyError, OSError, ValueError):
            return "This frame cannot be drawn"


_PICTURED = (("frame", -1), ("layer", -1), ("member", 0))
_CODE = "1"  # of what is drawn, for who has an answer of an older version


class WheelHandler(_Handler):
    """The colour wheel."""

    @override
    async def get(self, *path: str) -> None:
        from solitons.watch.pictures import wheel_picture

        self.set_header("Content-Type", "image/png")
        self.write(await self.in_thread(wheel_picture))


class CampaignHandler(_Handler):
    """Results of a campaign."""

    @override
    async def get(self, *path: str) -> None:
        folder = self.campaign_folder(path[1], path[2])
        self.send_json({"fit": await self.in_thread(fit_of, folder)})


class ReportHandler(_Handler):
    """A campaign's report, as it was written, in a sandbox."""

    @override
    async def get(self, *path: str) -> None:
        folder = self.campaign_folder(path[1], path[2])
        content = await self.in_thread(_report, folder / "report.html")
        if content is None:
            raise tornado.web.HTTPError(404, reason="There is no report yet")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", access.REPORT_POLICY)
        self.write(content)


def _report(path: Path) -> bytes | None:
    try:
        with open(path, "rb", opener=unlinked_opener) as stream:
            content = stream.read(_LARGEST_REPORT + 1)
    except OSError:
        return None
    return content if len(content) <= _LARGEST_REPORT else None
