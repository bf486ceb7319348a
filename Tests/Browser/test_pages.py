"""Every kind of page, in three scripts, in light and dark: accessible, free of errors, and asking nothing of another host."""

import re

import pytest
from playwright.sync_api import Page, expect

from conftest import assert_no_sideways_scroll, axe, shot

# name: (whose page, path); `record` goes on from the path to the first record listed there.
PAGES = {
    "sign-in": (None, "/sign-in"),
    "today": ("lucie", "/today"),
    "portal": ("lucie", "/service-desk/portal"),
    "list": ("joseph", "/service-desk/requests"),
    "new": ("joseph", "/service-desk/requests/new"),
    "record": ("joseph", "/service-desk/requests"),
    "desk": ("joseph", "/service-desk/desk"),
    "plan": ("joseph", "/plan"),
    "people": ("joseph", "/directory/people"),
    "search": ("joseph", "/search?q=laptop"),
    "api": ("joseph", "/api"),
}
DIRECTION = {"ar": "rtl", "en": "ltr", "zh": "ltr"}


def open_kind(page: Page, kind: str):
    answer = page.goto(PAGES[kind][1])
    assert answer.status == 200, f"{answer.url} answers {answer.status}"
    if kind == "record":
        page.locator("main tbody a[href^='/service-desk/requests/REQ']").first.click()
        page.wait_for_url(re.compile(r"/service-desk/requests/[^/?]+$"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", DIRECTION)
@pytest.mark.parametrize("kind", PAGES)
def test_page(page_as, kind, language, dark):
    page = page_as(PAGES[kind][0], language=language, dark=dark)
    open_kind(page, kind)
    shot(page, f"{kind}-{language}-{'dark' if dark else 'light'}")

    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
    expect(page.locator("html")).to_have_attribute("dir", DIRECTION[language])
    axe(page)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", PAGES)
def test_page_on_a_phone(page_as, kind, language):
    page = page_as(PAGES[kind][0], language=language, phone=True)
    open_kind(page, kind)
    shot(page, f"{kind}-{language}-phone")

    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("kind", PAGES)
def test_page_weighs_at_most_50_kB(page_as, kind):
    page = page_as(PAGES[kind][0])
    open_kind(page, kind)

    weight = len(page.context.request.get(page.url).body())
    assert weight <= 50_000, f"{page.url} is {weight} bytes of HTML"
