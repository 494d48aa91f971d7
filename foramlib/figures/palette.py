"""One colour per tissue, for every picture of the project.

Colours live here and nowhere else: the section view receives them as CSS
variables from :func:`css`, charts ask :func:`fill` and :func:`outline`.
Three themes carry the same meaning: ``light`` (screen and print), ``dark``
(JupyterLab's dark theme) and ``projector`` (a bright room washes colours out,
so values are deeper and contrasts larger). Magenta is reserved for the lesion
under discussion.

Colour vision is simulated with the matrices of Machado, Oliveira and Fernandes,
"A physiologically-based model for simulation of color vision deficiency", IEEE
Trans Vis Comput Graph 2009;15(6):1291-8, doi 10.1109/TVCG.2009.113, severity 1.
Lab values follow CIE 15 with the D65 white of sRGB (IEC 61966-2-1); a distance
is the Euclidean one in CIE Lab (1976).
"""

from __future__ import annotations

from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

THEMES: Final = ("light", "dark", "projector")
VISIONS: Final = ("normal", "protanopia", "deuteranopia", "tritanopia")
ENOUGH: Final = 15.0  # smallest Lab distance between neighbours

# tissue -> fill in light, dark and projector
_FILLS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "bone": ("#ecdfbd", "#d6c69c", "#e8d5a0"),
        "cartilage": ("#9bd3cd", "#86c8c0", "#84c9c1"),
        "annulus": ("#668cae", "#4b7598", "#3d7aaa"),
        "nucleus": ("#b4d5ee", "#9dc4e4", "#a3cdf0"),
        "flavum": ("#be9754", "#b68949", "#bc8f46"),
        "ligament": ("#a08c86", "#9e887a", "#8b7461"),
        "capsule": ("#9c8fb0", "#6f6c93", "#80719d"),
        "dura": ("#baa5e2", "#a18ecf", "#a98bdd"),
        "csf": ("#e4f1f8", "#cfe3ee", "#e4f3fb"),
        "cord": ("#f3d1c4", "#d8b6aa", "#facdbc"),
        "nerve": ("#f3c413", "#efc020", "#f2bd03"),
        "ganglion": ("#de9016", "#d98a18", "#d27f01"),
        "artery": ("#d23730", "#d9483c", "#ba1e1a"),
        "vein": ("#385da9", "#538de7", "#264ea2"),
        "fat": ("#fbf6e2", "#efe7cb", "#fcf6dc"),
        "muscle": ("#b6745e", "#94534c", "#a96842"),
        "joint": ("#2b6977", "#215962", "#1b5560"),
        "lesion": ("#bf0574", "#f22dac", "#c90081"),
        "ghost": ("#8b867c", "#77736a", "#77716a"),
        "corridor": ("#69d2ff", "#69d2ff", "#69d2ff"),
    }
)
TISSUES: Final = tuple(_FILLS)
_TEXTURES: Final[Mapping[str, str]] = MappingProxyType({"fat": "stipple", "ghost": "hatch"})
# Compact structures get a soft inner shade which says "solid".
SOLID: Final = frozenset({
    "bone", "cartilage", "annulus", "nucleus", "flavum", "cord", "nerve", "ganglion",
    "artery", "vein", "muscle", "dura", "capsule", "ligament", "lesion",
})  # fmt: skip

# What is not tissue: paper, words, lines, states.
_ROLES: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "ground": ("#ffffff", "#111111", "#ffffff"),  # behind words and controls
        "plate": ("#f3f1ec", "#20262c", "#f2efe6"),  # behind the tissue
        "ink": ("#1d232a", "#eef1f4", "#000000"),
        "muted": ("#525b66", "#b4bdc7", "#33393f"),
        "leader": ("#3a434d", "#dde3e9", "#14181c"),
        "halo": ("#ffffff", "#111111", "#ffffff"),  # around leaders that cross tissue
        "boundary": ("#ffffff", "#ffffff", "#ffffff"),  # foramen and rulers: the brightest line
        "casing": ("#10161c", "#05080b", "#000000"),  # dark rim that lets it shine on any fill
        "frame": ("#c9cdd2", "#47515b", "#6b7278"),
        "accent": ("#0b5f7a", "#6cc5e3", "#004b66"),
        "on-accent": ("#ffffff", "#0b1318", "#ffffff"),
        "ring": ("#0a6cff", "#8cc4ff", "#0040c0"),  # keyboard focus
        "track": ("#8a939c", "#7f8a95", "#50585f"),
        "quiet": ("#eef1f3", "#252d35", "#e7ebee"),  # buttons at rest
        "band": ("#b3d3dd", "#2f6275", "#8fbccb"),  # published range behind a value
        "alert": ("#9c1c13", "#ffb4a8", "#8a0f08"),
        "alert-ground": ("#fdecea", "#43201c", "#fde3e0"),
        "skin": ("#f3e9de", "#4d453f", "#f1e3d3"),  # body map: a figure of no particular person
        "skin-line": ("#8a7767", "#b3a596", "#6d5947"),
        "shade-1": ("#f7d2ab", "#7d4f2d", "#f4c28b"),  # body map: how much an area stands out
        "shade-2": ("#e99a57", "#bf722f", "#e2862f"),
        "shade-3": ("#b9501a", "#ffa95c", "#a23c04"),
        "chosen": ("#1d5fa8", "#8fc3f7", "#0a4794"),  # body map: what the learner marked
    }
)
ROLES: Final = tuple(_ROLES)

# Tissues which touch in some section of a segment, as one line per tissue.
_TOUCHES: Final = (
    "bone: cartilage annulus nucleus flavum ligament capsule dura artery vein nerve ganglion fat muscle joint",
    "cartilage: annulus nucleus capsule joint fat flavum",
    "annulus: nucleus ligament fat nerve ganglion vein muscle dura",
    "flavum: fat dura muscle capsule ligament nerve ganglion",
    "ligament: dura fat muscle nucleus vein",
    "capsule: fat muscle joint nerve ganglion",
    "dura: csf fat nerve cord vein ganglion",
    "csf: cord nerve",
    "cord: nerve fat",
    "nerve: ganglion fat artery vein muscle",
    "ganglion: fat artery vein muscle",
    "artery: vein fat muscle",
    "vein: fat muscle",
    "fat: muscle",
    "corridor: muscle bone fat capsule flavum cartilage",
)
HARD_PAIRS: Final = frozenset({("bone", "fat"), ("cord", "fat"), ("cartilage", "nucleus")})

_VISION: Final = MappingProxyType(
    {
        "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        "protanopia": (
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ),
        "deuteranopia": (
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        ),
        "tritanopia": (
            (1.255528, -0.076749, -0.178779),
            (-0.078411, 0.930809, 0.147602),
            (0.004733, 0.691367, 0.303900),
        ),
    }
)
_TO_XYZ: Final = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE: Final = (0.95047, 1.0, 1.08883)

Triple = tuple[float, float, float]


def _pick(table: Mapping[str, tuple[str, str, str]], name: str, theme: str, what: str) -> str:
    if name not in table:
        message = f"{what} {name!r} is unknown; choose one of {', '.join(table)}."
        raise InvalidInput(message)
    if theme not in THEMES:
        message = f"Theme {theme!r} is unknown; choose one of {', '.join(THEMES)}."
        raise InvalidInput(message)
    return table[name][THEMES.index(theme)]


def fill(tissue: str, theme: str = "light") -> str:
    """Colour of a tissue as ``#rrggbb``.

    Parameters
    ----------
    tissue
        One of :data:`TISSUES`.
    theme
        ``"light"``, ``"dark"`` or ``"projector"``.

    Raises
    ------
    InvalidInput
        If the tissue or the theme is unknown.
    """
    return _pick(_FILLS, tissue, theme, "Tissue")


def outline(tissue: str, theme: str = "light") -> str:
    """Darker shade of the fill, for the line around a tissue, as ``#rrggbb``."""
    dark = tuple(channel * _OUTLINE_LIGHT for channel in linear(fill(tissue, theme)))
    return to_hex((dark[0], dark[1], dark[2]))


# Share of the fill's light that its outline keeps (in linear light).
_OUTLINE_LIGHT: Final = 0.24


def texture(tissue: str) -> str | None:
    """Texture laid over the fill: ``"stipple"`` (fat), ``"hatch"`` (removed bone) or None."""
    fill(tissue)
    return _TEXTURES.get(tissue)


def role(name: str, theme: str = "light") -> str:
    """Colour of something that is not tissue (``ground``, ``ink``, ``boundary`` …) as ``#rrggbb``."""
    return _pick(_ROLES, name, theme, "Role")


def neighbours() -> tuple[tuple[str, str], ...]:
    """Pairs of tissues that may lie side by side in a section."""
    pairs = []
    for line in _TOUCHES:
        tissue, _, others = line.partition(": ")
        pairs += [(tissue, other) for other in others.split()]
    return tuple(pairs)


def linear(colour: str) -> Triple:
    """Linear-light red, green and blue (0 to 1) of ``#rrggbb``."""
    digits = colour.removeprefix("#")
    try:
        red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    except ValueError as error:
        message = f"Colour {colour!r} is not of the form '#rrggbb'."
        raise InvalidInput(message) from error
    return _expand(red), _expand(green), _expand(blue)


def _expand(value: float) -> float:
    # Constants of the sRGB transfer curve, IEC 61966-2-1; so are those of `_compress`.
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - see above


def to_hex(light: Triple) -> str:
    """``#rrggbb`` of linear-light red, green and blue, clipped to what a screen can show."""
    clipped = (min(max(channel, 0.0), 1.0) for channel in light)
    return "#" + "".join(f"{round(255 * _compress(channel)):02x}" for channel in clipped)


def _compress(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055  # noqa: PLR2004 - see above


def _apply(matrix: Iterable[Triple], vector: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three


def simulate(colour: str, vision: str) -> str:
    """Colour as seen with a colour vision deficiency.

    Parameters
    ----------
    colour
        ``#rrggbb``.
    vision
        One of :data:`VISIONS`. Matrices of Machado et al. 2009 (see the module), full severity,
        applied to linear light.

    Raises
    ------
    InvalidInput
        If the vision or the colour is unknown.
    """
    if vision not in _VISION:
        message = f"Vision {vision!r} is unknown; choose one of {', '.join(VISIONS)}."
        raise InvalidInput(message)
    return to_hex(_apply(_VISION[vision], linear(colour)))


def lab(colour: str) -> Triple:
    """CIE Lab (D65) of ``#rrggbb``: lightness 0 to 100, a, b."""
    scaled = zip(_apply(_TO_XYZ, linear(colour)), _WHITE, strict=True)
    x, y, z = (_lab_curve(value / white) for value, white in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _lab_curve(value: float) -> float:
    return value ** (1 / 3) if value > (6 / 29) ** 3 else value / (3 * (6 / 29) ** 2) + 4 / 29


def distance(one: str, other: str, vision: str = "normal") -> float:
    """Euclidean distance of two colours in CIE Lab, as seen with the given vision."""
    first, second = lab(simulate(one, vision)), lab(simulate(other, vision))
    return float(sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5)


def least_distance(one: str, other: str) -> float:
    """Smallest Lab distance of two colours over all :data:`VISIONS`."""
    return min(distance(one, other, vision) for vision in VISIONS)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    lights = sorted(_apply(_TO_XYZ, linear(colour))[1] for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def set_apart(one: str, other: str, theme: str = "light") -> str:
    """How two neighbouring tissues are told apart.

    Returns
    -------
    str
        ``"colour"`` if their fills differ by at least :data:`ENOUGH` in every vision, ``"texture"``
        if one of them carries a texture, ``"outline"`` if an outline differs that much from both
        fills, ``"nothing"`` otherwise.
    """
    fills = fill(one, theme), fill(other, theme)
    if least_distance(*fills) >= ENOUGH:
        return "colour"
    if texture(one) != texture(other):
        return "texture"
    lines = (outline(tissue, theme) for tissue in (one, other))
    if any(min(least_distance(line, side) for side in fills) >= ENOUGH for line in lines):
        return "outline"
    return "nothing"


def closest(theme: str = "light") -> list[tuple[float, str, str]]:
    """Every pair of tissues with its least distance, closest first; a help when colours are tuned."""
    pairs = combinations(TISSUES, 2)
    return sorted((least_distance(fill(a, theme), fill(b, theme)), a, b) for a, b in pairs)


def css_variables(theme: str) -> dict[str, str]:
    """List the CSS custom properties of one theme: ``--fl-bone``, ``--fl-bone-line``, ``--fl-ink`` and so on."""
    values = {f"--fl-{tissue}": fill(tissue, theme) for tissue in TISSUES}
    values |= {f"--fl-{tissue}-line": outline(tissue, theme) for tissue in TISSUES}
    return values | {f"--fl-{name}": role(name, theme) for name in ROLES}


def css() -> str:
    """Style sheet with the colours of every theme and the rules which paint a tissue.

    An element with ``data-fl-theme="light|dark|projector"`` carries the variables; an element with
    ``data-tissue`` inside it is painted through ``--fl-fill`` and ``--fl-line``.
    """
    blocks = []
    for theme in THEMES:
        body = "".join(f"{name}:{value};" for name, value in css_variables(theme).items())
        blocks.append(f'[data-fl-theme="{theme}"]{{{body}}}')
    for tissue in TISSUES:
        paint = f"--fl-fill:var(--fl-{tissue});--fl-line:var(--fl-{tissue}-line)"
        blocks.append(f'[data-fl-theme] [data-tissue="{tissue}"]{{{paint}}}')
    return "\n".join(blocks)
