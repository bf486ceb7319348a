"""What people do at the service desk, step by step, for the tests that tell whole stories."""

import re

from playwright.sync_api import Locator, Page, expect

PORTAL, DESK, REQUESTS = "/service-desk/portal", "/service-desk/desk", "/service-desk/requests"
ANSWER = "The dock's firmware was old. It is updated; please unplug it once."
SOLUTION = "It was the cable between dock and screen. A new one is in your room."


def ask(page: Page, title: str) -> str:
    """Asks for help through the portal, and returns the reference of the new request."""
    page.goto(PORTAL)
    page.get_by_role("link", name="Ask for help").click()
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_role("textbox", name="Description").fill("The second screen stays black since this morning.")
    page.get_by_role("button", name="Send").click()
    return reference_of(page, title)


def reference_of(page: Page, title: str) -> str:
    page.wait_for_url(re.compile(PORTAL + r"/requests/REQ-[-0-9]+$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url.rsplit("/", 1)[-1]


def find_in_queue(page: Page, title: str):
    """Opens a request that nobody holds yet from the queue of the desk in Geneva."""
    page.goto(DESK + "?tab=free&desk=geneva")
    page.get_by_role("region", name="Queue").get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def conversation(page: Page) -> Locator:
    return page.get_by_role("region", name="Conversation")


def take_and_answer(page: Page):
    page.get_by_role("button", name="Assign to me").click()
    expect(page.get_by_role("button", name="Assign to me")).to_have_count(0)
    page.get_by_role("textbox", name="Reply to").fill(ANSWER)
    page.get_by_role("button", name="Send reply").click()
    expect(conversation(page)).to_contain_text(ANSWER)
    expect(page.get_by_role("textbox", name="Reply to")).to_have_value("")


def solve(page: Page):
    page.get_by_role("textbox", name="Reply to").fill(SOLUTION)
    page.get_by_role("button", name="Send and solve").click()
    expect(page.get_by_role("region", name="Request")).to_contain_text("Solved")


def rate(page: Page, reference: str, stars: str = "Very good"):
    """Reads the answer in the portal and says how good it was."""
    page.goto(f"{PORTAL}/requests/{reference}")
    expect(page.get_by_role("main")).to_contain_text(ANSWER)
    expect(page.get_by_role("main")).to_contain_text(SOLUTION)
    page.get_by_role("radio", name=stars, exact=False).last.check(force=True)
    page.get_by_role("button", name="Rate").click()
    expect(page.get_by_role("main")).to_contain_text("You gave 5 of 5.")


# MARK: by keyboard


def tab_to(page: Page, target: Locator, at_most: int = 90):
    """Presses Tab until the target has the focus, which must then be visible."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if target.count() and target.first.evaluate("element => element === document.activeElement"):
            assert target.first.evaluate(FOCUS_SHOWS), f"the focus on {target} does not show"
            return
    raise AssertionError(f"{at_most} times Tab did not reach {target}")


# The focused element is on the screen, nothing covers it, and it, or the label it hides in, is drawn with an outline, a shadow or both.
FOCUS_SHOWS = """element => {
    const drawn = one => {
        const style = getComputedStyle(one)
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
    }
    const label = element.closest('label'), shown = drawn(element) ? element : label && [label, ...label.children].find(drawn)
    if (!shown) return false
    const box = shown.getBoundingClientRect(), top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    return shown === top || shown.contains(top) || (label?.contains(top) ?? false)
}"""


def type_into(page: Page, name: str, text: str):
    tab_to(page, page.get_by_role("textbox", name=name))
    page.keyboard.type(text)


def press(page: Page, role: str, name: str):
    tab_to(page, page.get_by_role(role, name=name).first)
    page.keyboard.press("Enter")
