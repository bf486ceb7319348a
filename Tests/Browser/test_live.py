"""Live pages miss nothing: between the page and its stream, while others were left, in a steady flow, and when an answer does not come."""

import re

from playwright.sync_api import expect

from conftest import shot

ROOM = "/situation/room"


def report(people, summary: str) -> str:
    """Reports a grave incident in a window of its own."""
    page = people.window("awa").new_page()
    page.goto("/situation/report")
    page.locator("[name=category]").select_option("armed-clash")
    page.locator("[name=severity]").select_option("critical")
    page.locator("[name=summary]").fill(summary)
    page.locator("[name=where]").fill("34N BK 29184 86098")
    page.locator("main form button.primary").click()
    expect(page).to_have_url(re.compile(r"/situation/report/INC-"))
    number = page.url.rsplit("/", 1)[-1]
    page.context.close()
    return number


def test_what_happens_between_a_page_and_its_stream_is_seen(people, no_problems):
    page = people.window("awa").new_page()
    held = []
    page.route("**/events?**", lambda route: held.append(route))
    page.goto(ROOM)
    expect(page.locator("[data-room]")).to_have_attribute("data-total", re.compile(r"\d+"))
    number = report(people, "Between the page and its stream")
    expect(page.locator(f".item[data-record='{number}']")).to_have_count(0)
    held[0].continue_()
    expect(page.locator(f".item[data-record='{number}']")).to_be_visible(timeout=15_000)
    expect(page.locator("[data-alarm]")).to_contain_text("Between the page and its stream", timeout=15_000)


def test_pages_that_were_left_make_room_for_the_next(people, no_problems):
    page = people.window("awa").new_page()
    for _ in range(14):
        with page.expect_response(re.compile("/events")) as opened:
            page.goto("/situation/incidents")
        assert opened.value.status == 200


def test_a_steady_flow_of_events_does_not_put_the_page_off(people, no_problems):
    page = people.window("awa").new_page()
    page.goto(ROOM)
    expect(page.locator("[data-room]")).to_have_attribute("data-total", re.compile(r"\d+"))
    with page.expect_request(lambda request: request.headers.get("x-fragment") == "live"):
        page.evaluate("setInterval(() => document.dispatchEvent(new Event('refresh')), 100)")


def test_a_picture_that_was_not_answered_is_asked_for_again(people):
    page = people.window("awa").new_page()
    page.goto(ROOM)
    expect(page.locator("[data-room]")).to_have_attribute("data-total", re.compile(r"\d+"))
    page.route("**/room/picture?**", lambda route: route.abort(), times=1)
    with page.expect_response(re.compile("/room/picture")) as answered:
        page.evaluate("document.dispatchEvent(new CustomEvent('live'))")
    assert answered.value.ok
    page.context.close()


def test_a_page_that_is_cut_off_says_so_until_it_is_live_again(people):
    page = people.window("awa", "fr").new_page()
    isCut = True
    page.route("**/events?**", lambda route: route.abort() if isCut else route.continue_())
    page.goto(ROOM)
    note = page.locator("[data-live-lost]")
    expect(note).to_be_visible(timeout=15_000)
    expect(note).to_contain_text("n’est plus à jour")
    shot(page, "room-cut-off-fr")
    isCut = False
    expect(note).to_be_hidden(timeout=30_000)
    page.context.close()
