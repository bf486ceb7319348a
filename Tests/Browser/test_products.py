"""A report from its draft to its release by a second person, its reader, and the PDF, in French and Arabic and without JavaScript."""

import base64
import io
import re
import urllib.request

from playwright.sync_api import expect
from pypdf import PdfReader

from conftest import axe, shot


def pdf(page, address):
    answer = page.request.get(address)
    assert answer.status == 200 and answer.headers["content-type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.body()))


def test_a_report_is_drafted_released_by_another_and_read(people, server, no_problems):
    drafter = people.window("awa", language="fr", javascript=False).new_page()
    drafter.goto("/situation/reporting")
    shot(drafter, "reporting-fr")
    drafter.locator("main form [name=kind]").get_by_text("Rapport hebdomadaire").or_(drafter.locator("main form input[name=kind][value=weekly]")).first.check()
    drafter.locator("main form button.primary").click()
    expect(drafter).to_have_url(re.compile(r"/situation/product/PRD-[0-9-]+/assemble"))
    reference = re.search(r"PRD-[0-9]+-[0-9]+", drafter.url)[0]

    # The outlook is written by hand; what is empty is not submitted.
    drafter.get_by_role("button", name="Soumettre pour diffusion").click()
    expect(drafter.locator("main")).to_contain_text("n’a pas encore de texte")
    drafter.goto(f"/situation/product/{reference}/assemble")
    outlook = drafter.locator(".card", has_text="Perspectives pour les prochains jours")
    outlook.locator("textarea").fill("Le marché du samedi sera surveillé.")
    outlook.get_by_role("button", name="Enregistrer").click()
    expect(drafter).to_have_url(re.compile(r"#part-"))

    # Order by buttons, from the keyboard.
    incidents = drafter.locator("section", has=drafter.get_by_role("heading", name="Incidents de sécurité", exact=True)).locator(".card h3")
    if incidents.count() > 1:
        second = incidents.nth(1).inner_text()
        drafter.locator("section", has=drafter.get_by_role("heading", name="Incidents de sécurité", exact=True)).locator("button[value=up]").nth(1).press("Enter")
        expect(incidents.nth(0)).to_have_text(second)

    drafter.locator("[name=person]").fill("Rafael Soto")
    drafter.locator("button[value=send-to]").click()
    expect(drafter.locator("#recipients")).to_contain_text("Rafael Soto")
    shot(drafter, "product-assemble-fr")
    drafter.get_by_role("button", name="Soumettre pour diffusion").click()

    desk = people.window("awa", language="ar").new_page()
    desk.goto("/situation/reporting")
    axe(desk)
    shot(desk, "reporting-ar")
    desk.locator("main a[href$='/assemble']").first.click()
    axe(desk)
    shot(desk, "product-assemble-ar")

    # Who drafted it cannot release it; the releasing officer looks at it as its reader first.
    officer = people.window("vera", language="ar").new_page()
    officer.goto(f"/situation/product/{reference}/preview")
    officer.get_by_role("link", name="Rafael Soto").click()
    axe(officer)
    shot(officer, "product-preview-ar")
    officer.goto(f"/situation/products/{reference}")
    officer.get_by_role("button", name="إصدار").first.click()
    expect(officer.locator("main")).to_contain_text("صادر")
    officer.goto(f"/situation/product/{reference}")
    axe(officer)
    shot(officer, "product-read-ar")

    reader = people.window("rafael", language="es", phone=True, javascript=False).new_page()
    reader.goto("/notices")
    expect(reader.locator("main")).to_contain_text(reference)
    reader.goto(f"/situation/product/{reference}")
    expect(reader.locator("main")).to_contain_text("Le marché du samedi sera surveillé.")
    shot(reader, "product-read-es-phone")
    stranger = people.window("meilin").new_page()
    assert stranger.goto(f"/situation/product/{reference}").status == 404
    assert stranger.request.get(f"/situation/product/{reference}/document").status == 404

    # The PDF: tagged, with its language, its text in reading order, page numbers and mark on every page.
    document = pdf(officer, f"/situation/product/{reference}/document")
    root = document.trailer["/Root"]
    assert root["/Lang"] == "ar" and root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    text = "\n".join(page.extract_text() for page in document.pages)
    assert "الحوادث الأمنية" in text and reference in text and "غير مصنف" in text and "Le marché du samedi" in text
    for page in document.pages:
        assert "صفحة" in page.extract_text()

    # A feed reader brings a personal token as its password.
    officer.goto("/account/tokens")
    officer.locator("[name=name]").fill("feed")
    officer.locator("main form button.primary, main form button.btn").first.click()
    token = re.search(r"mdt_[0-9a-f]+_[0-9a-f]+", officer.content())[0]
    ask = urllib.request.Request(server.url + "/situation/feed/products.atom", headers={"Authorization": "Basic " + base64.b64encode(f"feed:{token}".encode()).decode()})
    with urllib.request.urlopen(ask) as answer:
        feed = answer.read().decode()
        assert answer.headers["content-type"].startswith("application/atom+xml") and f"/situation/product/{reference}" in feed
