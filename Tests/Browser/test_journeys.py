"""A request from the one who asks to the one who answers: by pointer, by keyboard alone, without JavaScript, on a phone."""

import re

from playwright.sync_api import Locator, Page, expect

from conftest import assert_no_sideways_scroll, axe, shot

ANSWER = "The dock's firmware was old. It is updated; please unplug it once."


# MARK: steps


def ask(page: Page, title: str) -> str:
    """Asks for help through the portal, and returns the address of the new request."""
    page.goto("/service-desk/portal")
    page.get_by_role("link", name="Ask for help").first.click()
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_role("textbox", name="Description").fill("The second screen stays black since this morning.")
    page.get_by_role("button", name="Send").click()
    return request_made(page, title)


def request_made(page: Page, title: str) -> str:
    page.wait_for_url(re.compile(r"/service-desk/requests/(?!new)[^/?]+$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url


def take_answer_and_solve(page: Page, request: str):
    page.goto(request)
    page.get_by_role("button", name="Assign to me").click()
    page.get_by_role("textbox", name="Reply").fill(ANSWER)
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("main")).to_contain_text(ANSWER)
    page.get_by_role("button", name="Solve").click()
    expect(page.get_by_role("main")).to_contain_text("Solved")


def tab_to(page: Page, target: Locator, at_most: int = 80):
    """Presses Tab until the target has the focus, which must then be visible."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            assert target.evaluate(FOCUS_SHOWS), "the focus does not show"
            return
    raise AssertionError(f"{at_most} times Tab did not reach {target}")


# The focused element is on the screen, nothing covers it, and it is drawn with an outline, a shadow or both.
FOCUS_SHOWS = """element => {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element)
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    const drawn = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
    return drawn && (element === top || element.contains(top))
}"""


def type_into(page: Page, name: str, text: str):
    tab_to(page, page.get_by_role("textbox", name=name))
    page.keyboard.type(text)


def press(page: Page, role: str, name: str):
    tab_to(page, page.get_by_role(role, name=name).first)
    page.keyboard.press("Enter")


# MARK: journeys


def test_a_request_is_asked_answered_and_solved(page_as):
    lucie, joseph = page_as("lucie"), page_as("joseph")

    request = ask(lucie, "Screen stays black")
    joseph.goto("/service-desk/desk")
    expect(joseph.get_by_role("main")).to_contain_text("Screen stays black")
    take_answer_and_solve(joseph, request)

    lucie.goto(request)
    expect(lucie.get_by_role("main")).to_contain_text(ANSWER)
    expect(lucie.get_by_role("main")).to_contain_text("Solved")
    axe(lucie)
    axe(joseph)
    shot(lucie, "journey-solved")


def test_the_same_by_keyboard_alone(page_as):
    lucie, joseph = page_as("lucie"), page_as("joseph")

    lucie.goto("/service-desk/portal")
    press(lucie, "link", "Ask for help")
    type_into(lucie, "Title", "Keyboard only")
    type_into(lucie, "Description", "No mouse was used.")
    press(lucie, "button", "Send")
    request = request_made(lucie, "Keyboard only")

    joseph.goto(request)
    press(joseph, "button", "Assign to me")
    expect(joseph.get_by_role("button", name="Assign to me")).to_have_count(0)
    type_into(joseph, "Reply", ANSWER)
    press(joseph, "button", "Send reply")
    expect(joseph.get_by_role("main")).to_contain_text(ANSWER)
    press(joseph, "button", "Solve")
    expect(joseph.get_by_role("main")).to_contain_text("Solved")


def test_the_same_without_javascript(page_as):
    lucie, joseph = page_as("lucie", javascript=False), page_as("joseph", javascript=False)

    request = ask(lucie, "Without JavaScript")
    take_answer_and_solve(joseph, request)

    lucie.goto(request)
    expect(lucie.get_by_role("main")).to_contain_text(ANSWER)


def test_the_same_on_a_phone(page_as):
    lucie, joseph = page_as("lucie", phone=True), page_as("joseph", phone=True)

    request = ask(lucie, "From a phone")
    assert_no_sideways_scroll(lucie)
    take_answer_and_solve(joseph, request)
    assert_no_sideways_scroll(joseph)
    shot(joseph, "journey-phone")


def test_a_form_sent_empty_says_what_is_missing_and_keeps_what_was_typed(page_as):
    lucie = page_as("lucie", javascript=False)
    lucie.goto("/service-desk/portal")
    lucie.get_by_role("link", name="Ask for help").first.click()
    lucie.locator("main form").first.evaluate("form => form.noValidate = true")
    lucie.get_by_role("textbox", name="Description").fill("Kept as it was typed.")
    lucie.get_by_role("button", name="Send").click()

    expect(lucie.get_by_role("alert")).to_contain_text("Title")
    expect(lucie.get_by_role("textbox", name="Title")).to_have_attribute("aria-invalid", "true")
    expect(lucie.get_by_role("textbox", name="Description")).to_have_value("Kept as it was typed.")


def test_who_has_not_signed_in_is_asked_to_and_brought_back(page_as):
    nobody = page_as(None)
    nobody.goto("/service-desk/requests")

    expect(nobody).to_have_url(re.compile("/sign-in"))
    nobody.locator("button[name=persona][value=joseph]").click()
    expect(nobody).to_have_url(re.compile("/service-desk/requests$"))
