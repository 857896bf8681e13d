"""The report page in a real browser, opened from the file system. Part of `make test-all`: needs Chromium and npm."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sandbox import Sandbox
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.slow
PHONE, DESKTOP = 390, 1440


@pytest.fixture(scope="module")
def page(refreshed: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in a folder where nothing else of the release lies."""
    alone = tmp_path_factory.mktemp("alone") / "index.html"
    alone.write_bytes((refreshed.latest / "index.html").read_bytes())
    return alone


@pytest.fixture(params=[PHONE, DESKTOP])
def browser(request: pytest.FixtureRequest, needs: Callable[[str, str], str], page: Path) -> Iterator[webdriver.Chrome]:
    """Chromium with the page opened and drawn, on a phone and on a desktop."""
    options = Options()
    options.binary_location = needs("chromium", "chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={request.param},1000"):
        options.add_argument(argument)
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
    assert browser.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert {url for url in asked if not url.startswith("data:")} == {page.as_uri()}


def test_nothing_is_wider_than_the_screen(browser: webdriver.Chrome) -> None:
    wide, screen = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= screen


def test_first_screen_says_what_changed_and_how_sure_we_are(browser: webdriver.Chrome) -> None:
    cards = browser.find_elements(By.CSS_SELECTOR, ".card")
    assert len(cards) == 4 and all("interval" in card.text for card in cards)
    if browser.execute_script("return window.innerWidth") == DESKTOP:
        shares = browser.find_elements(By.CSS_SELECTOR, "[data-chart^=inference_share]")
        assert len(shares) == 3 and all(chart.location["y"] < 1000 for chart in [*cards, *shares])


def test_filter_of_claims_works_with_mouse_and_keys(browser: webdriver.Chrome) -> None:
    def shown() -> list:
        return [
            row
            for row in browser.find_elements(By.CSS_SELECTOR, "[data-filtered=claims] tbody tr")
            if row.is_displayed()
        ]

    everything = len(shown())
    radios = browser.find_elements(By.CSS_SELECTOR, "[data-filter=claims] input")
    assert len(radios) > 2 and everything > 50
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", radios[1])
    radios[1].click()
    few = shown()
    assert 0 < len(few) < everything
    assert {row.get_attribute("data-key") for row in few} == {radios[1].get_attribute("value")}
    radios[1].send_keys(Keys.ARROW_LEFT)
    assert len(shown()) == everything


def test_keyboard_reaches_everything(browser: webdriver.Chrome) -> None:
    """Tab goes through every link, summary, filter and table that scrolls, in their order on the page."""
    reached = browser.execute_script("""
        const wanted = [...document.querySelectorAll('a[href], summary, input, [tabindex="0"]')].filter(
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


def test_axe_finds_no_serious_violation(
    browser: webdriver.Chrome, needs: Callable[[str, str], str], tmp_path_factory: pytest.TempPathFactory
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
