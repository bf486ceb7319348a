"""GDAL, as geographers use it, reads the geographic service; and the service's pages stand up to the same rules as all others."""

import json
import subprocess
import urllib.parse
import urllib.request

import pytest

from conftest import BINARY, ROOT, assert_no_sideways_scroll, axe, shot

INCIDENTS = "situation.incident"


@pytest.fixture(scope="session")
def token(server) -> str:
    made = subprocess.run([BINARY, "token", "create", "--person", "awa", "--data", server.data], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout.split()[-1]


@pytest.fixture(scope="session")
def gdal(server, token, tmp_path_factory):
    """Runs a tool of GDAL on the service, signed with the token."""
    header = tmp_path_factory.mktemp("gdal") / "header.txt"
    header.write_text(f"Authorization: Bearer {token}\n")

    def run(tool: str, *arguments) -> str:
        done = subprocess.run([tool, "--config", "GDAL_HTTP_HEADER_FILE", header, *map(str, arguments)], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0 and "ERROR" not in done.stderr, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    return run


@pytest.fixture(scope="session")
def ask(server, token):
    def get(path: str, **parameters):
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        request = urllib.request.Request(server.url + path + query, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    return get


def test_gdal_lists_the_collections(server, gdal):
    said = gdal("ogrinfo", "-ro", f"OAPIF:{server.url}/ogc")
    print(said)
    assert INCIDENTS in said and "directory.duty-station" in said


def test_gdal_copies_every_feature_that_may_be_read(server, gdal, ask, tmp_path):
    copy = tmp_path / "incidents.geojson"
    gdal("ogr2ogr", "-f", "GeoJSON", copy, f"OAPIF:{server.url}/ogc", INCIDENTS)
    features = json.loads(copy.read_text())["features"]
    first = json.loads(ask(f"/ogc/collections/{INCIDENTS}/items", limit=1))
    assert len(features) == first["numberMatched"] > 1
    assert {"summary", "category", "severity", "occurred"} <= features[0]["properties"].keys()


def test_gdal_selects_by_box_and_time_as_the_service_does(server, gdal, ask):
    everything = json.loads(ask(f"/ogc/collections/{INCIDENTS}/items", limit=1000))["features"]
    points = [feature["geometry"]["coordinates"] for feature in everything if feature["geometry"]]
    middle = sorted(x for x, _ in points)[len(points) // 2]
    said = gdal("ogrinfo", "-ro", "-so", "-spat", middle, -90, 180, 90, f"OAPIF:{server.url}/ogc", INCIDENTS)
    print(said)
    inside = json.loads(ask(f"/ogc/collections/{INCIDENTS}/items", limit=1000, bbox=f"{middle},-90,180,90"))
    # GDAL leaves out what has no place; the service, as the standard wants it, does not.
    placed = [feature for feature in inside["features"] if feature["geometry"]]
    assert f"Feature Count: {len(placed)}" in said
    assert len([x for x, _ in points if x >= middle]) <= inside["numberMatched"] < len(everything)


def test_gdal_reads_a_vector_tile(gdal, ask, tmp_path):
    tile = tmp_path / "0.pbf"
    tile.write_bytes(ask(f"/ogc/collections/{INCIDENTS}/tiles/WebMercatorQuad/0/0/0"))
    said = gdal("ogrinfo", "-ro", "-so", "-al", tile)
    print(said)
    assert f"Layer name: {INCIDENTS}" in said and "Geometry: Point" in said


def test_the_pages_of_the_service(page_as):
    for persona, language, phone in (("awa", "en", False), ("awa", "ar", True), ("awa", "fr", False)):
        page = page_as(persona, language=language, phone=phone)
        for path in ("", "/conformance", "/api", "/collections", f"/collections/{INCIDENTS}", f"/collections/{INCIDENTS}/items", f"/collections/{INCIDENTS}/queryables"):
            page.goto(f"/ogc{path}?f=html")
            axe(page)
            assert_no_sideways_scroll(page)
            shot(page, f"ogc{path.replace('/', '-')}-{language}{'-phone' if phone else ''}")
    page.goto(f"/ogc/collections/{INCIDENTS}/items?f=html")
    page.locator("tbody tr a").first.click()
    axe(page)
    shot(page, "ogc-feature-fr")
