"""A request from the one who asks to the one who answers: by pointer, by keyboard alone, without JavaScript, on a phone, in Arabic."""

import re

from playwright.sync_api import expect

from conftest import assert_no_sideways_scroll, axe, shot
from steps import (
    ANSWER, DESK, PORTAL, REQUESTS, SOLUTION, ask, conversation, find_in_queue, press, rate, reference_of, solve, tab_to, take_and_answer, type_into,
)


def test_a_request_is_asked_answered_solved_and_rated(page_as):
    lucie, joseph = page_as("lucie"), page_as("joseph")

    reference = ask(lucie, "Screen stays black")
    axe(lucie)
    find_in_queue(joseph, "Screen stays black")
    take_and_answer(joseph)
    axe(joseph)
    shot(joseph, "journey-answered")
    solve(joseph)

    lucie.goto(PORTAL)
    expect(lucie.get_by_role("listitem").filter(has_text=reference)).to_contain_text("Solved")
    rate(lucie, reference)
    axe(lucie)
    shot(lucie, "journey-rated")


def test_the_same_by_keyboard_alone(page_as):
    lucie, joseph = page_as("lucie"), page_as("joseph")

    lucie.goto(PORTAL)
    press(lucie, "link", "Skip to")
    press(lucie, "link", "Ask for help")
    type_into(lucie, "Title", "Keyboard only")
    type_into(lucie, "Description", "No mouse was used.")
    press(lucie, "button", "Send")
    reference = reference_of(lucie, "Keyboard only")

    joseph.goto(f"{DESK}?r={reference}")
    press(joseph, "button", "Assign to me")
    expect(joseph.get_by_role("button", name="Assign to me")).to_have_count(0)
    type_into(joseph, "Reply to", ANSWER)
    press(joseph, "button", "Send reply")
    expect(conversation(joseph)).to_contain_text(ANSWER)
    type_into(joseph, "Reply to", SOLUTION)
    press(joseph, "button", "Send and solve")
    expect(joseph.get_by_role("region", name="Request")).to_contain_text("Solved")

    lucie.reload()
    tab_to(lucie, lucie.get_by_role("radio", name="Very bad"))
    lucie.keyboard.press("ArrowUp")  # from the first star round to the fifth
    press(lucie, "button", "Rate")
    expect(lucie.get_by_role("main")).to_contain_text("You gave 5 of 5.")


def test_the_same_without_javascript(page_as):
    lucie, joseph = page_as("lucie", javascript=False), page_as("joseph", javascript=False)

    reference = ask(lucie, "Without JavaScript")
    find_in_queue(joseph, "Without JavaScript")
    take_and_answer(joseph)
    solve(joseph)
    rate(lucie, reference)


def test_the_same_on_a_phone(page_as):
    lucie, joseph = page_as("lucie", phone=True), page_as("joseph", phone=True)

    reference = ask(lucie, "From a phone")
    assert_no_sideways_scroll(lucie)
    find_in_queue(joseph, "From a phone")
    assert_no_sideways_scroll(joseph)
    expect(joseph.get_by_role("region", name="Queue")).to_be_hidden()
    take_and_answer(joseph)
    shot(joseph, "journey-phone")
    solve(joseph)
    joseph.get_by_role("link", name="Queue").click()
    expect(joseph.get_by_role("region", name="Queue")).to_be_visible()
    rate(lucie, reference)
    assert_no_sideways_scroll(lucie)


def test_the_same_in_arabic(page_as):
    """Awa asks and Eiman answers; not one Latin word of the platform's stands on their pages."""
    awa, eiman = page_as("awa", language="ar"), page_as("eiman", language="ar")

    awa.goto(PORTAL)
    awa.get_by_role("link", name="طلب مساعدة").click()
    awa.get_by_role("textbox", name="العنوان").fill("الشاشة الثانية سوداء")
    awa.get_by_role("textbox", name="الوصف").fill("لا تعمل الشاشة منذ الصباح.")
    axe(awa)
    awa.get_by_role("button", name="إرسال", exact=True).click()
    reference = reference_of(awa, "الشاشة الثانية سوداء")
    expect(awa.locator("html")).to_have_attribute("dir", "rtl")

    eiman.goto(f"{DESK}?r={reference}")
    eiman.get_by_role("button", name="تولّي الطلب").click()
    eiman.locator("#text").fill("كان الكابل مفصولاً، وأعدنا توصيله.")
    eiman.get_by_role("button", name="إرسال وحل").click()
    expect(eiman.locator(".talk-head")).to_contain_text("محلول")
    expect(eiman.locator(".clocks")).to_contain_text(re.compile("[٠-٩]"))
    axe(eiman)
    shot(eiman, "journey-ar")

    awa.reload()
    expect(awa.get_by_role("main")).to_contain_text("كان الكابل مفصولاً، وأعدنا توصيله.")
    awa.locator(".rating-set label").last.click()
    awa.locator("button[value=rate]").click()
    expect(awa.get_by_role("main")).to_contain_text("٥")
    for page in (awa, eiman):
        assert not page.evaluate(PLATFORM_WORDS_IN_LATIN), page.evaluate(PLATFORM_WORDS_IN_LATIN)


# Names, references and what people wrote stand in bdi, prose or time, or between isolates; all other text of main is the platform's.
PLATFORM_WORDS_IN_LATIN = r"""() => {
    const words = [], walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const home = walker.currentNode.parentElement, data = walker.currentNode.data.replace(/\u2068.*?\u2069/g, '')
        if (/[A-Za-z]{3,}/.test(data) && !home.closest('bdi, .prose, time, textarea, svg, .avatar, option, .who')) words.push(data.trim())
    }
    return words
}"""


def test_what_needs_approval_waits_for_it(page_as):
    lucie, daniel, joseph = page_as("lucie"), page_as("daniel"), page_as("joseph")

    lucie.goto(PORTAL + "/ask/partner-account")
    expect(lucie.get_by_role("main")).to_contain_text("The service owner approves it first.")
    lucie.get_by_role("textbox", name="Title").fill("Account for an observer")
    for question in lucie.locator("[name^='answer.'][required]").all():
        question.fill("2027-03-01" if question.get_attribute("type") == "date" else "observer@example.org")
    lucie.get_by_role("button", name="Send").click()
    reference = reference_of(lucie, "Account for an observer")
    standing = lucie.get_by_role("complementary", name="How it stands")
    expect(standing).to_contain_text("is asked to approve")

    joseph.goto(f"{DESK}?r={reference}")
    expect(joseph.get_by_role("button", name="Send and solve")).to_have_count(0)

    daniel.goto("/notices")
    daniel.get_by_role("link", name="Account for an observer").first.click()
    daniel.get_by_role("button", name="Approve").click()
    if daniel.url.endswith("/moves/approve"):  # it offers to give a reason
        daniel.get_by_role("main").get_by_role("button", name="Approve").click()
    expect(daniel.get_by_role("main")).to_contain_text("Approved")

    lucie.reload()
    expect(standing).to_contain_text("Check the partner’s identity")  # the first task of its plan
    expect(lucie.get_by_role("main")).to_contain_text("approval was given", ignore_case=True)


def test_typing_finds_an_article_that_answers(page_as):
    lucie = page_as("lucie")
    lucie.goto(PORTAL)
    lucie.get_by_role("textbox", name="What is the matter?").press_sequentially("My mailbox is full and mail comes back")
    suggestions = lucie.locator("#suggestions")
    article = suggestions.get_by_role("link", name="When your mailbox is full")
    expect(article).to_be_visible()
    axe(lucie)
    shot(lucie, "journey-suggestions")

    article.click()
    lucie.get_by_role("button", name="This solved it").click()
    lucie.wait_for_url(re.compile(PORTAL + "$"))
    own = lucie.get_by_role("listitem").filter(has_text="My mailbox is full and mail comes back")
    expect(own).to_contain_text("Solved by an article")


def test_without_javascript_a_button_finds_the_article_and_the_question_is_kept(page_as):
    lucie = page_as("lucie", javascript=False)
    lucie.goto(PORTAL)
    lucie.get_by_role("textbox", name="What is the matter?").fill("Badge printing queue is stuck")
    lucie.get_by_role("button", name="Find an answer").click()
    lucie.locator("#suggestions").get_by_role("link").first.click()
    lucie.get_by_role("button", name="Ask the desk").click()
    expect(lucie.get_by_role("textbox", name="Title")).to_have_value("Badge printing queue is stuck")


def test_a_form_sent_empty_says_what_is_missing_and_keeps_what_was_typed(page_as):
    lucie = page_as("lucie")
    lucie.goto(PORTAL + "/ask/new-laptop")
    # As a browser does that knows nothing of required fields.
    lucie.locator("main form").evaluate("form => { form.noValidate = true }")
    lucie.get_by_role("textbox", name="Title").fill("")
    lucie.get_by_role("textbox", name="Description").fill("Kept as it was typed.")
    lucie.get_by_role("button", name="Send").click()

    summary = lucie.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Title")
    title = lucie.get_by_role("textbox", name="Title")
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(lucie.get_by_role("textbox", name="Description")).to_have_value("Kept as it was typed.")
    summary.get_by_role("link", name="Title").click()
    expect(title).to_be_focused()
    axe(lucie)

    lucie.locator("main form").evaluate("form => { form.noValidate = true }")
    title.fill("A laptop for a colleague")
    lucie.get_by_role("button", name="Send").click()
    expect(summary).to_contain_text("Needed by")
    summary.get_by_role("link", name="Needed by").click()
    expect(lucie.get_by_label("Needed by")).to_be_focused()
    axe(lucie)
    shot(lucie, "journey-missing")


def test_who_has_not_signed_in_is_asked_to_and_brought_back(page_as):
    nobody = page_as(None)
    nobody.goto(REQUESTS)

    expect(nobody).to_have_url(re.compile("/sign-in"))
    nobody.locator("button[name=persona][value=joseph]").click()
    expect(nobody).to_have_url(re.compile(REQUESTS + "$"))
