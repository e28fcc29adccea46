"""The page in a real Chromium: what it shows, and that it goes on. All waits are for what appears, not for a time."""

import asyncio
import json

import pytest
from headless_browser import CHROMIUM, browser

from runs import execute
from runs.engines.native_frames import record_frames

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here, in which the page could be opened"),
    pytest.mark.slow,
]


# Every frame that the first pane shows from now on.
RECORD = """{
  const pane = document.querySelector('.pane');
  window.seen = [pane.dataset.frame];
  new MutationObserver(() => pane.dataset.frame === window.seen.at(-1) || window.seen.push(pane.dataset.frame))
    .observe(pane, { attributes: true });
}"""


@pytest.fixture
def looking(served):
    """Run a coroutine that has a page and a server on a store."""

    def run(store, work):
        async def inside():
            async with served(store) as server, browser() as page:
                await page.size(1400, 1000)
                await work(page, server)
                assert page.problems == []

        asyncio.run(inside())

    return run


def state_of(run_id):
    return f"document.querySelector('[data-row=\"{run_id}\"]').dataset.state"


def drawn(number=0):
    """That a pane's picture is there."""
    return f"document.querySelectorAll('.pane')[{number}].dataset.frame"


def test_the_table_and_the_newest_frame(watched, looking):
    async def work(page, server):
        await page.open(server.address)
        for number, state in enumerate(("stored", "stored", "computing", "stale", "failed", "missing")):
            await page.until(f"{state_of(watched.ids[number])} === '{state}'")
        assert (
            await page.get(f"document.querySelector('[data-row=\"{watched.ids[5]}\"] span').textContent") == "waiting"
        )
        # Two of six are stored, and the one that is computed has just begun.
        widths = await page.get("[...document.querySelectorAll('.bar > i.computing')].map((each) => each.style.width)")
        assert widths == ["0%"]
        # The run at work is shown unasked.
        await page.until(drawn())
        assert await page.get("document.querySelector('.pane').dataset.run") == watched.ids[2]
        await page.until("document.querySelector('.pane h2').textContent === 'drive-2'")
        assert "frame 3 of 3 so far" in await page.get("document.querySelector('.at').textContent")
        # What the store holds is text to the page.
        error = await page.get(f"document.querySelector('[data-row=\"{watched.ids[4]}\"] .error').innerHTML")
        assert "&lt;b&gt;film" in error

    looking(watched.store, work)


def test_it_follows_a_run_until_it_is_stored(watched, looking):
    spec = watched.specs[2]
    m = spec.device.initial_magnetisation(spec.material)

    async def work(page, server):
        await page.open(f"{server.address}#run={watched.ids[2]}")
        await page.until("document.querySelector('.at').textContent.includes('frame 3 of 3')")
        record = record_frames(watched.directory, spec.protocol.frames().values, every=0.0)
        for _ in range(4):
            record(m, 0.0)
        await page.until("document.querySelector('.at').textContent.includes('frame 4 of 4')")
        watched.process.kill()
        await page.until(f"{state_of(watched.ids[2])} === 'stale'")
        await page.until("document.querySelector('.pane .what b').textContent === 'stale'")
        await asyncio.get_running_loop().run_in_executor(None, lambda: list(execute([spec], watched.store.root)))
        await page.until(f"{state_of(watched.ids[2])} === 'stored'")
        await page.until("!document.querySelector('.film').hidden")
        await page.until(
            "[...document.querySelectorAll('.chart h3')].some((each) => each.textContent.startsWith('wall position'))"
        )

    looking(watched.store, work)


def test_a_stored_run_is_played(watched, looking):
    frames = watched.store.open(watched.ids[0]).sizes["t"]

    async def work(page, server):
        await page.open(f"{server.address}#run={watched.ids[0]}")
        await page.until(drawn())
        await page.get("document.querySelector('.frame').value = 0")
        await page.get("document.querySelector('.frame').dispatchEvent(new Event('input'))")
        await page.until("document.querySelector('.pane').dataset.frame === '0'")
        await page.get(RECORD)
        await page.click(".play")
        await page.until(f"document.querySelector('.pane').dataset.frame === '{frames - 1}'")
        await page.until("document.querySelector('.play').textContent === 'Play'")
        assert await page.get("window.seen") == [str(frame) for frame in range(frames)]
        await page.get("document.querySelector('.component').value = 'direction'")
        await page.get("document.querySelector('.component').dispatchEvent(new Event('change'))")
        await page.until("document.querySelector('.key img')")
        await page.get("document.querySelector('.key img').decode()")

    looking(watched.store, work)


def test_two_runs_lie_side_by_side_and_the_address_has_them(watched, looking):
    async def work(page, server):
        await page.open(server.address)
        await page.until(f"{state_of(watched.ids[0])} === 'stored'")
        await page.click(f"[data-run='{watched.ids[0]}']")
        await page.click(f"[data-row='{watched.ids[1]}'] .beside")
        for number in (0, 1):
            await page.until(drawn(number))
        tops = await page.get("[...document.querySelectorAll('.pane')].map((each) => each.getBoundingClientRect().top)")
        assert tops[0] == tops[1]
        address = await page.get("location.href")
        await page.open(address)
        await page.until("document.querySelectorAll('.pane').length === 2")
        shown = await page.get("[...document.querySelectorAll('.pane')].map((each) => each.dataset.run)")
        assert shown == watched.ids[:2]
        await page.click(".pane .close")
        await page.until("document.querySelectorAll('.pane').length === 1")
        assert await page.get("document.querySelector('.pane').dataset.run") == watched.ids[1]

    looking(watched.store, work)


def test_runs_are_filtered(watched, looking):
    async def work(page, server):
        await page.open(server.address)
        await page.until("document.querySelectorAll('#runs tbody tr').length === 6")
        await page.get("document.getElementById('text').value = 'tore'")
        await page.get("document.getElementById('text').dispatchEvent(new Event('input'))")
        await page.until("document.querySelectorAll('#runs tbody tr').length === 1")
        assert await page.get("document.querySelector('#runs tbody tr').dataset.row") == watched.ids[4]
        await page.get("document.getElementById('text').value = 'nothing is called so'")
        await page.get("document.getElementById('text').dispatchEvent(new Event('input'))")
        await page.until("!document.getElementById('none').hidden")

    looking(watched.store, work)


def test_a_fit_and_its_report(watched, looking):
    folder = watched.store.root / "campaigns" / "demo" / "mock"
    summary = {
        "verdict": "limited",
        "reasons": [{"code": "x", "weight": "limited", "sentence": "<i>Too few</i> runs."}],
        "headlines": [{"value": "1.2 nm", "name": "wall position error", "detail": "in runs held out"}],
        "parameters": [{"name": "hard_axis_field", "value": 34000.0, "ci95": [30000.0, 38000.0], "unit": "A/m"}],
        "held_out": watched.ids[:1],
        "held_out_error": 1.2e-9,
    }
    (folder / "summary.json").write_text(json.dumps(summary))
    (folder / "report.html").write_text(
        "<!DOCTYPE html><title>r</title><h1>The report</h1><script>document.body.remove()</script>"
    )

    async def work(page, server):
        await page.open(server.address)
        await page.until("document.querySelector('.badge').textContent === 'limited'")
        await page.get("document.querySelector('.campaign details').open = true")
        await page.until("document.querySelector('.fit')")
        text = await page.get("document.querySelector('.fit').textContent")
        for part in (
            "<i>Too few</i> runs.",
            "1.2 nm",
            "wall position error",
            "34",
            "30 to 38",
            "kA/m",
            "1 run was held out",
        ):
            assert part in text
        address = await page.get("document.querySelector('.report').href")
        await page.open(address)
        assert await page.get("document.querySelector('h1').textContent") == "The report"
        # Chromium names the script that the sandbox has stopped.
        assert len(page.problems) == 1
        assert "script" in json.dumps(page.problems.pop())

    looking(watched.store, work)


def test_a_fit_that_failed_has_no_numbers_and_its_neighbour_has(watched, looking):
    def results(verdict, value):
        return {"verdict": verdict, "reasons": [], "parameters": [{"name": "drag", "value": value, "unit": "1"}]}

    variants = [
        {"at": {"temperature": 300.0}, "results": results("failed", 0.125)},
        {"at": {"temperature": 0.0}, "results": results("trusted", 0.375)},
    ]
    summary = watched.store.root / "campaigns" / "demo" / "mock" / "summary.json"
    summary.write_text(json.dumps({"variants": variants}))

    async def work(page, server):
        await page.open(server.address)
        await page.until("document.querySelector('.badge').textContent === 'failed'")
        await page.get("document.querySelector('.campaign details').open = true")
        await page.until("document.querySelector('.fit')")
        heads = await page.get("[...document.querySelectorAll('.fit h3')].map((each) => each.textContent)")
        assert heads == ["temperature = 300 failed", "temperature = 0 trusted"]
        text = await page.get("document.querySelector('.fit').textContent")
        assert "not shown" in text
        assert "0.375" in text
        assert "0.125" not in text

    looking(watched.store, work)


def test_a_damaged_run_is_named_and_the_page_goes_on(watched, looking):
    record = watched.store.entry(watched.ids[0]) / "provenance.json"
    record.write_text("damaged")

    async def work(page, server):
        await page.open(f"{server.address}#run={watched.ids[0]}")
        await page.until("document.querySelector('.pane .error').textContent.includes('provenance.json')")
        await page.until(f"{state_of(watched.ids[0])} === 'corrupt'")
        await page.click(f"[data-run='{watched.ids[1]}']")
        await page.until(drawn())

    looking(watched.store, work)


def test_it_fits_a_phone_in_light_and_dark(watched, looking):
    async def work(page, server):
        await page.size(360, 740, phone=True)
        grounds = []
        for scheme in ("light", "dark"):
            await page.scheme(scheme)
            await page.open(f"{server.address}#run={watched.ids[0]}&beside={watched.ids[1]}")
            await page.until(drawn(1))
            assert await page.get("document.documentElement.scrollWidth") <= 360
            grounds.append(await page.get("getComputedStyle(document.body).backgroundColor"))
        assert grounds[0] != grounds[1]

    looking(watched.store, work)


def test_nothing_comes_from_another_host(watched, looking):
    async def work(page, server):
        await page.open(server.address)
        await page.until(drawn())
        asked = [told["request"]["url"] for name, told in page.events if name == "Network.requestWillBeSent"]
        assert len(asked) > 5
        assert all(url.startswith(server.address) for url in asked if url != "about:blank")

    looking(watched.store, work)


def test_a_server_that_ends_is_named(watched, looking):
    async def work(page, server):
        await page.open(server.address)
        await page.until(drawn())
        await server.end()
        await page.until("document.getElementById('trouble').textContent.includes('does not answer')")
        assert await page.get("document.querySelectorAll('#runs tbody tr').length") == 6
        page.problems.clear()  # the refused requests

    looking(watched.store, work)
