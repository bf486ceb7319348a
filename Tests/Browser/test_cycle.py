"""A question of the mission from what may answer it to the accepted answer; alerts, early warning and figures; in French, Arabic and others."""

import re

from playwright.sync_api import expect

from conftest import assert_no_sideways_scroll, axe, shot


def test_a_question_is_answered_without_javascript_and_judged_by_another(people, no_problems):
    reader = people.window("rafael", language="es", javascript=False).new_page()
    reader.goto("/situation/cycle")
    reader.get_by_role("link", name=re.compile("Which roads north")).click()
    expect(reader).to_have_url(re.compile(r"/situation/cycle/PIR-\d{4}-\d{4}$"))

    # A number that there is not is said at the field, and what was written is kept.
    reader.locator("#f-subject").fill("INC-1999-000001")
    reader.locator("[name=text]").fill("El puente del kilómetro 42 está cortado.")
    reader.locator("main form button.primary").click()
    expect(reader.locator("#e-subject")).to_be_visible()
    expect(reader.locator("[name=text]")).to_have_value("El puente del kilómetro 42 está cortado.")
    shot(reader, "cycle-refused-es")
    reader.locator("#f-subject").fill("")
    reader.locator("main form button.primary").click()
    answer = reader.get_by_role("link", name=re.compile(r"^ANS-\d{4}-\d{6}$")).last.inner_text()

    officer = people.window("awa", language="fr").new_page()
    officer.goto(reader.url)
    expect(officer.locator("main")).to_contain_text(answer)
    axe(officer)
    shot(officer, "cycle-question-fr")
    officer.goto(f"/situation/answers/{answer}")
    officer.get_by_role("link", name="Retenir").or_(officer.get_by_role("button", name="Retenir")).first.click()
    if "/moves/" in officer.url:
        officer.locator("main form button.primary").click()
    expect(officer.locator("main")).to_contain_text("Retenue")


def test_the_list_of_questions_early_warning_and_figures_read_in_every_direction(people, no_problems):
    for language, name in [("ar", "دورة المعلومات"), ("fr", "Cycle de l’information"), ("zh", "信息周期")]:
        page = people.window("awa", language=language, phone=language == "ar").new_page()
        page.goto("/situation/cycle")
        expect(page.locator("h1")).to_have_text(name)
        axe(page)
        assert_no_sideways_scroll(page)
        shot(page, f"cycle-{language}")
        for path in ["early-warning?alpha=0.05", "figures?days=365"]:
            page.goto(f"/situation/{path}")
            axe(page)
            assert_no_sideways_scroll(page)
            shot(page, f"cycle-{path.split('?')[0]}-{language}")


def test_a_figure_says_by_keyboard_how_it_came_about(people, no_problems):
    page = people.window("awa", language="en").new_page()
    page.goto("/situation/figures?days=365")
    page.locator(".measure a.why").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".working")).to_contain_text("Kaplan–Meier")
    axe(page)
    shot(page, "cycle-figures-why-en")
    page.keyboard.press("Escape")
    expect(page.locator(".working")).to_have_count(0)

    # The number of a week is the number of its list.
    link = page.locator("table a.num").last
    number = int(re.sub(r"\D", "", link.inner_text().split()[0]))
    link.click()
    expect(page).to_have_url(re.compile("/situation/incidents"))
    rows = page.locator("tr[data-row]").count()
    assert rows == min(number, 20), f"{rows} rows for {number}"


def test_an_alert_is_acknowledged_and_tells_why_it_was_raised(people, no_problems):
    page = people.window("awa", language="ru").new_page()
    page.goto("/situation/alerts?view=open")
    axe(page)
    shot(page, "cycle-alerts-ru")
    page.locator("tr[data-row] a.plain").first.click()
    number = page.url.rsplit("/", 1)[-1]
    page.goto(f"/situation/alerts/{number}")
    axe(page)
    shot(page, "cycle-alert-ru")
    page.goto(f"/situation/alerts/{number}/working?of=field:subject")
    expect(page.locator("main")).to_contain_text(re.compile("ALR|PIR|INC"))
    shot(page, "cycle-alert-why-ru")
    stranger = people.window("meilin").new_page()
    assert stranger.goto(f"/situation/alerts/{number}").status == 404
    assert stranger.goto("/situation/early-warning").status == 404
