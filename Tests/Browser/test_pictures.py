"""A picture with a report, from a phone without JavaScript, and what a camera's metadata say of a flight."""

import re
import struct

from playwright.sync_api import expect

from conftest import axe, shot

SET = bytes.fromhex("060e2b34020b01010e01030101000000")


def packet(second: int, latitude: float, longitude: float, start: int = 1_790_000_000) -> bytes:
    """One packet of MISB ST 0601: time, heading, sensor, and the corners of a square of 0.01°."""

    def item(tag: int, value: bytes) -> bytes:
        return bytes([tag, len(value)]) + value

    def angle(degrees: float, limit: float) -> bytes:
        return struct.pack(">i", round(degrees / limit * (2**31 - 1)))

    items = item(2, struct.pack(">Q", (start + second) * 1_000_000)) + item(5, struct.pack(">H", second * 500))
    items += item(13, angle(latitude, 90)) + item(14, angle(longitude, 180)) + item(15, struct.pack(">H", 0x1872))
    for number, (north, east) in enumerate(((0.01, 0), (0.01, 0.01), (0, 0.01), (0, 0))):
        items += item(82 + 2 * number, angle(latitude + north, 90)) + item(83 + 2 * number, angle(longitude + east, 180))
    body = SET + bytes([0x81, len(items) + 4]) + items + b"\x01\x02"
    total = sum(byte << (8 if place % 2 == 0 else 0) for place, byte in enumerate(body)) & 0xFFFF
    return body + struct.pack(">H", total)


def picture() -> bytes:
    """A JPEG that was taken at 4° 23′ 37.67″ N, 18° 33′ 35.5″ E, as far as its parts go."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    def entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
        return struct.pack(">HHI", tag, kind, count) + value.ljust(4, b"\0")

    main = struct.pack(">H", 1) + entry(0x8825, 4, 1, struct.pack(">I", 26)) + bytes(4)
    gps = struct.pack(">H", 4) + entry(1, 2, 2, b"N\0") + entry(2, 5, 3, struct.pack(">I", 80)) + entry(3, 2, 2, b"E\0") + entry(4, 5, 3, struct.pack(">I", 104)) + bytes(4)
    angles = struct.pack(">12I", 4, 1, 23, 1, 3767, 100, 18, 1, 33, 1, 355, 10)
    tiff = b"MM\0*" + struct.pack(">I", 8) + main + gps + angles
    scan = segment(0xDB, bytes([0] + [1] * 64)) + segment(0xC0, bytes([8, 0, 1, 0, 1, 1, 1, 0x11, 0])) + segment(0xDA, bytes([1, 1, 0, 0, 63, 0])) + b"\x12\xff\x00\x34"
    return b"\xff\xd8" + segment(0xE1, b"Exif\0\0" + tiff) + scan + b"\xff\xd9"


def test_a_picture_gives_its_place_only_where_that_is_chosen(people, no_problems):
    phone = people.window("lucie", language="ar", phone=True, javascript=False).new_page()
    phone.goto("/situation/report")
    axe_page = people.window("lucie", language="zh").new_page()
    axe_page.goto("/situation/report")
    axe(axe_page)
    phone.locator("[name=category]").select_option("fire")
    phone.locator("[name=summary]").fill("حريق في سقف المدرسة")

    # What is no picture is said at the field, and what was typed is kept.
    phone.locator("[name=photo]").set_input_files({"name": "report.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    phone.locator("main form button.primary").click()
    expect(phone.locator("#e-photo")).to_be_visible()
    expect(phone.locator("[name=summary]")).to_have_value("حريق في سقف المدرسة")
    shot(phone, "situation-report-photo-ar-phone")

    phone.locator("[name=photo]").set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    phone.locator("[name=photo-place][value=keep]").check()
    phone.locator("main form button.primary").click()
    expect(phone).to_have_url(re.compile(r"/situation/report/INC-"))
    number = phone.url.rsplit("/", 1)[-1]

    officer = people.window("awa", language="fr").new_page()
    officer.goto(f"/situation/incidents/{number}")
    expect(officer.locator("main")).to_contain_text("34NBK2918486098")
    expect(officer.locator("main")).to_contain_text("IMG_1.jpg")


def test_what_a_camera_saw_is_brought_in_packet_by_packet(people, no_problems):
    officer = people.window("awa", language="fr").new_page()
    officer.goto("/situation/footage")
    axe(officer)
    shot(officer, "situation-footage-list-fr")
    officer.locator("main table a").first.click()
    film = [packet(second, 4.39 + second * 0.001, 18.56) for second in range(8)]
    broken = bytearray(b"".join(film))
    broken[len(film[0]) + 40] ^= 1

    officer.locator("[name=file]").set_input_files({"name": "vol.klv", "mimeType": "application/octet-stream", "buffer": bytes(broken)})
    officer.locator("main form button.primary").click()
    expect(officer.locator("main")).to_contain_text("somme de contrôle")
    axe(officer)
    shot(officer, "situation-footage-question-fr")
    officer.locator("button[name=sound]").click()
    expect(officer.locator("main table tbody tr")).to_have_count(7)
    axe(officer)
    shot(officer, "situation-footage-fr")

    arabic = people.window("awa", language="ar", phone=True, javascript=False).new_page()
    arabic.goto(officer.url)
    expect(arabic.locator("main table tbody tr")).to_have_count(7)
    shot(arabic, "situation-footage-ar-phone")
    flight = officer.url.rsplit("/", 1)[-1]
    officer.goto(f"/situation/flights/{flight}/working?of=field:distance")
    expect(officer.locator("main")).to_contain_text("WGS 84")
    axe(officer)
    stranger = people.window("meilin").new_page()
    assert stranger.goto(f"/situation/footage/{flight}").status == 404
