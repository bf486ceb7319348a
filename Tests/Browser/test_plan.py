"""The plan: every work screen in light and on a phone, in English, French and Arabic, with axe, and what an officer does there."""

import re

import pytest
from playwright.sync_api import expect

from conftest import assert_no_sideways_scroll, axe, shot

PAGES = {
    "overview": "/plan/overview",
    "checks": "/plan/checks",
    "recosting": "/plan/recosting",
    "recosting-why": "/plan/recosting?why=subprogramme-3,exchange",
    "text": "/plan/text?show=subprogramme-2",
    "text-numbers": "/plan/text?show=numbers",
    "text-69": "/plan/text?paragraph=29C.69",
    "what-if": "/plan/what-if?rate-CHF=0.9&vacancy-professional=12.5&posts=3&grade=p-3&from=subprogramme-1&to=subprogramme-3&station=BKK",
    "what-if-why": "/plan/what-if?posts=3&grade=p-3&from=subprogramme-1&to=subprogramme-3&why=total,difference",
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_plan_break_no_rule(people, page_as, name):
    for language, how in [("en", {}), ("fr", {"phone": True}), ("ar", {"dark": True})]:
        page = page_as("meilin", language=language, **how)
        answer = page.goto(PAGES[name])
        assert answer.status == 200, page.url
        axe(page)
        assert_no_sideways_scroll(page)
        shot(page, f"plan-{name}-{language}")


def test_a_failing_relation_is_let_stand_with_a_reason_without_javascript(people, no_problems):
    page = people.window("meilin", javascript=False).new_page()
    page.goto("/plan/checks")
    row = page.locator("tr", has=page.get_by_text("14.row.subtotal_programme_of_work.pct"))
    row.get_by_role("link", name="Let it stand, with a reason").click()
    page.locator("[name=reason]").fill("Printed with the rate of the table before its last edition.")
    page.locator("[name=until]").fill("2099-12-31")
    page.get_by_role("button", name="Create").click()
    expect(page).to_have_url(re.compile(r"/plan/waivers/(?!new)"))
    page.goto("/plan/checks?show=waived")
    expect(page.locator("main table")).to_contain_text("Printed with the rate of the table before its last edition.")


def test_what_is_typed_stays_when_it_cannot_be_a_number(people, no_problems):
    page = people.window("lucie", language="fr", javascript=False).new_page()
    page.goto("/plan/what-if")
    page.locator("[name=rate-CHF]").fill("beaucoup")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("[name=rate-CHF]")).to_have_value("beaucoup")
    expect(page.locator("main [role=alert]")).to_be_visible()
    page.locator("[name=rate-CHF]").fill("0,9")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("main table")).to_be_visible()
