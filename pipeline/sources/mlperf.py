"""What the two MLPerf sources share: licence and credit, the address of a result, the words for an accelerator."""

import pandas as pd

# Files of MLCommons' result repositories, by repository, branch and path.
FILES_URL = "https://raw.githubusercontent.com"
LICENCE = "Apache-2.0"
CREDIT = (
    "MLCommons (MLPerf). Quote round, division, benchmark and scenario; figures per accelerator are derived and no "
    "official metric. MLPerf is a registered trademark of MLCommons"
)


def address(repository: pd.Series, kind: str, path: pd.Series) -> pd.Series:
    """The page of a file ("blob") or folder ("tree") in a GitHub repository's default branch, by GitHub's own rule."""
    return "https://github.com/" + repository + f"/{kind}/HEAD/" + path.str.replace(" ", "%20")


def accelerator_columns(written: pd.Series) -> dict[str, pd.Series]:
    """The accelerator as the submitter writes it, its name alone, and whether one system holds several kinds of it.

    Counts in brackets, as in "MI300X (x32), MI325X (x16)", belong to the system: two of them are two kinds.
    """
    counts = written.fillna("").str.count(r"\(x\d+\)")
    return {
        "accelerator": written,
        "accelerator_name": written.str.replace(r"\s*\(x\d+\)$", "", regex=True).mask(counts > 1),
        "is_mixed_system": (counts > 1).map({True: "True", False: "False"}),
    }
