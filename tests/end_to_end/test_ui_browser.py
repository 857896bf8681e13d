"""The Dagster UI in Debian's chromium, as an operator uses it. Pictures of each step lie in tests/artefacts/."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster_server import Server
from sandbox import ROOT, Sandbox
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.slow

ARTEFACTS = ROOT / "tests" / "artefacts"
SOURCE = "openrouter_prices"


@pytest.fixture(scope="module")
def server(grown: Sandbox) -> Iterator[Server]:
    found = Server(grown)
    found.start()
    try:
        yield found
    finally:
        found.kill()


class Page:
    """A browser window on the UI, found by what a person reads."""

    def __init__(self, driver: webdriver.Chrome, url: str):
        self.driver, self.url = driver, url

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)

    def see(self, xpath: str, seconds: float = 60) -> WebElement:
        def found(driver: webdriver.Chrome) -> WebElement | bool:
            return next((one for one in driver.find_elements(By.XPATH, xpath) if one.is_displayed()), False)

        wait = WebDriverWait(self.driver, seconds, ignored_exceptions=[StaleElementReferenceException])
        try:
            return wait.until(found)
        except TimeoutException:
            self.keep("not_seen")
            raise AssertionError(f"not seen within {seconds} s: {xpath} (tests/artefacts/not_seen.png)") from None

    def read(self, text: str, seconds: float = 60) -> WebElement:
        return self.see(f'//*[text()[contains(., "{text}")]]', seconds)

    def press(self, label: str, within: str = "") -> None:
        button = self.see(f'{within}//button[not(@disabled)][contains(normalize-space(.), "{label}")]')
        self.driver.execute_script("arguments[0].click()", button)

    def keep(self, name: str) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        self.driver.save_screenshot(str(ARTEFACTS / f"{name}.png"))


@pytest.fixture(scope="module")
def page(server: Server, request: pytest.FixtureRequest) -> Iterator[Page]:
    paths = [Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")]
    for path, package in zip(paths, ("chromium", "chromium-driver"), strict=True):
        if not path.exists():
            pytest.skip(f"{path.name} is missing: apt-get install {package}")
    options = Options()
    options.binary_location = str(paths[0])
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1440,900"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(str(paths[1])))
    driver.set_page_load_timeout(120)
    yield Page(driver, server.url)
    driver.quit()


def test_the_whole_graph_materialises_and_is_green(page: Page, server: Server) -> None:
    page.open("/locations/chipcast/jobs/refresh")
    page.press("Materialize all")
    run = server.wait("the run that the button starts", lambda: next(iter(server.runs()), None), 60)
    assert run["jobName"] == "refresh"
    assert server.ended(run["runId"], 600)["status"] == "SUCCESS"
    page.open(f"/runs/{run['runId']}")
    page.read("Success")
    page.keep("run")
    page.open("/locations/chipcast/jobs/refresh")
    page.read("Latest run", 120)
    page.keep("graph")
    green = server.ask("{assetNodes {jobNames assetMaterializations(limit: 1) {runId}}}")["assetNodes"]
    made = [one["assetMaterializations"] for one in green if "refresh" in one["jobNames"]]
    assert len(made) > 130 and all(one and one[0]["runId"] == run["runId"] for one in made)


def test_a_forecast_shows_its_chart_history_and_checks(page: Page) -> None:
    page.open("/assets/forecasts/vendor_revenue")
    shown = page.see('//*[text()="chart"]/following::*[contains(text(), "Show Markdown")]')
    page.driver.execute_script("arguments[0].click()", shown)
    chart = page.see('//img[starts-with(@src, "data:image/svg+xml;base64,")]')
    assert page.driver.execute_script("return arguments[0].naturalWidth", chart) > 300
    page.keep("forecast")
    assert page.driver.find_elements(By.XPATH, '//*[contains(text(), "log_wis_skill_vs_log_drift_1q")]')
    page.open("/assets/forecasts/vendor_revenue")
    page.press("Plots")
    for name in ("dagster/row_count", "log_wis_skill_vs_log_drift_1q"):
        page.see(f'//*[text()="{name}"]/following::canvas')
    page.keep("plots")
    page.open("/assets/forecasts/vendor_revenue?view=checks")
    page.read("contract")
    page.read("Passed")
    page.keep("checks")


def test_a_schedule_is_toggled(page: Page, server: Server) -> None:
    def state() -> str:
        return server.ask(
            """{schedulesOrError(repositorySelector: {repositoryLocationName: "chipcast",
            repositoryName: "__repository__"}) {... on Schedules {results {name scheduleState {status}}}}}"""
        )["schedulesOrError"]["results"][0]["scheduleState"]["status"]

    name = "earnings_weekly"
    page.open(f"/locations/chipcast/schedules/{name}")
    switch = '//input[@type="checkbox"]'
    assert state() == "RUNNING"
    for wanted in ("STOPPED", "RUNNING"):
        page.read(name)
        box = WebDriverWait(page.driver, 60).until(lambda driver: driver.find_element(By.XPATH, switch))
        page.driver.execute_script("arguments[0].click()", box)
        server.wait(f"the schedule to be {wanted}", lambda wanted=wanted: state() == wanted, 60)
        page.keep(f"schedule_{wanted.lower()}")


def test_a_backfill_of_three_days(page: Page, server: Server) -> None:
    page.open("/assets/price_days/token_price_history?view=partitions")
    page.press("Materialize")
    field = page.see('//*[@role="dialog"]//input[@type="text"]')
    page.driver.execute_script("arguments[0].select()", field)
    field.send_keys("[2026-11-21...2026-11-23]\n")
    page.keep("backfill")
    page.press("Launch", '//*[@role="dialog"]')
    folder = server.sandbox.state / "price_days" / "token_price_history"
    server.wait("the backfill", lambda: len(list(folder.glob("[!.]*.parquet"))) == 3, 240)
    page.open("/assets/price_days/token_price_history?view=partitions")
    page.read("2026-11-23")
    page.keep("partitions")


def test_a_planted_failure_is_red_with_its_message(page: Page, server: Server) -> None:
    path = server.sandbox.data / f"{SOURCE}.csv"
    good = path.read_text()
    path.write_text(good.replace("model_id", "model_name", 1))
    run_id = server.launch("refresh", [f"raw/{SOURCE}"])
    try:
        assert server.ended(run_id)["status"] == "FAILURE"
    finally:
        path.write_text(good)
    page.open(f"/runs/{run_id}")
    page.read("Failure")
    page.read("model_id")
    page.keep("failure")
