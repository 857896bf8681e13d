"""What the sources of InferenceX share: licence and credit."""

from __future__ import annotations

LICENCE = "Apache-2.0 (benchmark); results are facts"
CREDIT = "SemiAnalysis InferenceX"
