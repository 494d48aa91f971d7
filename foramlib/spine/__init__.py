"""The parametric model of a motion segment: shapes, vertebrae, posture, sections, rulers."""

from foramlib.spine.contact import Contact, contacts
from foramlib.spine.foramen import DEFINITIONS, Measures, Rulers, measure, measure_section
from foramlib.spine.lesions import Lesion, lesion, parse_lesion, read_lesions
from foramlib.spine.levels import MODELLED, Level, parse_side
from foramlib.spine.planes import PLANES, Plane
from foramlib.spine.section import Region, Section, cut
from foramlib.spine.segment import Segment, Structure
from foramlib.spine.stage import Posture
from foramlib.spine.structures import Entry, catalogue

__all__ = [
    "DEFINITIONS",
    "MODELLED",
    "PLANES",
    "Contact",
    "Entry",
    "Lesion",
    "Level",
    "Measures",
    "Plane",
    "Posture",
    "Region",
    "Rulers",
    "Section",
    "Segment",
    "Structure",
    "catalogue",
    "contacts",
    "cut",
    "lesion",
    "measure",
    "measure_section",
    "parse_lesion",
    "parse_side",
    "read_lesions",
]
