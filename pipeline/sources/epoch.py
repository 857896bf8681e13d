"""What the sources of Epoch AI share: licence and credit, and the columns of its chip-sales files."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.sources.archives import ArchiveError, unzipped
from pipeline.sources.base import Provenance, Source, SourceError, Upstream, amount, day, flag, iso_dates, text
from pipeline.sources.live import MEGABYTE, ZIP, Live, Request

LICENCE = "CC BY 4.0"
CREDIT = "Epoch AI, epoch.ai"

# Release date of the stored chip-sales vintage: the commit named in its SOURCE.md (2026-04-22). Its designers were estimated
# from 31 March on.
CHIP_SALES_FOLDER = "epoch_chip_sales/2026-04"
CHIP_SALES_RELEASED = "2026-04-22"
CHIP_SALES_VINTAGE = "2026-04"
CHIP_SALES_FIRST_STAMP = "2026-03-31"

# Numbers with 5th and 95th percentiles, as the chip-sales files give them.
ESTIMATES = {
    f"{name}_{level}": amount(nullable=True) for name in ("units", "h100e_8bit") for level in ("p05", "p50", "p95")
}
POWER = {f"power_mw_{level}": amount(nullable=True) for level in ("p05", "p50", "p95")}

BASE_URL = "https://epoch.ai"
# Huawei and Cambricon are in the published files alone, not model-based, and stay outside the tracked total.
DESIGNER = text(choices=("Nvidia", "AMD", "Google", "Amazon", "Huawei", "Cambricon"))
# Quarters of the calendar, or the designer's fiscal ones.
PERIOD_KIND = text(choices=("calendar", "fiscal"))


def member(upstream: Upstream, archive: str, name: str, known_as: str = "") -> Upstream:
    """One file of a zip archive, under its own name or another, in a folder of the archive or not.

    Raises SourceError where the archive cannot be trusted or lacks the file.
    """
    try:
        found = unzipped(upstream.files[archive], lambda path: path.split("/")[-1] == name)
    except ArchiveError as error:
        raise SourceError(f"{archive}: {error}. Fetch it by hand and look; put a good copy into the inbox.") from None
    if len(found) != 1:
        raise SourceError(f"{archive} has {len(found)} files named {name}, not one. Adapt the parser to its layout.")
    path = known_as or name
    return replace(upstream, files={path: next(iter(found.values()))}, published={path: upstream.published[archive]})


def vintages(notes: pd.Series, designers: pd.Series) -> pd.Series:
    """The newest month (2026-04) in which a designer's rows say that they were estimated; of one that does not say it,
    the file's newest.

    Missing where no row says it, so that the contract refuses the file: the day of retrieval is no vintage.
    """
    stamps = notes.fillna("").str.extract(
        r"(?i)generated on:? *(?:(\d{1,2})-(\d{1,2})-(20\d\d)|(20\d\d)-(\d{2})-(\d{2}))"
    )
    american = stamps[2] + "-" + stamps[0].str.zfill(2) + "-" + stamps[1].str.zfill(2)
    days = american.fillna(stamps[3] + "-" + stamps[4] + "-" + stamps[5]).astype("string")
    stored = days.between(CHIP_SALES_FIRST_STAMP, CHIP_SALES_RELEASED).fillna(False)
    months = days.str[:7].mask(stored, CHIP_SALES_VINTAGE)
    newest = designers.map(months.dropna().groupby(designers).max().to_dict())
    return newest.astype("string").fillna(max(months.dropna(), default=pd.NA))


def _find(frame: pd.DataFrame, pattern: str, optional: bool = False) -> pd.Series:
    """The one column whose lower-case name matches, with thousands separators removed; missing if there is none."""
    names = [name for name in frame.columns if re.fullmatch(pattern, name.lower())]
    if len(names) > 1:
        raise SourceError(f"Epoch chip sales: the columns {', '.join(names)} all look like {pattern!r}")
    if not (names or optional):
        raise SourceError(f"Epoch chip sales: no column looks like {pattern!r}; it has {', '.join(frame.columns)}")
    return frame[names[0]].str.replace(",", "") if names else pd.Series(pd.NA, index=frame.index, dtype="string")


def chip_sales(upstream: Upstream, path: str) -> pd.DataFrame:
    """One chip-sales file with tidy columns: designer, owner, chip, dates, units, H100e (8-bit) and MW, 5/50/95 %.

    The stored copy's vintage is that of its folder; a landed file says its own.
    """
    raw = upstream.csv(path)
    if "Notes" not in raw:
        raise SourceError(f"Epoch chip sales: {path} no longer has the column Notes; it has {', '.join(raw.columns)}.")
    # Names of the files up to April 2026, and of upstream's export since.
    units, h100e, power = r"number of units", r"(compute estimate in )?h100e", r"power (in mw|\(mw\))"
    middle = r"( \(median\))?"
    tidy = {
        "designer": _find(raw, "chip manufacturer|designer"),
        "owner": _find(raw, "owner", optional=True),
        "chip_type": _find(raw, "chip type", optional=True),
        "period_start": iso_dates(_find(raw, "start date")),
        "period_end": iso_dates(_find(raw, "end date")),
    }
    for name, pattern in (("units", units), ("h100e_8bit", h100e), ("power_mw", power)):
        tidy[f"{name}_p05"] = _find(raw, pattern + r" \(5th percentile\)", optional=name == "power_mw")
        tidy[f"{name}_p50"] = _find(raw, pattern + middle, optional=name == "power_mw")
        tidy[f"{name}_p95"] = _find(raw, pattern + r" \(95th percentile\)", optional=name == "power_mw")
    notes = raw["Notes"].fillna("") + raw.get("Incomplete", pd.Series("", index=raw.index)).fillna("").astype(str)
    tidy["is_incomplete"] = notes.str.lower().str.contains("incomplete:|true").map({True: "True", False: "False"})
    landed = path in upstream.published
    tidy["estimate_vintage"] = (
        vintages(raw["Notes"], tidy["designer"]) if landed else pd.Series(CHIP_SALES_VINTAGE, raw.index, "string")
    )
    return pd.DataFrame(tidy)


def _by_calendar_quarter(stored: pd.DataFrame) -> pd.DataFrame:
    """What the published archive has of the stored rows, which hold fiscal quarters beside those of the calendar."""
    return stored[stored["period_kind"].eq("calendar")] if "period_kind" in stored else stored


def chip_sales_source(
    stored: Mapping[str, str], archive: str, name: str, said: str, *own: str, power: bool = False, **named: Any
) -> Source:
    """A source of chip sales: files of the stored copy (with the kind of their quarters) below one another, and the
    published archive's one file for all designers, calendar quarters, of the vintages that its rows say.

    A later file is another vintage: it never replaces the rows of an earlier one. `own` are the columns of text that
    others of the family lack.
    """
    files = {f"{CHIP_SALES_FOLDER}/{path}.csv": kind for path, kind in stored.items()}

    def parse(upstream: Upstream) -> pd.DataFrame:
        parts = [chip_sales(upstream, path).assign(period_kind=kind) for path, kind in files.items()]
        return pd.concat(parts, ignore_index=True).assign(released=CHIP_SALES_RELEASED)

    def parse_live(upstream: Upstream) -> pd.DataFrame:
        found = member(upstream, archive, name)
        return chip_sales(found, name).assign(period_kind="calendar", released=found.day(name))

    request = Request(archive, f"/data/{archive}", ZIP, max_bytes=20 * MEGABYTE)
    return Source(
        **named,
        licence="MIT (repository), CC BY 4.0 (data hub)",
        credit=CREDIT,
        homepage_url=f"{BASE_URL}/data/{archive}",
        cadence="quarterly",
        files=tuple(files),
        parse=parse,
        live=Live(BASE_URL, (request,), parse_live, whole=False, last_list=_by_calendar_quarter),
        provenance=Provenance(f"Epoch AI, AI chip {said}", confidence="estimate", reported_on="{released}"),
        columns={
            "designer": DESIGNER,
            **{column: PERIOD_KIND if column == "period_kind" else text() for column in own},
            "period_start": day(),
            "period_end": day(),
            **ESTIMATES,
            **(POWER if power else {}),
            "is_incomplete": flag(),
            "estimate_vintage": text(),
        },
    )
