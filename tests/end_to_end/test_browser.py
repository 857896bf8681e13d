"""The report page in a real browser, opened from the file system. Part of `make test-all`: needs Chromium and npm."""

from __future__ import annotations

import csv
import io
import json
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from sandbox import Sandbox
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from pipeline.read.query import inert

pytestmark = pytest.mark.slow
PHONE, TABLET, DESKTOP = 390, 900, 1440


@pytest.fixture(scope="module")
def page(refreshed: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in a folder where nothing else of the release lies."""
    alone = tmp_path_factory.mktemp("alone") / "index.html"
    alone.write_bytes((refreshed.latest / "index.html").read_bytes())
    return alone


@pytest.fixture(params=[PHONE, TABLET, DESKTOP])
def browser(request: pytest.FixtureRequest, needs: Callable[[str, str], str], page: Path) -> Iterator[webdriver.Chrome]:
    """Chromium with the page opened and drawn, on a phone and on a desktop."""
    options = Options()
    options.binary_location = needs("chromium", "chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={request.param},1000"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(page.parent / "downloads")})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, Service(needs("chromedriver", "chromium-driver")))
    metrics = {"width": request.param, "height": 1000, "deviceScaleFactor": 1, "mobile": request.param == PHONE}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        driver.get(page.as_uri())
        drawn = "return document.documentElement.dataset.drawn"
        WebDriverWait(driver, 120).until(lambda one: one.execute_script(drawn))
        yield driver
    finally:
        driver.quit()


def test_it_draws_and_asks_for_nothing(browser: webdriver.Chrome, page: Path) -> None:
    places = browser.find_elements(By.CSS_SELECTOR, "[data-chart]")
    assert len(places) >= 18
    assert int(browser.execute_script("return document.documentElement.dataset.drawn")) == len(places)
    for place in places:
        marks = place.find_elements(By.CSS_SELECTOR, "svg path")
        assert len(marks) > 5 and place.size["height"] > 150 and place.size["width"] > 200
    # Vega-Lite says so of every chart that is as wide as its place and grows with its rows.
    told = [entry["message"] for entry in browser.get_log("browser")]
    assert [message for message in told if 'Dropping \\"fit-y\\" because spec has discrete height' not in message] == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert {url for url in asked if not url.startswith("data:")} == {page.as_uri()}


def test_nothing_is_wider_than_the_screen(browser: webdriver.Chrome, request: pytest.FixtureRequest) -> None:
    # A phone's window grows with what is too wide, so both are held against the width that was asked for.
    asked = request.node.callspec.params["browser"]
    wide, window = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= asked and window == asked


def test_first_screen_answers_the_question_and_says_how_sure_we_are(browser: webdriver.Chrome) -> None:
    answer = browser.find_element(By.CLASS_NAME, "answer")
    assert "80% interval" in answer.text and answer.location["y"] < 700
    chart = browser.find_element(By.ID, "inference_share").find_element(By.CLASS_NAME, "plot")
    assert browser.find_elements(By.CLASS_NAME, "plot")[0] == chart
    if browser.execute_script("return window.innerWidth") == DESKTOP:
        assert chart.location["y"] + chart.size["height"] < 1000
    cards = browser.find_elements(By.CSS_SELECTOR, ".card")
    assert len(cards) == 4 and all("interval" in card.text for card in cards)


def choose(browser: webdriver.Chrome, figure: str, label: str, wanted: str) -> str:
    """Choose in a figure's list; its marks afterwards."""
    for choice in browser.find_elements(By.CSS_SELECTOR, f"#{figure} .choices label"):
        if choice.find_element(By.CLASS_NAME, "vega-bind-name").text == label:
            Select(choice.find_element(By.TAG_NAME, "select")).select_by_visible_text(wanted)
    time.sleep(0.3)
    return marks(browser, figure)


def marks(browser: webdriver.Chrome, figure: str) -> str:
    return browser.find_element(By.CSS_SELECTOR, f"#{figure} svg").get_attribute("outerHTML")


@pytest.mark.parametrize("browser", [DESKTOP], indirect=True)
def test_accounting_scenario_vendor_and_past_origin_can_be_chosen(browser: webdriver.Chrome) -> None:
    seen = [marks(browser, "inference_share")]
    for label, wanted in (("in", "executed operations (FLOP)"), ("if", "agentic boom")):
        seen.append(choose(browser, "inference_share", label, wanted))
    assert len(set(seen)) == 3
    every = marks(browser, "past_forecasts")
    assert "outcomes inside the 80% interval" in every
    one = choose(browser, "past_forecasts", "made in", "2023Q1")
    assert one.count("mark-line") == 2 < every.count("mark-line")  # one fan and what came, of many
    oracle = choose(browser, "past_forecasts", "of", "Oracle capital expenditure, cash")
    assert "of 8 outcomes inside the 80% interval" in oracle and oracle != one
    assert "Nothing was forecast then." in choose(browser, "past_forecasts", "of", "Broadcom AI semiconductors")


def test_filter_of_claims_works_with_mouse_and_keys(browser: webdriver.Chrome) -> None:
    def shown() -> list:
        return [row for row in browser.find_elements(By.CSS_SELECTOR, "#claims tbody tr") if row.is_displayed()]

    everything = len(shown())
    radios = browser.find_elements(By.CSS_SELECTOR, "#claims .filter input")
    assert len(radios) > 2 and everything > 50
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", radios[1])
    radios[1].click()
    few = shown()
    assert 0 < len(few) < everything
    assert {row.get_attribute("data-key") for row in few} == {radios[1].get_attribute("value")}
    radios[1].send_keys(Keys.ARROW_LEFT)
    assert len(shown()) == everything


def test_years_and_a_logarithm_change_a_chart_and_stay_chosen(browser: webdriver.Chrome) -> None:
    figure = browser.find_element(By.ID, "revenue_nvidia_total")
    box, place = figure.find_element(By.CLASS_NAME, "logarithm"), figure.find_element(By.CLASS_NAME, "plot")

    def labels() -> set[str]:
        time.sleep(0.3)  # a chart is drawn anew after the event
        return {label.text for label in place.find_elements(By.CSS_SELECTOR, ".role-axis-label text")}

    assert {"2024", "2028", "0"} <= labels()
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", place)
    box.click()
    assert {"1", "10", "100"} <= labels() and "0" not in labels()
    Select(figure.find_elements(By.TAG_NAME, "select")[1]).select_by_visible_text("2025")
    assert "2028" not in labels() and "0" not in labels()
    box.click()
    assert "0" in labels() and "2028" not in labels()


@pytest.mark.parametrize("browser", [DESKTOP], indirect=True)
def test_pointer_shows_figures(browser: webdriver.Chrome) -> None:
    place = browser.find_element(By.CSS_SELECTOR, "#revenue_nvidia_total .plot")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", place)
    diamond = place.find_elements(By.CSS_SELECTOR, ".mark-symbol path")[-1]
    ActionChains(browser).move_to_element(diamond).perform()
    told = WebDriverWait(browser, 10).until(lambda one: one.find_element(By.ID, "vg-tooltip-element").text)
    assert "median" in told and "10% lie below" in told


def downloaded(folder: Path, name: str) -> bytes:
    """The file that a click saved, once it is whole."""
    for _ in range(100):
        if (folder / name).exists() and (folder / name).stat().st_size:
            return (folder / name).read_bytes()
        time.sleep(0.1)
    raise AssertionError(f"{name} was not saved; there are {sorted(path.name for path in folder.glob('*'))}")


@pytest.mark.parametrize("browser", [DESKTOP], indirect=True)
@pytest.mark.parametrize("name", ["revenue_nvidia_total", "claims"])
def test_csv_has_the_rows_of_the_release(browser: webdriver.Chrome, page: Path, refreshed: Sandbox, name: str) -> None:
    (page.parent / "downloads" / f"{name}.csv").unlink(missing_ok=True)
    browser.execute_script("arguments[0].click()", browser.find_element(By.CSS_SELECTOR, f"[data-csv={name}]"))
    text = downloaded(page.parent / "downloads", f"{name}.csv").decode()
    sql = browser.find_element(By.CSS_SELECTOR, f"#{name} .sql code").get_attribute("textContent")
    with duckdb.connect(str(refreshed.latest / "chipcast.duckdb"), read_only=True) as connection:
        result = connection.execute(sql)
        rows = [[one[0] for one in result.description], *result.fetchall()]
    found = list(csv.reader(io.StringIO(text)))
    assert len(found) == len(rows) > 20
    for line, row in zip(found, rows, strict=True):
        for shown, value in zip(line, row, strict=True):
            if isinstance(value, float):
                assert float(shown) == value
            else:
                plain = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
                assert shown == inert(plain)


@pytest.mark.parametrize("browser", [DESKTOP], indirect=True)
def test_png_is_a_picture_of_the_chart(browser: webdriver.Chrome, page: Path) -> None:
    (page.parent / "downloads" / "fleet.png").unlink(missing_ok=True)
    browser.execute_script("arguments[0].click()", browser.find_element(By.CSS_SELECTOR, "[data-png=fleet]"))
    picture = downloaded(page.parent / "downloads", "fleet.png")
    width, height = struct.unpack(">II", picture[16:24])
    assert picture.startswith(b"\x89PNG") and len(picture) > 20_000 and width > 1200 and height > 600


@pytest.mark.parametrize("browser", [DESKTOP], indirect=True)
def test_a_table_is_sorted_and_searched(browser: webdriver.Chrome) -> None:
    def column() -> list[str]:
        return [
            row.find_elements(By.CSS_SELECTOR, "th, td")[6].text
            for row in browser.find_elements(By.CSS_SELECTOR, "#sources tbody tr")
            if row.is_displayed()
        ]

    head = browser.find_elements(By.CSS_SELECTOR, "#sources thead th")[6]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", head)
    for order, button in (("ascending", Keys.ENTER), ("descending", Keys.SPACE)):
        head.find_element(By.TAG_NAME, "button").send_keys(button)
        ages = [int(age.replace(",", "")) for age in column() if age != "–"]
        assert head.get_attribute("aria-sort") == order and len(set(ages)) > 5
        assert ages == sorted(ages, reverse=order == "descending")
    everything = len(column())
    browser.find_element(By.CSS_SELECTOR, "#sources [type=search]").send_keys("edgar")
    assert 0 < len(column()) < everything


@pytest.mark.parametrize("browser", [DESKTOP], indirect=True)
def test_the_theme_follows_the_system_until_it_is_chosen(browser: webdriver.Chrome) -> None:
    def ground() -> str:
        return browser.execute_script("return getComputedStyle(document.body).backgroundColor")

    def line() -> str:
        return browser.execute_script(
            "return getComputedStyle(document.querySelector('#fleet .mark-line path')).stroke"
        )

    light, ink = ground(), line()
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    night, bright = ground(), line()
    assert light == "rgb(255, 255, 255)" and night != light and bright != ink
    Select(browser.find_element(By.ID, "theme")).select_by_visible_text("light")
    assert (ground(), line()) == (light, ink)


def test_keyboard_reaches_everything(browser: webdriver.Chrome) -> None:
    """Tab goes through every link, summary, filter and table that scrolls, in their order on the page."""
    reached = browser.execute_script("""
        const wanted = [...document.querySelectorAll('a[href], summary, input, select, button, [tabindex="0"]')].filter(
            (e) => e.checkVisibility() && !(e.type === 'radio' && !e.checked));
        window.wanted = wanted; window.found = new Set();
        document.addEventListener('focusin', (event) => window.found.add(event.target));
        return wanted.length;
    """)
    assert reached > 60
    body = browser.find_element(By.TAG_NAME, "body")
    for _ in range(reached + 5):
        body = browser.switch_to.active_element
        body.send_keys(Keys.TAB)
    missed = browser.execute_script("return window.wanted.filter((e) => !window.found.has(e)).map((e) => e.outerHTML)")
    assert missed == []


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_axe_finds_no_serious_violation(
    browser: webdriver.Chrome, ground: str, needs: Callable[[str, str], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "axe"
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        folder.mkdir(exist_ok=True)
        command = [
            needs("npm", "npm"),
            "install",
            "--silent",
            "--no-fund",
            "--no-audit",
            "--prefix",
            str(folder),
            "axe-core@4",
        ]
        installed = subprocess.run(command, capture_output=True, text=True)
        if installed.returncode:
            pytest.skip(f"axe-core could not be installed with npm: {installed.stderr.strip()[-200:]}")
    Select(browser.find_element(By.ID, "theme")).select_by_visible_text(ground)
    browser.execute_script(script.read_text())
    browser.set_script_timeout(180)
    outcome = browser.execute_async_script("axe.run(document).then(arguments[arguments.length - 1])")
    assert len(outcome["passes"]) > 15
    serious = [
        f"{violation['id']}: {node['html'][:150]}"
        for violation in outcome["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert serious == []


def test_print_shows_charts_and_whole_tables(browser: webdriver.Chrome) -> None:
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not browser.find_element(By.TAG_NAME, "nav").is_displayed()
    assert not browser.find_element(By.CSS_SELECTOR, ".filter").is_displayed()
    cut = browser.execute_script(
        "return [...document.querySelectorAll('.scroll')].filter((e) => e.scrollHeight > e.clientHeight + 1).length"
    )
    assert cut == 0
    assert all(chart.is_displayed() for chart in browser.find_elements(By.CSS_SELECTOR, "[data-chart] svg"))
