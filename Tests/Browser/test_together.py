"""What several people do at once, and what a record carries: live pages, explanations, versions, lists, files."""

import re

import pytest
from playwright.sync_api import Page, expect

from conftest import axe, shot
from steps import DESK, PORTAL, REQUESTS, ask, conversation, tab_to

# MARK: live


def test_two_browsers_see_a_message_without_loading_the_page_again(page_as):
    lucie, joseph = page_as("lucie"), page_as("joseph")
    reference = ask(lucie, "Live on two screens")
    joseph.goto(f"{DESK}?r={reference}")
    joseph.get_by_role("textbox", name="Reply to").fill("Half a sent")
    for page in (lucie, joseph):
        page.evaluate("window.isStillHere = true")

    lucie.get_by_role("textbox", name="Add a message").fill("It also flickers.")
    lucie.get_by_role("button", name="Send").click()
    expect(conversation(joseph)).to_contain_text("It also flickers.")
    expect(joseph.get_by_role("textbox", name="Reply to")).to_have_value("Half a sent")

    lucie.evaluate("window.isStillHere = true")
    joseph.get_by_role("textbox", name="Reply to").fill("A new cable is on its way.")
    joseph.get_by_role("button", name="Send reply").click()
    expect(lucie.get_by_role("main")).to_contain_text("A new cable is on its way.")
    expect(lucie.get_by_role("complementary", name="How it stands")).to_contain_text("Joseph Otieno")
    assert lucie.evaluate("window.isStillHere"), "the page was loaded again"


def test_a_note_for_the_team_never_reaches_the_one_who_asked(page_as):
    lucie, joseph = page_as("lucie"), page_as("joseph")
    reference = ask(lucie, "Notes stay inside")
    joseph.goto(f"{DESK}?r={reference}")
    joseph.get_by_role("radio", name="Note").check()
    joseph.get_by_role("textbox", name="Reply to").fill("Looks like the third case this week.")
    joseph.get_by_role("button", name="Send reply").click()
    expect(conversation(joseph)).to_contain_text("Note, not seen by the requester")

    for path in (f"{PORTAL}/requests/{reference}", f"{REQUESTS}/{reference}", f"{REQUESTS}/{reference}/history"):
        lucie.goto(path)
        expect(lucie.locator("body")).not_to_contain_text("third case")


# MARK: working


@pytest.mark.parametrize("place", ["desk", "portal"])
def test_the_working_of_a_due_time_opens_by_keyboard_and_gives_its_place_back(page_as, place):
    page = page_as("joseph" if place == "desk" else "lucie")
    if place == "desk":
        reference = ask(page_as("lucie"), "Why then, at the desk")
        page.goto(f"{DESK}?r={reference}")
    else:
        ask(page, "Why then, in the portal")
    why = page.get_by_role("button", name="Why: Resolution")
    tab_to(page, why)
    page.keyboard.press("Enter")

    panel = page.locator("#working")
    expect(panel).to_contain_text("Resolution")
    expect(panel.get_by_role("heading").first).to_be_focused()
    expect(why).to_have_attribute("aria-expanded", "true")
    axe(page)
    shot(page, f"working-{place}")

    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(why).to_be_focused()
    expect(why).to_have_attribute("aria-expanded", "false")


def test_without_javascript_the_working_is_a_page(page_as):
    lucie = page_as("lucie", javascript=False)
    ask(lucie, "Why then, as a page")
    lucie.get_by_role("link", name="Why: Resolution").click()
    expect(lucie.get_by_role("heading", level=1)).to_contain_text("Resolution")


# MARK: lists


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_several_requests_are_assigned_at_once(page_as, javascript):
    lucie, joseph = page_as("lucie", javascript=javascript), page_as("joseph", javascript=javascript)
    word = "bulk" + ("script" if javascript else "plain")
    references = [ask(lucie, f"{word} {number}") for number in (1, 2)]

    joseph.goto(f"{REQUESTS}?filter[subject][contains]={word}")
    bar = joseph.get_by_role("group", name="What to do with the chosen")
    bar = bar if bar.count() else joseph.locator("[data-bulk]")
    if javascript:
        expect(bar).to_be_hidden()
    for reference in references:
        joseph.get_by_role("checkbox", name=f"Choose {reference}").check()
    if javascript:
        expect(bar).to_contain_text("2")
    bar.get_by_role("button", name="Assign to me").click()

    expect(joseph.locator(".tally .is-good dd")).to_have_text("2")
    joseph.get_by_role("main").get_by_role("link", name="Back").click()
    rows = joseph.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="Joseph Otieno")).to_have_count(2)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_list_is_kept_as_a_view_and_removed(page_as, javascript):
    joseph = page_as("joseph", javascript=javascript)
    name = "High ones " + ("live" if javascript else "plain")
    joseph.goto(f"{REQUESTS}?filter[priority]=p1,p2&sort=-created-at")
    joseph.locator("#save-view > summary").click()
    joseph.get_by_role("textbox", name="Name").fill(name)
    joseph.locator("#save-view").get_by_role("button", name="Save").click()

    tabs = joseph.get_by_role("navigation", name="Views")
    tab = tabs.get_by_role("link", name=name)
    expect(tab).to_have_attribute("aria-current", "page")
    if javascript:
        axe(joseph)
    joseph.goto(REQUESTS)
    tab.click()
    expect(joseph).to_have_url(re.compile("priority"))
    joseph.locator("#save-view > summary").click()
    joseph.get_by_role("button", name=re.compile(f"Remove.*{name}")).click()
    expect(tabs.get_by_role("link", name=name)).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_list_shows_the_columns_that_are_chosen(page_as, javascript):
    joseph = page_as("joseph", javascript=javascript)
    joseph.goto(f"{REQUESTS}?all=1")
    expect(joseph.get_by_role("columnheader", name="Tier")).to_have_count(0)
    joseph.get_by_role("link", name="Columns").click()
    if javascript:
        axe(joseph)
    joseph.get_by_role("checkbox", name="Tier").check()
    joseph.get_by_role("button", name="Show these columns").click()
    expect(joseph.get_by_role("columnheader", name="Tier")).to_be_visible()


# MARK: versions


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_who_comes_second_keeps_what_was_typed_and_chooses(page_as, javascript):
    lucie, joseph, sofia = page_as("lucie"), page_as("joseph", javascript=javascript), page_as("sofia", javascript=javascript)
    reference = ask(lucie, "Changed by two")
    for page in (joseph, sofia):
        page.goto(f"{REQUESTS}/{reference}/edit")
    save(sofia, "Changed by Sofia")
    expect(sofia.get_by_role("heading", level=1)).to_contain_text("Changed by Sofia")

    save(joseph, "Changed by Joseph")
    expect(joseph.get_by_role("textbox", name="Title")).to_have_value("Changed by Joseph")
    expect(joseph.get_by_role("main")).to_contain_text("Sofia")
    axe(joseph) if javascript else None
    shot(joseph, "stale") if javascript else None
    joseph.get_by_role("radio", name="Changed by Sofia").check()
    joseph.locator("main form.form .form-foot button").click()
    expect(joseph.get_by_role("heading", level=1)).to_contain_text("Changed by Sofia")


def save(page: Page, title: str):
    page.get_by_role("textbox", name="Title").fill(title)
    page.locator("main form.form .form-foot button").click()


# MARK: files


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_file_is_added_in_the_portal_and_read_at_the_desk(page_as, javascript):
    lucie, joseph = page_as("lucie", javascript=javascript), page_as("joseph", javascript=javascript)
    reference = ask(lucie, "With a picture of it")
    content = "شاشة سوداء\n".encode()
    lucie.locator("#attach > summary").click()
    lucie.get_by_label("Files to add").set_input_files({"name": "écran <noir>.txt", "mimeType": "text/plain", "buffer": content})
    lucie.locator("#attach").get_by_role("button", name="Add", exact=True).click()
    expect(lucie).to_have_url(re.compile(f"{PORTAL}/requests/{reference}"))
    expect(lucie.locator("ul.files").get_by_role("link", name="écran <noir>.txt")).to_be_visible()

    joseph.goto(f"{DESK}?r={reference}")
    with joseph.expect_download() as download:
        joseph.get_by_role("complementary", name="Context").get_by_role("link", name="écran <noir>.txt").click()
    assert download.value.path().read_bytes() == content


def test_a_file_of_somebody_elses_request_is_not_there(page_as):
    lucie, awa = page_as("lucie"), page_as("awa")
    ask(lucie, "A file for few")
    lucie.locator("#attach > summary").click()
    lucie.get_by_label("Files to add").set_input_files({"name": "few.txt", "mimeType": "text/plain", "buffer": b"few"})
    lucie.locator("#attach").get_by_role("button", name="Add", exact=True).click()
    address = lucie.locator("ul.files").get_by_role("link", name="few.txt").get_attribute("href")
    assert awa.request.get(address).status == 404
