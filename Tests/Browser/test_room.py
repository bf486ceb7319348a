"""The operations room: watched for hours, by keyboard, on a phone, on a wall, without JavaScript; alive within a second."""

import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from conftest import axe, shot

ROOM = "/situation/room"
POSITION = re.compile(r"-?\d+\.\d{5}, -?\d+\.\d{5}   \d\d[C-X] [A-Z]{2} \d{5} \d{5}")


def enter(people, language="en", path=ROOM, who="awa", **how) -> Page:
    page = people.window(who, language, **how).new_page()
    page.goto(path)
    expect(page.locator("[data-room]")).to_have_attribute("data-total", re.compile(r"\d+"))
    return page


def picture(page: Page, query="") -> dict:
    return json.loads(page.request.get(f"{ROOM}/picture?{query}").text())


def report(page: Page, summary: str, where: str, severity="moderate"):
    """Reports an incident in a window of its own."""
    other = page.context.new_page()
    other.goto("/situation/report")
    other.locator("[name=category]").select_option("armed-clash")
    other.locator("[name=severity]").select_option(severity)
    other.locator("[name=summary]").fill(summary)
    other.locator("[name=where]").fill(where)
    other.locator("main form button.primary").click()
    expect(other).to_have_url(re.compile(r"/situation/report/INC-"))
    number = other.url.rsplit("/", 1)[-1]
    other.close()
    return number


@pytest.mark.parametrize("language,dark", [("en", False), ("en", True), ("ar", False), ("zh", True)])
def test_the_room_breaks_no_rule_of_accessibility(people, no_problems, language, dark):
    page = enter(people, language, dark=dark)
    expect(page.locator("[data-map-at]")).to_have_text(POSITION)
    axe(page)
    page.locator(".item").first.click()
    expect(page.locator(".record h2")).to_be_focused()
    axe(page)
    shot(page, f"room-{language}{'-dark' if dark else ''}")


def test_a_walk_by_keyboard_alone(people, no_problems):
    page = enter(people)
    page.keyboard.press("f")
    expect(page.locator(".room-filter input").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"kind=armed-violence$"))
    expect(page.locator("[data-region=filters]")).to_have_text("Filter: 1")
    page.locator(".room-filter summary").focus()
    page.keyboard.press("Enter")

    # The first of the stream opens beside the map; Escape closes it and goes back.
    page.keyboard.press("j")
    expect(page.locator(".item").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".record h2")).to_be_focused()
    expect(page).to_have_url(re.compile(r"record=INC-"))
    page.keyboard.press("Escape")
    expect(page.locator(".record")).to_be_hidden()
    expect(page.locator(".item").first).to_be_focused()

    # The map is moved, measured on, and its centre is the pointer.
    page.keyboard.press("m")
    expect(page.locator(".map-canvas")).to_be_focused()
    before = page.locator("[data-map-at]").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-map-at]")).not_to_have_text(before)
    page.keyboard.press("d")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    expect(page.locator("[data-map-measured]")).to_have_text(re.compile(r"\d.* k?m "))
    page.keyboard.press("Escape")
    expect(page.locator("[data-map-measured]")).to_be_empty()
    page.keyboard.press("h")
    expect(page.locator("[data-layer=heat]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys [data-room-keys]")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")

    # The list is one key away and has the same; the address says all of it.
    page.keyboard.press("l")
    expect(page.locator(".room-list table")).to_be_visible()
    expect(page).to_have_url(re.compile(r"kind=armed-violence.*show=list"))
    shot(page, "room-list")
    axe(page)
    page.keyboard.press("l")
    expect(page.locator(".map-canvas")).to_be_visible()
    expect(page.locator("[data-layer=heat]")).to_have_attribute("aria-pressed", "true")


def test_the_list_has_what_the_map_has(people, no_problems):
    page = enter(people, path=f"{ROOM}?days=0&show=list")
    shown = picture(page, "days=0")
    # What has no place is in the list alone.
    assert len(shown["incidents"]) <= shown["total"] <= 50
    rows = page.locator(".room-list [data-record]").evaluate_all("all => all.map(el => el.dataset.record)")
    assert len(rows) == shown["total"] and set(rows) >= {one["reference"] for one in shown["incidents"]}
    assert str(shown["total"]) in page.locator("[data-region=count]").inner_text()


def test_the_figure_says_how_it_comes_about(people, no_problems):
    page = enter(people, "fr")
    page.locator("[data-region=count] a.why").click()
    expect(page.locator("#working")).to_contain_text("Sont comptés les incidents que vous pouvez lire")
    axe(page)
    assert page.request.get(f"{ROOM}/working.json").json()["sections"]


def test_what_happens_is_seen_within_a_second(people, no_problems):
    page = enter(people)
    expect(page.locator("[data-layer=tracks]")).to_be_visible()
    page.wait_for_timeout(1_500)  # the stream of events is open
    page.evaluate("""() => { window.seen = {}; const room = document.querySelector('[data-room]');
        new MutationObserver(() => { const now = Date.now();
            if (room.querySelector('[data-alarm]')) window.seen.alarm ??= now;
            if (room.querySelector('[data-region=stream]').textContent.includes('Mortar fire at the bridge')) window.seen.stream ??= now;
        }).observe(room, { childList: true, subtree: true }); }""")
    total = int(page.locator("[data-room]").get_attribute("data-total"))
    number = report(page, "Mortar fire at the bridge", "34N BK 29184 86098", "critical")
    expect(page.locator("[data-alarm]")).to_contain_text("Mortar fire at the bridge")
    expect(page.locator(f".item[data-record='{number}']")).to_be_visible()
    expect(page.locator("[data-room]")).to_have_attribute("data-total", str(total + 1))
    axe(page)
    shot(page, "room-alarm")
    page.locator("[data-alarm] a").click()
    expect(page.locator(".record")).to_contain_text("34NBK2918486098")

    # From the moment it was reported to the moment it was on the screen.
    reported = next(one for one in picture(page)["alerts"] if one["reference"] == number)["at"]
    seen = page.evaluate("window.seen")
    late = {name: at / 1000 - time_of(reported) for name, at in seen.items()}
    assert set(late) == {"alarm", "stream"} and max(late.values()) < 1.0, late


def time_of(iso: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(iso.replace("Z", "+00:00")).timestamp()


def test_the_room_on_a_phone(people, no_problems):
    page = enter(people, "fr", phone=True)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "room-fr-phone")
    # The map and the stream are one tap apart.
    expect(page.locator(".map-canvas")).to_be_in_viewport()
    expect(page.locator(".item").first).to_be_hidden()
    page.locator(".room-tabs a", has_text="Fil").click()
    expect(page.locator(".room-map")).to_be_hidden()
    shot(page, "room-stream-fr-phone")
    page.locator(".item").first.click()
    expect(page.locator(".record h2")).to_be_visible()
    shot(page, "room-record-fr-phone")


def test_the_room_on_a_wall(people, no_problems):
    page = enter(people, "ru", f"{ROOM}?wall=on")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator("[data-room-clock]")).to_have_text(re.compile(r"\d\d:\d\d"))
    expect(page.locator(".disclaimer")).to_be_visible()
    axe(page)
    shot(page, "room-wall-ru")


def test_the_room_without_javascript(people, no_problems):
    page = people.window("awa", "es", javascript=False).new_page()
    page.goto(ROOM)
    expect(page.locator(".map")).to_be_hidden()
    page.locator(".room-filter summary").click()
    page.locator("[name=days]").select_option("0")
    page.locator("[name=severity]").select_option("severe")
    page.locator("[data-room-form] button").click()
    expect(page).to_have_url(re.compile(r"severity=severe.*days=0"))
    shot(page, "room-es-no-js")
    page.locator(".stream [data-room-turn=list]").click()
    expect(page.locator(".room-list table")).to_be_visible()
    assert page.locator(".room-list [data-record]").count() == picture(page, "days=0&severity=severe")["total"]
    page.locator(".room-list a.plain").first.click()
    expect(page).to_have_url(re.compile(r"/situation/incidents/INC-"))


def test_the_browser_writes_grid_references_as_the_server_does(people, no_problems):
    page = enter(people)
    found = page.request.get("/api/v1/situation/incidents?limit=50").json()["items"]
    placed = [(one["place"], one["grid"]) for one in found if one.get("grid")]
    assert len(placed) >= 10
    for place, grid in placed:
        longitude, latitude = place["coordinates"]
        assert page.evaluate("async ([a, b]) => (await import('/assets/geodesy.js')).grid(a, b).replaceAll(' ', '')", [latitude, longitude]) == grid
    # WGS 84: Bangui to Bambari, Bria to Kaga Bandoro, and across the antimeridian (metres).
    legs = [([4.393797, 18.559861], [5.76388, 20.670733], 278815.818), ([-17, 179.9], [-17, -179.9], 21297.165)]
    for a, b, metres in legs:
        assert abs(page.evaluate("async ([a, b]) => (await import('/assets/geodesy.js')).distance(a, b)", [a, b]) - metres) < 0.001


def test_a_place_is_chosen_on_the_map(people, no_problems):
    page = people.window("lucie", "ar").new_page()
    page.goto("/situation/report")
    canvas = page.locator("[data-map=choose] .map-canvas")
    canvas.scroll_into_view_if_needed()
    expect(page.locator("[data-map=choose] [data-map-at]")).to_have_text(POSITION)
    canvas.click()
    expect(page.locator("[name=where]")).to_have_value(re.compile(r"^-?\d+\.\d{5}, -?\d+\.\d{5}$"))
    canvas.press("ArrowLeft")
    page.wait_for_timeout(400)
    before = page.locator("[name=where]").input_value()
    canvas.press("Enter")
    expect(page.locator("[name=where]")).not_to_have_value(before)
    axe(page)
    shot(page, "room-choose-ar")


def test_the_picture_is_kept_with_scale_and_disclaimer(people, no_problems):
    page = enter(people)
    with page.expect_download() as saving:
        page.locator("[data-map-tool=save]").click()
    assert saving.value.suggested_filename.endswith(".png")
    saving.value.save_as(".build/screenshots/room-saved.png")
    page.emulate_media(media="print")
    page.wait_for_timeout(300)
    expect(page.locator(".disclaimer")).to_be_visible()
    expect(page.locator(".stream")).to_be_hidden()
    shot(page, "room-print")
