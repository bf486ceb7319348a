"""An incident from a phone without JavaScript to its verification, in Arabic and French."""

import re

from playwright.sync_api import expect

from conftest import axe, shot


def test_a_report_from_a_phone_is_merged_and_verified(people, no_problems):
    phone = people.window("lucie", language="ar", phone=True, javascript=False).new_page()
    phone.goto("/situation/report")
    phone.locator("[name=category]").select_option("armed-clash")
    phone.locator("[name=summary]").fill("إطلاق نار قرب السوق")
    phone.locator("[name=where]").fill("بجانب السوق")
    phone.locator("main form button.primary").click()

    # What cannot be read as a place is said at the field, and what was typed is kept.
    expect(phone.locator("#e-where")).to_be_visible()
    expect(phone.locator("[name=summary]")).to_have_value("إطلاق نار قرب السوق")
    shot(phone, "situation-report-refused-ar-phone")
    phone.locator("[name=where]").fill("34N BK 29184 86098")
    phone.locator("main form button.primary").click()
    expect(phone).to_have_url(re.compile(r"/situation/report/INC-"))
    shot(phone, "situation-report-sent-ar-phone")
    number = phone.url.rsplit("/", 1)[-1]

    # A second report of the same: whoever may merge is offered the first.
    officer = people.window("awa", language="fr").new_page()
    officer.goto("/situation/report")
    officer.locator("[name=category]").select_option("shelling")
    officer.locator("[name=summary]").fill("Tirs entendus au marché")
    officer.locator("[name=where]").fill("4°23′40″N 18°33′36″E")
    officer.locator("main form button.primary").click()
    expect(officer).to_have_url(re.compile(r"/situation/report/INC-"))
    axe(officer)
    shot(officer, "situation-same-fr")
    officer.locator(f"button[name=into][value='{number}']").click()
    expect(officer).to_have_url(re.compile(rf"/situation/incidents/{number}$"))

    # Two sources: it can be verified, and the grade says why.
    officer.get_by_role("button", name="Commencer la vérification").or_(officer.get_by_role("link", name="Commencer la vérification")).first.click()
    verify = officer.get_by_role("button", name="Déclarer vérifié").or_(officer.get_by_role("link", name="Déclarer vérifié")).first
    expect(verify).to_be_visible()
    verify.click()
    expect(officer.locator("main")).to_contain_text("Vérifié")
    axe(officer)
    shot(officer, "situation-verified-fr")
    officer.goto(f"/situation/incidents/{number}/working?of=field:confidence")
    expect(officer.locator("main")).to_contain_text("F6")

    # She who reported is told, and those whose it is not do not know of it.
    phone.goto("/notices")
    expect(phone.locator("main")).to_contain_text(number)
    stranger = people.window("meilin").new_page()
    assert stranger.goto(f"/situation/incidents/{number}").status == 404
