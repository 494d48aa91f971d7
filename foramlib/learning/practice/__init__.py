"""Practice without end: find the structure, name it, which root, and whole cases; what was missed comes back."""

from foramlib.learning.practice.drill import KINDS, Round
from foramlib.learning.practice.find import FindTask, Place, Views, find_task
from foramlib.learning.practice.in_space import Look
from foramlib.learning.practice.leitner import GAPS, Boxes
from foramlib.learning.practice.localise import LocaliseTask, localise_task
from foramlib.learning.practice.placing import Bearing, bearings
from foramlib.learning.practice.progress import Progress, open_progress, read_progress, write_progress
from foramlib.learning.practice.roots import RootTask, root_task

__all__ = [
    "GAPS",
    "KINDS",
    "Bearing",
    "Boxes",
    "FindTask",
    "LocaliseTask",
    "Look",
    "Place",
    "Progress",
    "RootTask",
    "Round",
    "Views",
    "bearings",
    "find_task",
    "localise_task",
    "open_progress",
    "read_progress",
    "root_task",
    "write_progress",
]
