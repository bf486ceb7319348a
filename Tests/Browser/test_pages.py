"""Every kind of page, in three scripts: accessible in light and dark, no wider than a phone, light enough for a bad link, free of errors."""

import re

import pytest
from playwright.sync_api import Page, expect

from conftest import COLOUR_RULES, assert_no_sideways_scroll, axe, shot

REQUESTS = "/service-desk/requests"

# name: (whose page, path). `{request}` stands for a request that is at work, `{own}` for one of Lucie's, `{article}` and so on for what a list
# leads to first.
PAGES = {
    "sign-in": (None, "/sign-in"),
    "today": ("lucie", "/today"),
    "apps": ("joseph", "/apps"),
    "home": ("sofia", "/service-desk"),
    "search": ("joseph", "/search?q=laptop"),
    "notices": ("lucie", "/notices"),
    "account": ("joseph", "/account"),
    "tokens": ("joseph", "/account/tokens"),
    "absent": ("joseph", "/service-desk/no-such-page"),
    "api": ("joseph", "/api"),
    "problems": ("joseph", "/problems"),
    "list": ("joseph", REQUESTS + "?all=1"),
    "filtered": ("joseph", REQUESTS + "?filter[priority]=p3,p4&sort=-created-at"),
    "board": ("joseph", REQUESTS + "?view=open&as=board"),
    "calendar": ("joseph", REQUESTS + "?view=open&as=calendar"),
    "timeline": ("joseph", REQUESTS + "?all=1&as=timeline"),
    "new": ("joseph", REQUESTS + "/new"),
    "record": ("joseph", REQUESTS + "/{request}"),
    "edit": ("joseph", REQUESTS + "/{request}/edit"),
    "hand-over": ("joseph", REQUESTS + "/{request}/moves/hand-over"),
    "history": ("joseph", REQUESTS + "/{request}/history"),
    "working": ("joseph", REQUESTS + "/{request}/working?of=due:resolution"),
    "working-access": ("joseph", REQUESTS + "/{request}/working?of=access"),
    "priority": ("joseph", "/service-desk/why/priority/{request}"),
    "desk": ("joseph", "/service-desk/desk?r={request}"),
    "approvals": ("daniel", "/service-desk/approvals?all=1"),
    "measure": ("sofia", "/service-desk/measures/satisfaction"),
    "portal": ("lucie", "/service-desk/portal"),
    "ask": ("lucie", "/service-desk/portal/ask/new-laptop"),
    "portal-request": ("lucie", "/service-desk/portal/requests/{own}"),
    "article": ("lucie", "/service-desk/portal/articles/full-mailbox?q=mailbox"),
    "incidents": ("awa", "/situation/incidents?view=open"),
    "incident": ("awa", "/situation/incidents/{incident}"),
    "incident-why": ("awa", "/situation/incidents/{incident}/working?of=field:confidence"),
    "report": ("lucie", "/situation/report"),
    "source-reports": ("awa", "/situation/source-reports"),
    "exchange": ("awa", "/situation/exchange"),
    "people": ("joseph", "/directory/people"),
    "hours": ("joseph", "/directory/hours"),
    "import": ("admin", "/directory/people/import"),
    "fields": ("admin", "/admin/fields"),
    "plan": ("meilin", "/plan"),
    "plan-resources": ("meilin", "/plan/resources"),
    "plan-posts": ("meilin", "/plan/posts"),
    "plan-deliverables": ("meilin", "/plan/deliverables"),
    "plan-performance": ("meilin", "/plan/performance"),
    "plan-checks": ("meilin", "/plan/checks"),
    "plan-goals": ("meilin", "/plan/goals"),
}
STATUS = {"absent": 404}
DIRECTION = {"ar": "rtl", "en": "ltr", "zh": "ltr"}


@pytest.fixture(scope="session")
def names(people) -> dict[str, str]:
    """Requests that the addresses above lead to."""

    def first(persona: str, path: str, number: str = "REQ") -> str:
        page = people.kept_page(persona, "en")
        page.goto(path)
        return page.locator(f"main a[href*='/{number}-']").first.get_attribute("href").rsplit("/", 1)[-1]

    return {
        "request": first("joseph", REQUESTS + "?view=open&sort=created-at"), "own": first("lucie", "/service-desk/portal"),
        "incident": first("awa", "/situation/incidents?view=to-verify", "INC"),
    }


@pytest.mark.parametrize("language", DIRECTION)
@pytest.mark.parametrize("kind", PAGES)
def test_page(people, names, no_problems, kind, language):
    persona, path = PAGES[kind]
    page = people.kept_page(persona, language)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    answer = page.goto(path.format(**names))

    assert answer.status == STATUS.get(kind, 200), f"{answer.url} answers {answer.status}"
    weight = len(answer.body())
    assert weight <= 50_000, f"{page.url} is {weight} bytes of HTML"
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
    expect(page.locator("html")).to_have_attribute("dir", DIRECTION[language])
    shot(page, f"{kind}-{language}-light")
    axe(page)
    in_the_dark(page, kind, language)
    on_a_phone(page, kind, language)


def in_the_dark(page: Page, kind: str, language: str):
    """Dark is a matter of colours alone: the page stays as it was loaded."""
    page.emulate_media(color_scheme="dark")
    if language == "ar":
        shot(page, f"{kind}-{language}-dark")
    axe(page, **COLOUR_RULES)
    page.emulate_media(color_scheme="light")


def on_a_phone(page: Page, kind: str, language: str):
    page.set_viewport_size({"width": 390, "height": 844})
    if language == "en":
        shot(page, f"{kind}-{language}-phone")
    assert_no_sideways_scroll(page)
