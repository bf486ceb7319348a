"""The way of a patrol with a device's track, coverage by sector, and an incident that was two; in French, Arabic, Russian and others."""

import re

from playwright.sync_api import expect

from conftest import assert_no_sideways_scroll, axe, shot


def test_a_track_of_a_device_is_brought_in_without_javascript_and_given_out_again(people, no_problems):
    page = people.window("awa", language="fr", javascript=False).new_page()
    page.goto("/situation/patrols?view=all")
    page.locator("tr[data-row] a.plain", has_text="Bossangoa").first.click()
    page.get_by_role("link", name="Itinéraire et trace").click()
    number = page.url.rsplit("/", 1)[-1]
    expect(page.locator("h1")).to_have_text("Itinéraire et trace")
    file = page.request.get(f"/situation/way/{number}/file/track.gpx")
    assert file.status == 200 and b"<trkpt" in file.body()

    # The same track again: nothing of it is new, and that is said before anything is done.
    page.locator("input[type=file]").set_input_files({"name": "day.gpx", "mimeType": "application/gpx+xml", "buffer": file.body()})
    page.locator("main form button.primary").click()
    expect(page.locator("main")).to_contain_text("Tous les points du fichier sont déjà là.")
    page.locator("button[value=discard]").click()
    expect(page).to_have_url(re.compile(rf"/situation/way/{number}$"))


def test_the_way_planned_and_gone_is_on_one_map_and_each_length_has_its_working(people, no_problems):
    page = people.window("awa", language="ar").new_page()
    page.goto("/situation/patrols?view=all")
    page.locator("tr[data-row] a.plain", has_text="Bossangoa").first.click()
    page.get_by_role("link", name="المسار والأثر").click()
    expect(page.locator(".map canvas").first).to_be_visible()
    axe(page)
    assert_no_sideways_scroll(page)
    shot(page, "patrol-way-ar")
    phone = people.window("awa", language="ru", phone=True).new_page()
    phone.goto(page.url)
    axe(phone)
    assert_no_sideways_scroll(phone)
    shot(phone, "patrol-way-ru-phone")


def test_coverage_tells_by_keyboard_how_it_came_about(people, no_problems):
    page = people.window("awa", language="en").new_page()
    page.goto("/situation/figures")
    page.get_by_role("link", name="Patrols", exact=True).and_(page.locator(".tabs a")).click()
    expect(page.locator(".measure").first).to_contain_text("of")
    axe(page)
    shot(page, "coverage-en")
    page.locator(".measure a.why").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".working")).to_contain_text("0.05°")
    axe(page)
    page.keyboard.press("Escape")
    expect(page.locator(".working")).to_have_count(0)
    phone = people.window("awa", language="zh", phone=True).new_page()
    phone.goto("/situation/figures/patrols?days=90&idle=7")
    phone.set_viewport_size({"width": 390, "height": phone.evaluate("document.documentElement.scrollHeight")})
    axe(phone)
    assert_no_sideways_scroll(phone)
    shot(phone, "coverage-zh-phone")
    assert people.window("meilin").new_page().goto("/situation/figures/patrols").status == 404


def test_an_incident_that_was_two_is_split_without_javascript(people, no_problems):
    page = people.window("awa", language="es", javascript=False).new_page()
    page.goto("/situation/incidents?view=to-verify")
    links = [link.get_attribute("href") for link in page.locator("tr[data-row] a.plain").all()]
    for href in links:
        page.goto("/situation/split/" + href.rsplit("/", 1)[-1])
        if page.locator("[name=report]").count() > 1:
            break
    page.locator("[name=summary]").fill("Saqueo de una tienda")
    page.locator("main form button.primary").click()
    expect(page.locator("#e-report")).to_be_visible()
    shot(page, "split-refused-es")
    page.locator("[name=report]").first.check()
    page.locator("main form button.primary").click()
    expect(page).to_have_url(re.compile(r"/situation/incidents/INC-\d{4}-\d{6}$"))
    expect(page.locator("main")).to_contain_text("Saqueo de una tienda")
    with_script = people.window("awa", language="es").new_page()
    with_script.goto(page.url.replace("/incidents/", "/split/"))
    axe(with_script)


def test_from_an_incident_to_what_it_answers_and_to_a_warning(people, no_problems):
    page = people.window("awa", language="fr").new_page()
    page.goto("/situation/incidents?view=verified")
    page.locator("tr[data-row] a.plain").first.click()
    title = page.locator("h1").inner_text()
    incident = page.url
    page.get_by_role("link", name="Ce à quoi il répond").click()
    expect(page.locator("h1")).to_have_text("Ce à quoi il répond")
    axe(page)
    shot(page, "incident-answers-fr")
    page.goto(incident)
    page.get_by_role("link", name="Diffuser une alerte").click()
    expect(page.locator("[name='headline.fr']")).to_have_value(title[:160])
    axe(page)
    shot(page, "incident-warning-fr")
