"""The synthetic scanner: MR signal, CT numbers and images of any plane of the model."""

from foramlib.imaging.scan import DEFAULT_WINDOWS, SEQUENCES, Scan, Scanner, Settings, acquire, image_plane
from foramlib.imaging.tissue_map import TissueMap, map_tissues

__all__ = [
    "DEFAULT_WINDOWS",
    "SEQUENCES",
    "Scan",
    "Scanner",
    "Settings",
    "TissueMap",
    "acquire",
    "image_plane",
    "map_tissues",
]
