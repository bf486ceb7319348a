"""Reporting where the link comes and goes: the form opens without it, what is sent waits on the device, goes once, and leaves with the one who signs out."""

import gzip
import re

from playwright.sync_api import expect

from conftest import axe, shot

OUTBOX = "#outbox li"


def ready(page):
    """The page is kept: the worker is there and has put it away."""
    page.goto("/situation/report")
    for _ in range(100):
        if page.evaluate("async () => !!(await caches.match('/situation/report'))"):
            break
        page.wait_for_timeout(100)
    page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")


def write(page, text):
    page.locator("[name=category]").select_option("armed-clash")
    page.locator("[name=summary]").fill(text)
    page.locator("main form button.primary").click()


def mine(page, text):
    page.goto("/situation/incidents?all=1&sort=-occurred")
    return page.locator("main").get_by_text(text, exact=False)


def test_a_report_written_without_a_link_waits_survives_and_is_sent_once(people):
    context = people.window("lucie", language="fr", phone=True)
    page = context.new_page()
    ready(page)
    context.set_offline(True)

    # The page opens, and what is sent waits; the form is free for the next.
    page.goto("/situation/report")
    write(page, "Tirs entendus au pont, hors ligne")
    expect(page.locator(OUTBOX)).to_have_attribute("data-state", "queued")
    expect(page.locator("[name=summary]")).to_have_value("")
    axe(page)
    shot(page, "offline-waiting-fr-phone")

    # It is not readable where it lies, and it is there in a new window.
    kept = page.evaluate("""async () => { const base = await new Promise(done => { const open = indexedDB.open('mandate-outbox'); open.onsuccess = () => done(open.result); });
        const all = await new Promise(done => { const asked = base.transaction('entries').objectStore('entries').getAll(); asked.onsuccess = () => done(asked.result); });
        return all.map(entry => new TextDecoder().decode(entry.sealed.bytes)).join() + JSON.stringify(all); }""")
    assert "Tirs entendus" not in kept
    page.close()
    page = context.new_page()
    page.goto("/situation/report")
    expect(page.locator(OUTBOX)).to_have_attribute("data-state", "queued")

    # The link is back: it goes by itself, and has its number.
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(OUTBOX)).to_have_attribute("data-state", "accepted")
    expect(page.locator(f"{OUTBOX} a")).to_have_text(re.compile("INC-"))
    shot(page, "offline-sent-fr-phone")
    page.goto("/situation/incidents?all=1")
    assert page.locator("main").inner_text().count("Tirs entendus au pont, hors ligne") == 1
    context.close()


def test_ten_sendings_of_one_report_are_one_record(people, no_problems):
    context = people.window("lucie", language="en")
    page = context.new_page()
    page.goto("/situation/report")
    places = page.evaluate("""async () => {
        const form = new FormData(document.querySelector('form[data-outbox]'));
        form.set('category', 'robbery'); form.set('summary', 'Ten times the same');
        const answers = []; for (let i = 0; i < 10; i++) answers.push((await fetch('/situation/report', { method: 'POST', body: form })).url);
        return answers; }""")
    assert len(set(places)) == 1 and "INC-" in places[0]
    # The same page with something else in it is another report.
    other = page.evaluate("""async () => {
        const form = new FormData(document.querySelector('form[data-outbox]'));
        form.set('category', 'robbery'); form.set('summary', 'Something else'); return (await fetch('/situation/report', { method: 'POST', body: form })).url; }""")
    assert other not in places
    context.close()


def test_with_a_link_it_is_as_without_the_script_and_what_is_refused_is_said_at_its_field(people, no_problems):
    context = people.window("lucie", language="ar")
    page = context.new_page()
    ready(page)
    page.locator("[name=where]").fill("بجانب السوق")
    write(page, "إطلاق نار")
    expect(page.locator("#e-where")).to_be_visible()
    expect(page.locator("[name=summary]")).to_have_value("إطلاق نار")
    expect(page.locator("#outbox")).to_be_hidden()
    shot(page, "offline-refused-at-field-ar")
    page.locator("[name=where]").fill("34N BK 29184 86098")
    page.locator("main form button.primary").click()
    expect(page).to_have_url(re.compile(r"/situation/report/INC-"))
    context.close()


def test_what_was_refused_while_nobody_looked_is_kept_with_the_reason_and_can_be_changed(people):
    context = people.window("lucie", language="en")
    page = context.new_page()
    ready(page)
    context.set_offline(True)
    page.locator("[name=where]").fill("beside the market")
    write(page, "A fire at the depot")
    expect(page.locator(OUTBOX)).to_have_attribute("data-state", "queued")
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(OUTBOX)).to_have_attribute("data-state", "refused")
    expect(page.locator("#outbox")).to_contain_text("cannot be read as coordinates")
    axe(page)
    shot(page, "offline-refused-en")
    page.locator("#outbox").get_by_role("button", name="Change it").click()
    expect(page.locator("[name=summary]")).to_have_value("A fire at the depot")
    expect(page.locator("#outbox")).to_be_hidden()
    context.close()


def test_nothing_of_it_is_kept_after_signing_out(people):
    context = people.browser.new_context(base_url=people.server.url)
    page = context.new_page()
    page.goto("/sign-in")
    page.locator("button[name=persona][value='lucie']").click()
    page.wait_for_url(re.compile(r"^(?!.*/sign-in)"))
    ready(page)
    context.set_offline(True)
    write(page, "Never sent")
    expect(page.locator(OUTBOX)).to_have_attribute("data-state", "queued")
    page.route("**/situation/report", lambda route: route.abort())
    context.set_offline(False)

    # It is asked first; then everything goes.
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.evaluate("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    expect(page.locator("body[data-signed-out]")).to_be_attached()
    assert len(asked) == 1
    page.wait_for_function("async () => !(await caches.keys()).length && !(await indexedDB.databases()).length && !(await navigator.serviceWorker.getRegistrations()).length")
    context.close()


def test_the_page_is_small_enough_for_a_bad_link(people, no_problems):
    context = people.window("lucie", language="ru")
    answer = context.request.get("/situation/report")
    size = len(gzip.compress(answer.body(), 6))
    assert size <= 30_000, f"{size} bytes"
    for language in ["ar", "en", "es", "fr", "ru", "zh"]:
        page = people.window("lucie", language=language, javascript=False).new_page()
        page.goto("/situation/report")
        assert "⟦" not in page.content()
        expect(page.locator("#outbox")).to_be_hidden()
        page.context.close()
    context.close()
