"""A synthetic image as a picture and in words, both from the same numbers.

The words say how bright each structure is in the window that is set, and where it lies; the picture carries its
letters, a scale bar, the line of another plane and the word SYNTHETIC.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from foramlib.figures.palette import role
from foramlib.figures.scene import frame, scene
from foramlib.figures.words import plane_words, state_words
from foramlib.imaging.scan import SEQUENCES, Scan, Scanner, Settings, image_plane, noise_sd, signal_of
from foramlib.spine.foramen import measure_section
from foramlib.spine.planes import Plane
from foramlib.spine.section import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from foramlib.spine.foramen import Measures
    from foramlib.spine.section import Section
    from foramlib.spine.segment import Segment

__all__ = [
    "STAMP",
    "Seen",
    "Tone",
    "burned",
    "compose_scan",
    "describe_scan",
    "reference_line",
    "settings_words",
    "what_changed",
]

STAMP = "SYNTHETIC"

TONES: tuple[tuple[float, str], ...] = (
    (0.08, "black"),
    (0.30, "dark"),
    (0.55, "grey"),
    (0.82, "bright"),
    (2.0, "white"),
)
"""Upper limit of each word as a share of the window, from black to white."""

AROUND_MM = 1.0
"""Width of the ring about the root in which fat is looked for, mm."""

_MOST_NAMED = 12
_PATCH = 2  # pixels to each side of a place whose mean is its tone


@dataclass(frozen=True)
class Tone:
    """How bright a structure is: its id and name, share of the window (0 black, 1 white), the word, and where."""

    id: str
    name: str
    share: float
    word: str
    where: str
    rank: int


@dataclass(frozen=True, eq=False)
class Seen:
    """An image with the section of the same plane, its measures, and its scene."""

    segment: Segment
    section: Section
    measures: Measures
    drawn: Mapping[str, Any]
    scan: Scan

    @staticmethod
    def of(segment: Segment, section: Section, measures: Measures, scan: Scan) -> Seen:
        """Put an image beside the section of its plane."""
        return Seen(segment, section, measures, scene(segment, section, measures), scan)

    @staticmethod
    def named(segment: Segment, plane: str, side: str, settings: Settings, scanner: Scanner | None = None) -> Seen:
        """Cut, measure and scan a plane by its name; a scanner that is given keeps what it found.

        Raises
        ------
        InvalidInput
            If the plane or the side is unknown.
        """
        chosen = image_plane(plane, segment, side, settings.view)
        section = cut(segment, chosen)
        made = (scanner or Scanner()).scan(segment, chosen, settings)
        return Seen.of(segment, section, measure_section(segment, section), made)

    @cached_property
    def tones(self) -> tuple[Tone, ...]:
        """Tone of each structure of the section, the most important first."""
        pointed = [layer for layer in self.drawn["layers"] if layer.get("as") != "ground"]
        tones = [_tone(self, layer) for layer in pointed if _inside(layer["anchor"], self.section)]
        return tuple(sorted(tones, key=lambda tone: tone.rank or 1000))

    @cached_property
    def fat_around(self) -> float | None:
        """Share of the ring about the exiting root that is fat, 0 to 1; None where the root is not in the plane."""
        outlines = self.section.outlines
        side = self.section.plane.side
        names = [f"{key}.{side}" for key in ("ganglion", "exiting_root", "ventral_root")]
        nerve = shapely.union_all([outlines[name] for name in names if name in outlines])
        if nerve.is_empty:
            return None
        ring = nerve.buffer(AROUND_MM).difference(nerve)
        fat = shapely.union_all([shape for name, shape in outlines.items() if "_fat" in name])
        return float(shapely.intersection(ring, fat).area / ring.area)

    @cached_property
    def mixed(self) -> float:
        """Share of the pixels in which the slice meets more than one tissue, 0 to 1."""
        labels = self.scan.tissue_map.labels
        return float((labels != labels[0]).any(axis=0).mean())

    @cached_property
    def contrast_to_noise(self) -> float | None:
        """Signal of fat minus that of the nerve, divided by the noise; None without noise."""
        noise = noise_sd(self.scan.settings)
        values = dict(zip(self.scan.tissue_map.kinds, _kind_signals(self.scan), strict=True))
        nerve = next((value for kind, value in values.items() if kind.startswith("nerve")), None)
        fat = values.get("fat", values.get("epidural"))
        return None if not noise or nerve is None or fat is None else abs(fat - nerve) / noise


def _kind_signals(scan: Scan) -> list[float]:
    return [signal_of(values, scan.settings.sequence) for values in scan.tissue_map.values()]


def _inside(anchor: Sequence[float], section: Section) -> bool:
    wide, high = frame(section)
    return abs(anchor[0]) < wide and abs(anchor[1]) < high


def _tone(seen: Seen, layer: Mapping[str, Any]) -> Tone:
    share = _share_at(seen.scan, layer["anchor"])
    where = _where(layer["anchor"], seen.section)
    # What is under discussion comes first.
    rank = 1 if layer["tissue"] == "lesion" else layer["rank"]
    return Tone(layer["id"], layer["name"], share, _word(share), where, rank)


def _share_at(scan: Scan, place: Sequence[float]) -> float:
    """Return how bright a place is, 0 to 1 of the window: the mean of the noiseless pixels about it."""
    rows, columns = scan.clean.shape
    wide, high = scan.plane.half
    column = int(np.clip((place[0] + wide) / scan.pixel, 0, columns - 1))
    row = int(np.clip((place[1] + high) / scan.pixel, 0, rows - 1))
    patch = scan.clean[max(row - _PATCH, 0) : row + _PATCH + 1, max(column - _PATCH, 0) : column + _PATCH + 1]
    width, level = scan.settings.shown
    return float(np.clip((patch.mean() - level + width / 2) / width, 0.0, 1.0))


def _word(share: float) -> str:
    return next(word for limit, word in TONES if share < limit)


_SIDES = {
    "A": "in front",
    "P": "behind",
    "L": "on the patient's left",
    "R": "on the patient's right",
    "H": "above",
    "F": "below",
}


def _where(anchor: Sequence[float], section: Section) -> str:
    """Say where in the picture a place lies: "in front, above", or "in the middle"."""
    wide, high = frame(section)
    marks = section.plane.marks
    found = []
    for share, low, top in ((anchor[0] / wide, "left", "right"), (anchor[1] / high, "bottom", "top")):
        if abs(share) > 1 / 3:
            found.append(_SIDES[marks[top if share > 0 else low]])
    return ", ".join(found) or "in the middle"


def settings_words(scan: Scan) -> str:
    """Say how an image was made: "T2, fast spin echo, slice 3 mm, noise 2 %, window 62 about 30"."""
    used = scan.settings
    noise = f"{10 * used.noise:g} HU" if used.sequence == "CT" else f"{used.noise:g} %"
    unit = " HU" if used.sequence == "CT" else ""
    width, level = used.shown
    slab = f"slice {used.thickness:g} mm" if used.thickness else "ideally thin slice"
    return f"{SEQUENCES[used.sequence]}, {slab}, noise {noise}, window {width:g}{unit} about {level:g}{unit}"


def describe_scan(seen: Seen) -> str:
    """Describe an image for someone who does not see it.

    Returns
    -------
    str
        What it is an image of and how it was made; what is white, bright, grey, dark and black, and where; how much
        of the root's surroundings is fat.
    """
    where = f"{seen.measures.level}, {seen.measures.side} side, {plane_words(seen.measures)}"
    first = f"Synthetic image of {where}; {state_words(seen.segment)}. {settings_words(seen.scan)}."
    return " ".join([first, *_groups(seen), *_rim(seen), *_fat(seen)])


def _groups(seen: Seen) -> list[str]:
    ranked = [tone for tone in seen.tones if tone.rank]
    # Fat is what the eye looks for first, however low it ranks as a label.
    ranked = [*ranked[:_MOST_NAMED], *(tone for tone in ranked[_MOST_NAMED:] if "_fat" in tone.id)]
    sentences = []
    for _, word in reversed(TONES):
        names = [f"{_lower_first(tone.name)} ({tone.where})" for tone in ranked if tone.word == word]
        if names:
            sentences.append(f"{word.capitalize()}: {'; '.join(names)}.")
    return sentences


def _rim(seen: Seen) -> list[str]:
    if not any(seen.section.bones.values()):
        return []
    colour = "white" if seen.scan.settings.sequence == "CT" else "black"
    return [f"Every bone has a {colour} rim of cortex."]


def _fat(seen: Seen) -> list[str]:
    if seen.fat_around is None:
        return ["The exiting root is not in this plane."]
    root, share = seen.segment.level.exiting_root, 100 * seen.fat_around
    return [f"Of the ring of {AROUND_MM:g} mm about the {root} root {share:.0f} % is fat (model)."]


def _lower_first(name: str) -> str:
    return name if name[:1].isdigit() or name[1:2].isdigit() else name[:1].lower() + name[1:]


def what_changed(before: Seen | None, after: Seen, control: str) -> str:
    """Say in one sentence what a control did to the image.

    Parameters
    ----------
    before, after : Seen
        The states to compare; None says the present one.
    control : str
        What was moved, such as ``"Slice 6 mm"``.
    """
    if before is None or _place(before) != _place(after):
        return f"{control}: {_summary(after)}."
    said = [*_news(before, after), *_tone_changes(before, after), *_figure_changes(before, after)]
    return f"{control}: {'; '.join(said) or 'no change that the eye would see'}."


def _place(seen: Seen) -> tuple[str, str, str]:
    return seen.measures.level, seen.measures.side, seen.measures.plane


def _summary(seen: Seen) -> str:
    shown = [f"{_lower_first(tone.name)} {tone.word}" for tone in seen.tones if tone.rank][:5]
    return ", ".join(shown) or "nothing of the model is in this picture"


def _news(before: Seen, after: Seen) -> list[str]:
    """Say what has come into the picture and what has gone from it."""
    old, new = ({tone.id: tone for tone in seen.tones if tone.rank} for seen in (before, after))
    come = [f"{_lower_first(new[name].name)} ({new[name].word}) has come" for name in new if name not in old]
    gone = [f"{_lower_first(old[name].name)} has gone" for name in old if name not in new]
    return [*come, *gone][:4]


def _tone_changes(before: Seen, after: Seen) -> list[str]:
    """Say which structures took on another tone, the greatest change first."""
    old = {tone.id: tone for tone in before.tones}
    pairs = [(old[tone.id], tone) for tone in after.tones if tone.rank and tone.id in old]
    changed = [pair for pair in pairs if pair[0].word != pair[1].word]
    changed.sort(key=lambda pair: -abs(pair[0].share - pair[1].share))
    return [f"{_lower_first(new.name)} {was.word} → {new.word}" for was, new in changed[:5]]


def _figure_changes(before: Seen, after: Seen) -> list[str]:
    said = []
    if before.scan.settings.thickness != after.scan.settings.thickness:
        said.append(f"pixels with more than one tissue {_arrow(100 * before.mixed, 100 * after.mixed, ' %')}")
    if before.scan.settings.noise != after.scan.settings.noise and after.contrast_to_noise:
        if before.contrast_to_noise:
            said.append(
                f"contrast of fat to nerve over noise {_arrow(before.contrast_to_noise, after.contrast_to_noise, '')}"
            )
        else:
            said.append(f"contrast of fat to nerve is {after.contrast_to_noise:.0f} times the noise")
    if before.fat_around is not None and after.fat_around is not None:
        old, new = 100 * before.fat_around, 100 * after.fat_around
        if round(old) != round(new):
            said.append(f"fat about the root {_arrow(old, new, ' %')}")
    return said


def _arrow(before: float, after: float, unit: str) -> str:
    return f"{before:.0f} → {after:.0f}{unit}"


def reference_line(plane: Plane, other: Plane) -> list[list[float]] | None:
    """Return where another plane cuts a picture: two points (u, v) at its edges, mm, or None where it does not."""
    normal, away = other.normal, np.array(other.origin) - np.array(plane.origin)
    a, b, c = float(np.dot(plane.across, normal)), float(np.dot(plane.up, normal)), float(np.dot(away, normal))
    size = float(np.hypot(a, b))
    if size < 1e-6:  # noqa: PLR2004 - the planes are parallel
        return None
    middle = np.array([a, b]) * c / size**2
    along = np.array([-b, a]) / size * 2 * sum(plane.half)
    wide, high = plane.half
    line = shapely.clip_by_rect(shapely.LineString([middle - along, middle + along]), -wide, -high, wide, high)
    return None if line.is_empty else np.round(shapely.get_coordinates(line), 2).tolist()


def other_plane(segment: Segment, plane: Plane) -> tuple[str, Plane]:
    """Return the plane whose line is drawn on a picture, and its name: the disc on sagittal ones, else the foramen."""
    name, words = ("axial-disc", "axial, disc") if plane.kind == "sagittal" else ("foramen", "foramen plane")
    return words, Plane.named(name, segment, plane.side)


# The picture on paper, and in files.


def compose_scan(seen: Seen, *, width: float = 7.0) -> Figure:
    """Draw an image with its letters, scale bar, plane line and the word SYNTHETIC, on black in every theme.

    Parameters
    ----------
    seen : Seen
        What to draw.
    width : float
        Of the figure, inches.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - heavy, and only a drawing needs it

    wide, high = seen.scan.plane.half
    height = width * high / wide
    ground, ink = role("casing", "projector"), role("boundary", "projector")
    figure = Figure(figsize=(width, height + 0.9), facecolor=ground)
    axes = figure.add_axes((0.0, 0.45 / (height + 0.9), 1.0, height / (height + 0.9)))
    axes.imshow(
        seen.scan.grey, cmap="gray", vmin=0, vmax=255, extent=(-wide, wide, -high, high), interpolation="bicubic"
    )
    axes.set(xlim=(-wide, wide), ylim=(-high, high))
    axes.set_axis_off()
    _letters(axes, seen, ink)
    _line(axes, seen, ink)
    heading = f"{seen.measures.level} {seen.measures.side}, {plane_words(seen.measures)}"
    figure.text(0.01, 0.99, heading, color=ink, fontsize=11, va="top")
    figure.text(0.01, 0.01, f"{settings_words(seen.scan)} · teaching model, not a patient", color=ink, fontsize=10)
    return figure


def _letters(axes: Any, seen: Seen, ink: str) -> None:  # noqa: ANN401 - matplotlib's axes
    marks = seen.scan.plane.marks
    style = {"transform": axes.transAxes, "color": ink, "fontsize": 15, "fontweight": "bold"}
    axes.text(0.01, 0.5, marks["left"], ha="left", va="center", **style)
    axes.text(0.99, 0.5, marks["right"], ha="right", va="center", **style)
    axes.text(0.5, 0.99, marks["top"], ha="center", va="top", **style)
    axes.text(0.5, 0.01, marks["bottom"], ha="center", va="bottom", **style)
    axes.text(0.99, 0.99, STAMP, ha="right", va="top", **style)
    wide, high = seen.scan.plane.half
    length = 10 if wide > 20 else 5  # noqa: PLR2004 - as the section's own bar
    left, low = -0.96 * wide, -0.93 * high
    axes.plot([left, left + length], [low, low], color=ink, linewidth=2.5)
    axes.text(left, low + 0.02 * high, f"{length} mm", color=ink, fontsize=11, va="bottom")


def _line(axes: Any, seen: Seen, ink: str) -> None:  # noqa: ANN401 - matplotlib's axes
    words, other = other_plane(seen.segment, seen.scan.plane)
    line = reference_line(seen.scan.plane, other)
    if line:
        (u0, v0), (u1, v1) = line
        axes.plot([u0, u1], [v0, v1], color=ink, linewidth=1, linestyle=(0, (6, 6)), alpha=0.75)
        u, v = (u0, v0) if u0 < u1 else (u1, v1)
        axes.text(u + 1, v + 0.4, words, color=ink, fontsize=10, va="bottom", clip_on=True)


def burned(scan: Scan) -> NDArray[np.bool_]:
    """Return where words stand in an image file, shape (rows, columns), first row at the top: SYNTHETIC and letters."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - heavy, and only a file needs it
    from matplotlib.figure import Figure  # noqa: PLC0415

    rows, columns = scan.values.shape
    figure = Figure(figsize=(columns / 72, rows / 72), dpi=72)
    marks = scan.plane.marks
    places = {
        "left": (0.012, 0.5, "left", "center"),
        "right": (0.988, 0.5, "right", "center"),
        "top": (0.5, 0.985, "center", "top"),
        "bottom": (0.5, 0.015, "center", "bottom"),
    }
    for where, (x, y, ha, va) in places.items():
        figure.text(x, y, marks[where], ha=ha, va=va, fontsize=15, fontweight="bold")
    figure.text(0.012, 0.985, STAMP, ha="left", va="top", fontsize=15, fontweight="bold")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    buffer = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return np.asarray(buffer[..., 0] < 128)  # noqa: PLR2004 - half covered by a letter
