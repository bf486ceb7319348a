"""A duty officer builds a dashboard with a map and a cross table, and shares it with somebody who may read fewer incidents."""

import re

from playwright.sync_api import expect

from conftest import axe, shot


def total(page) -> int:
    """The n of the first figure on the page."""
    text = page.locator(".answer footer").first.inner_text()
    found = re.search(r"n = ([\d,  ]+)", text)
    return int(re.sub(r"\D", "", found.group(1))) if found else 0


def drawn(page, number: int):
    expect(page.locator("[data-drawn=yes]")).to_have_count(number, timeout=20_000)


def test_a_dashboard_is_built_without_training_and_each_reader_sees_their_own(people, no_problems):
    awa = people.window("awa").new_page()
    awa.goto("/analytics/catalogue?q=incident")
    awa.get_by_role("link", name="Ask about “Incidents”").first.click()
    expect(awa.get_by_role("heading", level=1)).to_have_text("Ask the data")

    # A cross table: by kind and by severity.
    awa.get_by_label("By", exact=False).first.select_option("kind")
    awa.get_by_label("And by", exact=False).select_option("severity")
    awa.get_by_role("button", name="Ask", exact=True).click()
    awa.get_by_label("Shown as", exact=False).select_option("pivot")
    awa.get_by_role("button", name="Ask", exact=True).click()
    expect(awa.locator("table[data-answer=cross]")).to_be_visible()
    mine = total(awa)
    assert mine > 0
    axe(awa)
    shot(awa, "analytics-question-en")

    # The figure explains itself, down to the statement.
    awa.locator(".answer a.why").first.click()
    expect(awa.locator("#working")).to_contain_text("SELECT")
    shot(awa, "analytics-working-en")
    awa.keyboard.press("Escape")

    awa.get_by_label("Name", exact=False).last.fill("Incidents this year")
    awa.get_by_label("Where", exact=False).select_option("new")
    awa.get_by_role("button", name="Keep", exact=True).click()
    expect(awa).to_have_url(re.compile(r"/analytics/dashboard/DSH-"))
    address = awa.url

    # A map: by squares.
    awa.get_by_role("link", name="Add a figure").click()
    awa.get_by_label("Measure or records").select_option("data:situation.incident")
    awa.get_by_role("button", name="Choose").click()
    awa.get_by_label("By", exact=False).first.select_option("area.8")
    awa.get_by_role("button", name="Ask", exact=True).click()
    drawn(awa, 1)
    shot(awa, "analytics-map-en")
    awa.get_by_role("button", name="Keep", exact=True).click()
    expect(awa).to_have_url(address)
    drawn(awa, 1)
    axe(awa)
    shot(awa, "analytics-dashboard-en")

    awa.get_by_label("Share with", exact=False).fill("lucie")
    awa.get_by_role("button", name="Share", exact=True).click()
    expect(awa.locator("main")).to_contain_text("Lucie Amrein")

    # Lucie opens the same dashboard: what is counted for her is what she may list, and no more.
    lucie = people.window("lucie", language="fr").new_page()
    lucie.goto("/" + address.split("/", 3)[-1])
    shot(lucie, "analytics-dashboard-fr")
    assert total(lucie) < mine
    axe(lucie)
    stranger = people.window("meilin").new_page()
    assert stranger.goto("/" + address.split("/", 3)[-1]).status == 404


def test_the_demonstration_draws_every_form_in_both_directions_and_colours(people, no_problems):
    sofia = people.window("sofia").new_page()
    sofia.goto("/analytics/dashboards?view=certified")
    sofia.locator("table a", has_text="Service performance").first.click()
    sofia.get_by_role("link", name="Open", exact=True).first.click()
    drawn(sofia, 4)
    axe(sofia)
    shot(sofia, "analytics-service-en")

    eiman = people.window("eiman", language="ar", dark=True).new_page()
    eiman.goto("/" + sofia.url.split("/", 3)[-1])
    drawn(eiman, 4)
    axe(eiman)
    shot(eiman, "analytics-service-ar-dark")

    # Without the script the table stands open.
    plain = people.window("sofia", javascript=False).new_page()
    plain.goto("/" + sofia.url.split("/", 3)[-1])
    expect(plain.locator("details.chart-data[open] table").first).to_be_visible()
    shot(plain, "analytics-service-plain")
