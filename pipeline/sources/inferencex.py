"""What the sources of InferenceX share: licence and credit."""

LICENCE = "Apache-2.0 (benchmark); results are facts"
CREDIT = "SemiAnalysis InferenceX"
