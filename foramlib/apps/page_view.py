"""What the apps with one page share: a view of that page, and one sentence on it for what was refused."""

from __future__ import annotations

import anywidget
import traitlets

from foramlib.apps.controls import THEMES, Assembled

__all__ = ["PageApp", "PageView"]


class PageView(anywidget.AnyWidget):
    """A page in the browser; a subclass brings the script and the style that draw it.

    Attributes
    ----------
    page : dict
        What to show; made by the app, with what was refused last under ``"message"``.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    """

    page = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)


class PageApp(Assembled):
    """An app of controls and one page.

    Attributes
    ----------
    view : PageView
        The page in the browser.
    """

    view: PageView

    @property
    def message(self) -> str:
        """What was refused last, or "" where all is well."""
        return str(self.view.page["message"])

    def _page(self, **parts: object) -> None:
        """Change parts of the page; the others stay."""
        self.view.page = {**self.view.page, **parts}
