"""The browser harness: one demonstration server for the whole run, people who open pages on it, and what must hold on every page.

    page = page_as("lucie", language="ar", dark=True)     a page of Lucie's, signed in
    axe(page)                                             no accessibility rule is broken
    shot(page, "today-ar-dark")                           .build/screenshots/today-ar-dark.png

A test fails by itself when one of its pages has an error in its script or in the console (a broken content security policy is one), gets a
server error, or asks anything of another host.
"""

import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MANDATE_BIN", ROOT / ".build/debug/mandate"))
SCREENSHOTS = ROOT / ".build/screenshots"
STARTS_WITHIN = float(os.environ.get("MANDATE_STARTS_WITHIN", 90))  # seconds; the demonstration data is made at the first start

AXE = Axe().axe_script
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},  # WCAG 2.2: axe has it off unless asked for
    "resultTypes": ["violations"],
}
# What can differ between light and dark, where nothing but colours changes.
COLOUR_RULES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "resultTypes": ["violations"]}


# MARK: the server


@dataclass
class Server:
    url: str
    data: Path
    log: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("mandate")
    log = data.with_suffix(".log")
    port = free_port()
    running = Server(f"http://127.0.0.1:{port}", data, log)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [BINARY, "serve", "--demo", "--demo-size", "400", "--port", str(port), "--data", data],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT,
            env={**os.environ, "MANDATE_NO_RATE_LIMITS": "yes"},
        )
    try:
        wait_until_healthy(running, process)
        yield running
        if process.poll() is not None:
            pytest.fail(f"the server stopped during the tests with code {process.returncode}:\n{tail(log)}")
    finally:
        stop(process)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_until_healthy(server: Server, process: subprocess.Popen):
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.exit(f"the server stopped at its start with code {process.returncode}:\n{tail(server.log)}", 1)
        try:
            with urllib.request.urlopen(server.url + "/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.exit(f"the server did not answer /healthz within {STARTS_WITHIN:.0f} s:\n{tail(server.log)}", 1)


def stop(process: subprocess.Popen):
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 60) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def pytest_collection_modifyitems(items):
    """The API's tests come last: they fill the demonstration with whatever they make up."""
    items.sort(key=lambda item: item.path.name == "test_api.py")
    for item in items:
        if reason := OPEN.get(item.name):
            item.add_marker(pytest.mark.skip(reason=reason))


# What is known to be open, each with its reason. A name leaves this list when its test passes; none is added without a note in the CHANGELOG.
OPEN: dict[str, str] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows the end of the server's log beside its own message."""
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and server:
        report.sections.append(("the server's log, its end", tail(server.log, 15)))
    return report


# MARK: the browser and its people


@pytest.fixture(scope="session")
def browser():
    chromium = Path("/usr/bin/chromium")
    if not chromium.exists():  # Ubuntu: bin/setup brought Playwright's own
        os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(ROOT / ".tools/browsers"))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium if chromium.exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield running
        running.close()


class People:
    """The people of the demonstration, each with a window of their own; signing in happens once a persona."""

    def __init__(self, browser: Browser, server: Server):
        self.browser, self.server = browser, server
        self.problems: list[str] = []
        self.cookies: dict[str, list] = {}
        self.kept: dict[tuple, Page] = {}
        self.windows: list[BrowserContext] = []

    def window(self, persona: str | None, language="en", dark=False, phone=False, javascript=True) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.server.url,
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 800},
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            timezone_id="Africa/Nairobi",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(10_000)
        if persona:
            context.add_cookies(self.signed_in(persona))
        context.add_cookies([{"name": "language", "value": language, "url": self.server.url}])
        watch(context, self.server.url, self.problems)
        self.windows.append(context)
        return context

    def close_windows(self):
        """Closes what a test opened: each live page left open would be one of the few that a person may have."""
        kept = {page.context for page in self.kept.values()}
        for context in self.windows:
            if context not in kept:
                context.close()
        self.windows = [context for context in self.windows if context in kept]

    def signed_in(self, persona: str) -> list:
        if persona not in self.cookies:
            context = self.browser.new_context(base_url=self.server.url)
            page = context.new_page()
            page.goto("/sign-in")
            page.locator(f"button[name=persona][value='{persona}']").click()
            page.wait_for_url(re.compile(r"^(?!.*/sign-in)"))
            self.cookies[persona] = [cookie for cookie in context.cookies() if cookie["name"] == "mandate"]
            context.close()
        return self.cookies[persona]

    def kept_page(self, persona: str | None, language: str) -> Page:
        """One page for all tests that only look."""
        if (persona, language) not in self.kept:
            self.kept[persona, language] = self.window(persona, language).new_page()
        return self.kept[persona, language]


@pytest.fixture(scope="session")
def people(browser: Browser, server: Server):
    all_of_them = People(browser, server)
    yield all_of_them
    for page in all_of_them.kept.values():
        page.context.close()


@pytest.fixture
def no_problems(people: People):
    """What went wrong in any page during a test fails that test; its windows are closed with it."""
    before = len(people.problems)
    yield
    people.close_windows()
    found = people.problems[before:]
    assert not found, "the pages had problems:\n" + "\n".join(found)


@pytest.fixture
def page_as(people: People, no_problems):
    """Opens a window for a person of the demonstration; `None` is somebody who has not signed in."""
    return lambda persona, **how: people.window(persona, **how).new_page()


def watch(context: BrowserContext, origin: str, problems: list[str]):
    def on_console(message):
        # A page that says no, as a form sent empty does, is what a test asked for; the test itself looks at its status.
        if message.type == "error" and re.search(r"status of 4\d\d", message.text) and message.page and message.location.get("url") == message.page.url:
            return
        if message.type == "error":
            problems.append(f"console: {message.text} ({message.page.url if message.page else '?'})")

    def on_request(request):
        if not request.url.startswith((origin + "/", "data:", "blob:")):
            problems.append(f"request to another host: {request.url} (from {request.frame.url})")

    def on_response(response):
        if response.status >= 500:
            problems.append(f"server error {response.status}: {response.request.method} {response.url}")

    context.on("console", on_console)
    context.on("weberror", lambda error: problems.append(f"page error: {error.error}"))
    context.on("request", on_request)
    context.on("response", on_response)


# MARK: what tests ask of a page


def axe(page: Page, **options):
    """No rule of WCAG 2.0 to 2.2 A and AA, nor of axe's best practice, is broken on the page."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    # A phone's bar lies over whatever row is at the bottom just now: all of the page is looked at, as by somebody who scrolls.
    size = page.viewport_size
    if size and size["width"] < 600:
        for _ in range(10):  # parts that are as high as a share of the screen grow with it
            height = page.evaluate("document.documentElement.scrollHeight")
            if height <= page.viewport_size["height"]:
                break
            page.set_viewport_size({"width": size["width"], "height": height})
    violations = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options or AXE_OPTIONS)
    if size:
        page.set_viewport_size(size)
    if violations:
        pytest.fail(f"{page.url} breaks {len(violations)} accessibility rules\n" + "\n".join(map(explained, violations)), pytrace=False)


def explained(violation: dict) -> str:
    lines = [f"- {violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"][:5]:
        checks = node["any"] + node["all"] + node["none"]
        lines.append(f"    {' '.join(map(str, node['target']))}: {checks[0]['message'] if checks else ''}")
        lines.append(f"      {node['html'][:160]}")
    if len(violation["nodes"]) > 5:
        lines.append(f"    and {len(violation['nodes']) - 5} more")
    return "\n".join(lines)


def shot(page: Page, name: str):
    """Keeps a picture of the whole page in .build/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def assert_no_sideways_scroll(page: Page):
    width = page.viewport_size["width"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{page.url} is {wide} px wide on a screen of {width} px; too wide: {page.evaluate(TOO_WIDE)}"


TOO_WIDE = """() => [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
    .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
