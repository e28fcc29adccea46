"""A headless Chromium, driven by the DevTools protocol over tornado's websocket client.

Nothing waits for a time: `until` waits in the page for its next change of content until a condition holds.
"""

import asyncio
import base64
import json
import shutil
import subprocess
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

# A page that never comes to it is a failure; a slow machine is none.
_LONGEST = 60.0
_UNTIL = """new Promise((done) => {
  const look = () => {
    let held = false;
    try { held = Boolean(%s); } catch { }
    if (held) { seen.disconnect(); done(true); }
  };
  const seen = new MutationObserver(look);
  seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  look();
})"""


class Page:
    """A tab, with what it has logged and what it has been refused."""

    def __init__(self, socket):
        self._socket, self._number, self._answers = socket, 0, {}
        self.problems, self.events = [], []
        self._waiting = {}
        self._reader = asyncio.ensure_future(self._read())

    async def _read(self):
        while (text := await self._socket.read_message()) is not None:
            message = json.loads(text)
            if "id" in message:
                self._answers.pop(message["id"]).set_result(message)
                continue
            name, told = message["method"], message.get("params", {})
            if name in ("Log.entryAdded", "Runtime.exceptionThrown"):
                self.problems.append(told)
            self.events.append((name, told))
            for future in self._waiting.pop(name, []):
                future.set_result(told)

    async def call(self, method, **parameters):
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.write_message(json.dumps({"id": self._number, "method": method, "params": parameters}))
        found = await asyncio.wait_for(answer, _LONGEST)
        assert "error" not in found, found
        return found["result"]

    def event(self, name):
        future = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(name, []).append(future)
        return asyncio.wait_for(future, _LONGEST)

    async def get(self, expression):
        found = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    async def until(self, condition):
        """Wait until an expression is true in the page."""
        try:
            await self.get(_UNTIL % condition)
        except TimeoutError:
            text = await self.get("document.body.innerText")
            raise AssertionError(f"{condition} never held; problems {self.problems}; the page shows:\n{text}") from None

    async def open(self, address):
        # From an empty page: to another place in the same page nothing is loaded.
        for each in ("about:blank", address):
            loaded = self.event("Page.loadEventFired")
            await self.call("Page.navigate", url=each)
            await loaded

    async def click(self, selector):
        await self.get(f"document.querySelector({json.dumps(selector)}).click()")

    async def size(self, width, height, *, phone=False):
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone
        )

    async def scheme(self, name):
        features = [{"name": "prefers-color-scheme", "value": name}]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def screenshot(self, path, *, whole=False):
        found = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        Path(path).write_bytes(base64.b64decode(found["data"]))


@asynccontextmanager
async def browser():
    """A Chromium with one tab, ended with all its processes."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--hide-scrollbars", "--remote-debugging-port=0",
             f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            loop = asyncio.get_running_loop()
            while not (line := await loop.run_in_executor(None, process.stderr.readline)).startswith(
                "DevTools listening"
            ):
                assert line, "Chromium ended before it listened"
            port = line.split(":")[-1].split("/")[0]
            # Chromium goes on to write, and would wait for a pipe that nobody empties.
            drain = loop.run_in_executor(None, process.stderr.read)
            request = HTTPRequest(f"http://127.0.0.1:{port}/json/new?about:blank", method="PUT", body="")
            tab = json.loads((await AsyncHTTPClient().fetch(request)).body)
            socket = await websocket_connect(tab["webSocketDebuggerUrl"], max_message_size=1 << 28)
            page = Page(socket)
            for domain in ("Page", "Runtime", "Log", "Network"):
                await page.call(f"{domain}.enable")
            yield page
            socket.close()
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            await drain
