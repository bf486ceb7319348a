"""Files of incidents through the import page, without JavaScript and by keyboard; warnings in and out as CAP, with two persons."""

import re

from playwright.sync_api import expect

from conftest import axe, shot

TABLE = """id,date,category,notes,place_name,latitude,longitude,fatalities_best
B-1,2026-03-01,Looting,Two shops were emptied.,Kodo,5.1,20.4,0
B-2,2026-03-02T06:00Z,Battles,They fought.,Sabo,5.77,20.65,4
B-3,2026-03-03,Looting,Nowhere on earth.,Kodo,95,20.4,0
"""

ALERT = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>BROWSER-1</identifier><sender>met@elsewhere.example</sender><sent>2026-01-01T07:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<info><language>fr</language><category>Met</category><event>Crue</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty><expires>2031-01-01T00:00:00-00:00</expires><headline>La rivière déborde</headline>
<area><areaDesc>Kodo</areaDesc><circle>4.4,18.5 5</circle></area></info></alert>"""


def bring(page, text, name="events.csv", provider="Browser"):
    page.goto("/situation/exchange/import")
    page.locator("#f-file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    page.locator("[name=provider]").fill(provider)
    page.locator("[name=zone]").fill("Africa/Bangui")
    page.locator("main form button.primary").click()


def test_a_table_is_looked_at_mapped_and_brought_in_without_javascript(people, no_problems):
    page = people.window("awa", language="fr", javascript=False).new_page()
    bring(page, TABLE)
    expect(page).to_have_url(re.compile(r"/exchange/import/BAT-"))
    expect(page.locator("#faults")).to_be_visible()
    shot(page, "import-preview-fr")

    # One of the file's categories becomes another of ours; the preview follows.
    page.locator("select[name='category:Battles']").select_option("shelling")
    page.locator("button[name=act][value=apply]").click()
    expect(page.locator("select[name='category:Battles']")).to_have_value("shelling")

    # A row that cannot be taken is left out only when that is said.
    page.locator("button[name=act][value=import]").click()
    expect(page.locator("[role=alert]").first).to_be_visible()
    page.locator("[name=leave-out]").check()
    page.locator("button[name=act][value=import]").click()
    expect(page.locator(".notice.is-good")).to_be_visible()
    shot(page, "import-done-fr")
    page.locator("main a.btn.primary").click()
    expect(page.locator("main tbody tr")).to_have_count(2)

    # Again: there is nothing to bring in.
    bring(page, TABLE, provider="BROWSER")
    expect(page.locator("button[name=act][value=import]")).to_have_count(0)
    page.context.close()


def test_the_import_page_in_six_languages_and_by_keyboard(people, no_problems):
    for language in ["ar", "en", "es", "fr", "ru", "zh"]:
        page = people.window("awa", language=language, dark=language == "ar", phone=language == "zh").new_page()
        bring(page, TABLE, provider=f"Six {language}")
        expect(page).to_have_url(re.compile(r"/exchange/import/BAT-"))
        assert "⟦" not in page.content()
        axe(page)
        shot(page, f"import-preview-{language}")
        page.locator("[name=leave-out]").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".notice.is-good")).to_be_visible()
        page.context.close()


def test_what_is_no_file_of_incidents_is_said_at_the_field(people, no_problems):
    page = people.window("awa", language="es").new_page()
    bring(page, "PK\x03\x04 packed", provider="Nadie")
    expect(page.locator("#e-file")).to_be_visible()
    expect(page.locator("[name=provider]")).to_have_value("Nadie")
    axe(page)
    shot(page, "import-refused-es")
    page.context.close()


def test_a_warning_is_received_and_one_of_ours_needs_a_second_person(people, no_problems):
    page = people.window("awa", language="ar").new_page()
    page.goto("/situation/receive-warning")
    axe(page)
    page.locator("#f-file").set_input_files({"name": "a.xml", "mimeType": "text/xml", "buffer": ALERT.replace("BROWSER-1", "BROWSER 1").encode()})
    page.locator("main form button.primary").click()
    expect(page.locator("[role=alert]").first).to_contain_text("BROWSER 1")
    shot(page, "warning-refused-ar")
    page.locator("#f-file").set_input_files({"name": "a.xml", "mimeType": "text/xml", "buffer": ALERT.encode()})
    page.locator("main form button.primary").click()
    expect(page).to_have_url(re.compile(r"/situation/warnings/WRN-"))
    axe(page)
    shot(page, "warning-received-ar")

    page.goto("/situation/warnings/new")
    axe(page)
    page.locator("[name='headline.en']").fill("Avoid the ferry")
    page.locator("[name='headline.fr']").fill("Évitez le bac")
    page.locator("[name='area-name']").fill("Kodo")
    page.context.close()

    approver = people.window("vera", language="ru").new_page()
    approver.goto("/situation/warnings?view=to-approve")
    axe(approver)
    shot(approver, "warnings-to-approve-ru")
    approver.locator("main a.plain, main td a").first.click()
    approver.get_by_role("button", name="Утвердить и выпустить").or_(approver.get_by_role("link", name="Утвердить и выпустить")).first.click()
    expect(approver.locator("main")).to_contain_text("Выпущено")
    shot(approver, "warning-approved-ru")
    feed = approver.context.request.get("/situation/cap")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    approver.context.close()
