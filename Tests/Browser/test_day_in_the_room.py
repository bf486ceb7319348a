"""A day in the operations room, played from the first report to the proof in the ledger, in French and in Arabic."""

import io
import json
import re
import subprocess
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from conftest import BINARY, assert_no_sideways_scroll, axe, shot

PATIENCE = 30_000  # milliseconds: other tests may share the machine
LATE = 150_000     # a patrol that must be heard of every minute; the watch looks twice a minute


@dataclass
class Words:
    """What the day says in one language, and where it happens: far from the incidents of the demonstration and from the other day's."""
    language: str
    where: tuple[str, str]
    scripted: bool
    market: str
    again: str
    said: str
    secret: str
    why: str
    outlook: str
    patrol: str
    rule: str
    verified: str
    marked: str
    disclaimer: str
    page: str


DAYS = [
    Words("fr", ("6.05000, 16.02000", "6.06000, 16.02500"), False, "Tirs nourris au marché de Kodo", "Coups de feu entendus près de Kodo", "La patrouille a vu trois hommes armés.",
          "Menaces contre un interprète", "Notre convoi passe là cette semaine.", "Le marché de samedi sera surveillé.", "Route de Kodo", "Tirs autour de Kodo",
          "Vérifié", "NON CLASSIFIÉ", "n’impliquent ni reconnaissance ni acceptation", "Page"),
    Words("ar", ("9.05000, 21.52000", "9.06000, 21.52500"), True, "إطلاق نار كثيف في سوق تيرينغولو", "سُمعت طلقات قرب تيرينغولو", "رأت الدورية ثلاثة مسلحين.",
          "تهديدات ضد مترجم شفوي", "ستمر قافلتنا من هناك هذا الأسبوع.", "سيخضع سوق السبت للمراقبة.", "طريق تيرينغولو", "طلقات حول تيرينغولو",
          "تم التحقق منه", "غير مصنف", "الحدود", "صفحة"),
]


class Day:
    def __init__(self, people, words: Words):
        self.people, self.words = people, words
        self.step = 0

    def window(self, who: str, **how) -> Page:
        page = self.people.window(who, self.words.language, **how).new_page()
        page.set_default_timeout(PATIENCE)
        return page

    def look(self, page: Page, name: str, scripted=True):
        """Every page that the day passes is accessible, fits its window and reads in its direction; axe itself is a script."""
        if scripted:
            axe(page)
        assert_no_sideways_scroll(page)
        assert page.locator("html").get_attribute("dir") == ("rtl" if self.words.language == "ar" else "ltr")
        self.step += 1
        shot(page, f"day-{self.words.language}-{self.step:02}-{name}")

    def choose(self, page: Page, field: str, name: str):
        """Picks a record in the search box that stands for a field."""
        box = page.locator(f"[data-picker-target='f-{field}']")
        box.fill(name)
        page.get_by_role("option").filter(has_text=name).first.click()
        expect(page.locator(f"[name='{field}']")).not_to_have_value("")

    # MARK: Steps

    def set_rule(self, officer: Page):
        """One grave incident around the place is enough for an alert."""
        officer.goto("/situation/alert-rules/new")
        latitude, longitude = self.words.where[0].split(", ")
        officer.locator("[name=name]").fill(self.words.rule)
        officer.locator("[name=least]").fill("1")
        officer.locator("[name=severity]").select_option("critical")
        officer.locator("[name=place]").fill(f"{latitude}, {longitude}")
        officer.locator("[name=radius]").fill("20")
        self.choose(officer, "officer", "Awa Traoré")
        self.look(officer, "rule")
        officer.locator("main form button.primary").click()
        expect(officer).to_have_url(re.compile(r"/situation/alert-rules/[0-9a-f-]{36}$"))

    def send_patrol(self, officer: Page) -> str:
        """Its leader plans it, another approves it, and it leaves."""
        leader = self.window("rafael", phone=True)
        leader.goto("/situation/patrols/new")
        leader.locator("[name=purpose]").fill(self.words.patrol)
        leader.locator("[name=way]").fill("\n".join(self.words.where))
        leader.locator("[name='check-in-every']").fill("1")
        leader.locator("[name=grace]").fill("0")
        for name, hour in [("planned-start", "06:00"), ("planned-end", "18:00")]:
            leader.locator(f"[name='{name}']").fill(f"2030-01-01T{hour}")
        self.look(leader, "patrol-plan")
        leader.locator("main form button.primary").click()
        expect(leader).to_have_url(re.compile(r"/situation/patrols/PAT-"))
        number = leader.url.rsplit("/", 1)[-1]
        expect(leader.locator("form[action$='/moves/approve'], a[href$='/moves/approve']")).to_have_count(0)
        self.move(officer, f"/situation/patrols/{number}", "approve")
        self.move(leader, f"/situation/patrols/{number}", "start")
        self.look(leader, "patrol-underway")
        return number

    def report(self, page: Page, summary: str, where: str, look: str, scripted=True) -> str:
        page.goto("/situation/report")
        page.locator("[name=category]").select_option("armed-clash")
        page.locator("[name=severity]").select_option("critical")
        page.locator("[name=summary]").fill(summary)
        page.locator("[name=where]").fill(where)
        page.locator("main form button.primary").click()
        expect(page).to_have_url(re.compile(r"/situation/report/INC-"), timeout=PATIENCE)
        self.look(page, look, scripted)
        return page.url.rsplit("/", 1)[-1]

    def move(self, page: Page, address: str, name: str, **fields: str):
        """Makes a move from the record's page, by its form or by the page that asks for more."""
        page.goto(address)
        expect(page.locator(f"main [href$='/moves/{name}'], main form[action$='/moves/{name}'] button, main button[value='{name}']").first).to_be_visible()
        page.locator(f"main [href$='/moves/{name}'], main form[action$='/moves/{name}'] button, main button[value='{name}']").first.click()
        if page.url.endswith(f"/moves/{name}"):
            for field, value in fields.items():
                page.locator(f"[name='{field}']").fill(value)
            page.locator("main form button.primary").click()
        expect(page).to_have_url(re.compile(re.escape(address) + "$"), timeout=PATIENCE)


@pytest.mark.parametrize("words", DAYS, ids=[day.language for day in DAYS])
def test_a_day_in_the_room(people, server, no_problems, tmp_path, words):
    day = Day(people, words)
    room, officer = day.window("awa"), day.window("awa")
    room.goto("/situation/room")
    expect(room.locator("[data-room]")).to_have_attribute("data-total", re.compile(r"\d+"), timeout=PATIENCE)
    day.set_rule(officer)
    patrol = day.send_patrol(officer)

    # A report from a phone: the room sees it, and the rule has fired.
    phone = day.window("lucie", phone=True, javascript=words.scripted)
    number = day.report(phone, words.market, words.where[0], "reported-phone", words.scripted)
    alarm = room.locator("[data-alarm]").filter(has=room.locator(f"a[data-record='{number}']"))
    expect(alarm).to_contain_text(words.market, timeout=PATIENCE)
    alert = room.locator("[data-alarm] a:not([data-record])").filter(has_text=words.rule).first
    expect(alert).to_be_visible(timeout=90_000)
    day.look(room, "room-alarm")
    officer.goto(alert.get_attribute("href"))
    day.look(officer, "alert")
    day.move(officer, officer.url.removeprefix(server.url), "acknowledge")
    expect(officer.locator("main")).to_contain_text("Awa Traoré")

    # It is looked into: a second source, graded, and it is verified.
    alarm.locator("a").click()
    record = room.locator(".record")
    expect(record).to_contain_text(words.market)
    officer.goto(f"/situation/incidents/{number}")
    officer.locator("[data-region=related] a[href*='source-reports/new']").click()
    expect(officer.locator("[name=incident]").first).not_to_have_value("")
    officer.locator("[name=channel]").select_option("patrol")
    officer.locator("[name=said]").fill(words.said)
    officer.locator("[name=reliability]").select_option("b")
    officer.locator("[name=credibility]").select_option("probable")
    day.look(officer, "second-source")
    officer.locator("main form button.primary").click()
    expect(officer).to_have_url(re.compile(r"/situation/source-reports/SRC-"))
    day.move(officer, f"/situation/incidents/{number}", "begin")
    day.move(officer, f"/situation/incidents/{number}", "verify")
    expect(officer.locator("main")).to_contain_text(words.verified)
    expect(officer.locator("main")).to_contain_text("B2")
    day.look(officer, "verified")
    phone.goto("/notices")
    expect(phone.locator("main")).to_contain_text(number)
    day.look(phone, "notice-phone", words.scripted)

    # The same once more, by somebody else: how near and how long ago is said, and the room merges the two.
    second = day.report(day.window("rafael"), words.again, words.where[1], "reported-again")
    room.locator(f".item[data-record='{second}']").click(timeout=PATIENCE)
    expect(record).to_contain_text(words.again)
    near = record.locator("li", has=room.locator(f"a[data-record='{number}']"))
    expect(near).to_contain_text(re.compile("[1١][\u202f\u00a0\\s٬,.]?[2٢]|[1١٬]"))
    day.look(room, "room-duplicate")
    near.locator("button[name=into]").click()
    expect(room).to_have_url(re.compile(rf"/situation/incidents/{number}$"), timeout=PATIENCE)
    officer.goto(f"/situation/incidents/{second}")
    expect(officer.locator("main").get_by_role("link", name=words.market).first).to_be_visible()
    day.look(officer, "merged")
    room.goto("/situation/room")

    # What may not be read is asked for, and opened until a moment.
    secret = restricted(day, officer)
    reader = day.window("eiman")
    assert reader.goto(f"/situation/incidents/{secret}").status == 404
    reader.goto("/situation/restricted")
    reader.locator(f"a[href*='{secret}']").click()
    expect(reader.locator("[name=about]")).to_have_value(secret)
    reader.locator("[name=reason]").fill(words.why)
    reader.locator("[name=hours]").fill("24")
    day.look(reader, "asked")
    reader.locator("main form button.primary").click()
    expect(reader).to_have_url(re.compile(r"/situation/access-requests/ACC-"))
    request = reader.url.removeprefix(server.url)
    officer.goto("/notices")
    officer.locator(f"main a[href*='{request}']").first.click()
    day.look(officer, "asked-for")
    day.move(officer, request, "grant")
    day.look(officer, "granted")
    reader.goto(request)
    expect(reader.locator("main time").first).to_be_visible()
    assert reader.goto(f"/situation/incidents/{secret}").status == 200
    expect(reader.locator("main")).to_contain_text(words.secret)
    day.look(reader, "opened")

    # The patrol is not heard of.
    late = room.locator("[data-alarm] a:not([data-record])").filter(has_text=words.patrol).first
    expect(late.or_(room.locator(".alerts").filter(has_text=words.patrol))).to_be_visible(timeout=LATE)
    day.look(room, "room-late")
    officer.goto("/situation/alerts?view=unacknowledged")
    officer.locator("tr[data-row] a", has_text=words.patrol).first.click()
    expect(officer.locator("main")).to_contain_text(patrol)
    day.move(officer, officer.url.removeprefix(server.url), "acknowledge")
    officer.goto(f"/situation/patrols/{patrol}")
    day.look(officer, "patrol-late")

    release(day, officer, number)
    prove(day, server, officer, number, tmp_path)


def restricted(day: Day, officer: Page) -> str:
    """An incident that only its component reads, and of which others may know."""
    officer.goto("/situation/incidents/new")
    officer.locator("[name=summary]").fill(day.words.secret)
    officer.locator("[name=discoverable]").first.check()
    for choice in officer.locator("[name='releasable-to'][type=checkbox]").all():
        choice.uncheck()
    if officer.locator("select[name='releasable-to']").count():
        officer.locator("select[name='releasable-to']").select_option([])
    day.look(officer, "restricted-form")
    officer.locator("main form button.primary").click()
    expect(officer).to_have_url(re.compile(r"/situation/incidents/INC-"))
    number = officer.url.rsplit("/", 1)[-1]
    day.move(officer, f"/situation/incidents/{number}", "report")
    return number


def release(day: Day, officer: Page, number: str):
    """A SITREP, drawn from the day, released by a second person, and read on paper."""
    words = day.words
    officer.goto("/situation/reporting")
    officer.locator("main form [name=kind][value=sitrep]").or_(officer.locator("main form select[name=kind]")).first.wait_for(state="attached")
    if officer.locator("select[name=kind]").count():
        officer.locator("select[name=kind]").select_option("sitrep")
    else:
        officer.locator("[name=kind][value=sitrep]").check()
    officer.locator("main form.form button.primary").click()
    expect(officer).to_have_url(re.compile(r"/situation/product/PRD-[0-9-]+/assemble"))
    reference = re.search(r"PRD-[0-9]+-[0-9]+", officer.url)[0]
    expect(officer.locator("main")).to_contain_text(words.market)
    expect(officer.locator("main")).not_to_contain_text(words.again)
    expect(officer.locator("main")).not_to_contain_text(words.secret)
    for empty in officer.locator(".card:has(details[open]) [name=text]").all():
        empty.fill(words.outlook)
        empty.locator("xpath=ancestor::form").locator("button[value=save]").click()
        expect(officer).to_have_url(re.compile("#part-"))
    officer.locator("[name=person]").fill("Rafael Soto")
    officer.locator("button[value=send-to]").click()
    expect(officer.locator("#recipients")).to_contain_text("Rafael Soto")
    day.look(officer, "sitrep-assemble")
    officer.locator("form[action$='/moves/submit'] button").click()
    expect(officer.locator("form[action$='/moves/release']")).to_have_count(0)

    chief = day.window("vera")
    chief.goto(f"/situation/product/{reference}/preview")
    chief.get_by_role("link", name="Rafael Soto").click()
    day.look(chief, "sitrep-preview")
    day.move(chief, f"/situation/products/{reference}", "release")
    chief.goto(f"/situation/product/{reference}")
    title = chief.locator("h1 bdi").inner_text()
    day.look(chief, "sitrep-released")

    reader = day.window("rafael")
    reader.goto(f"/situation/product/{reference}")
    expect(reader.locator("main")).to_contain_text(words.outlook)
    with reader.expect_download() as saving:
        reader.locator(f"a[href$='{reference}/document']").click()
    document = PdfReader(io.BytesIO(saving.value.path().read_bytes()))
    assert document.trailer["/Root"]["/Lang"] == words.language and document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(page.extract_text() for page in document.pages)
    # Word by word: lines of Arabic come out in pieces.
    for expected in (title, reference, words.marked, words.market, words.outlook, words.disclaimer, words.page):
        missing = [word for word in re.findall(r"[^\W\d_]+", expected) if word not in text]
        assert not missing, (expected, missing, text)
    assert not all(word in text for word in words.secret.split())


def prove(day: Day, server, officer: Page, number: str, tmp_path):
    """The history names its entries in the ledger; one proof holds without the server, and so does the whole."""
    officer.goto(f"/situation/incidents/{number}/history")
    link = officer.locator("a[href^='/ledger/proof/']").last
    expect(link).to_be_visible()
    officer.locator("#offline summary").click()
    day.look(officer, "history")
    with officer.expect_download() as saving:
        link.click()
    proof = tmp_path / "entry.tlog-proof"
    saving.value.save_as(proof)
    key = re.search(r'--key "([^"]+)"', officer.locator("#offline code").inner_text())[1]
    assert key == officer.request.get("/ledger/key").text().strip()

    def verify(*arguments):
        return subprocess.run([BINARY, "verify", *map(str, arguments), "--json"], capture_output=True, text=True, timeout=300)

    done = verify("--proof", proof, "--key", key)
    assert done.returncode == 0 and json.loads(done.stdout)["good"], done.stdout + done.stderr
    text = proof.read_text()
    extra = text.split("extra ", 1)[1].split("\n", 1)[0]
    proof.write_text(text.replace(extra, ("A" if extra[0] != "A" else "B") + extra[1:]))
    forged = verify("--proof", proof, "--key", key)
    assert forged.returncode == 1 and not json.loads(forged.stdout)["good"]
    whole = verify("--data", server.data)
    assert whole.returncode == 0 and json.loads(whole.stdout)["good"], whole.stdout + whole.stderr
