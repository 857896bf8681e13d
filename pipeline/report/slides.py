"""Charts as pictures. Run as a module it packs the charting libraries too: specs come in, JavaScript goes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VEGA_LITE = "6.4"


def draw(folder: Path, specs: Mapping[str, dict[str, Any]]) -> None:
    """Write each specification as `folder/name.png`."""
    import vl_convert

    for name, spec in specs.items():
        image = vl_convert.vegalite_to_png(json.dumps(spec, default=str), vl_version=VEGA_LITE, scale=1.5)
        (folder / f"{name}.png").write_bytes(image)


if __name__ == "__main__":
    import vl_convert

    bundle = vl_convert.javascript_bundle(vl_version=VEGA_LITE)  # type: ignore[call-arg]
    draw(Path(sys.argv[1]), json.load(sys.stdin))
    sys.stdout.buffer.write(bundle.encode())
