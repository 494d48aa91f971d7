// Shared by every widget: which theme is in force, and small DOM helpers.

const SVG = "http://www.w3.org/2000/svg";

const TAKES_KEYS = new Set(["input", "select", "button", "summary", "a"]);

/**
 * Make an element with attributes and children; `svg:` in front of the tag makes it an SVG one.
 * JupyterLab takes arrows and Enter for its cells unless the focused element itself bears a mark.
 */
function make(tag, attributes = {}, ...children) {
  const node = tag.startsWith("svg:")
    ? document.createElementNS(SVG, tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  if (TAKES_KEYS.has(tag) || "tabindex" in attributes) node.setAttribute("data-lm-suppress-shortcuts", "true");
  node.append(...children);
  return node;
}

/** Words that may have a source: a link to it, words that say more when pointed at, or plain text. */
function sourced(text, url, title) {
  if (url) return make("a", { href: url, title: title || null, target: "_blank", rel: "noopener noreferrer" }, text);
  return title ? make("abbr", { title }, text) : text;
}

/** A name that no other element of the page has. */
function unique(prefix) {
  return `${prefix}-${Math.random().toString(36).slice(2, 10)}`;
}

/** Set text only where it differs: an untouched node costs no layout and is not spoken again. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function themeInForce(wish, systemDark) {
  if (wish && wish !== "auto") return wish;
  const lab = document.body.dataset.jpThemeLight;
  if (lab !== undefined) return lab === "false" ? "dark" : "light";
  return systemDark.matches ? "dark" : "light";
}

/** Keep `data-fl-theme` of the root right while the model, JupyterLab or the system changes. */
function followTheme(model, root, changed = () => {}) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = themeInForce(model.get("theme"), system);
    if (root.dataset.flTheme === theme) return;
    root.dataset.flTheme = theme;
    changed();
  };
  const watcher = new MutationObserver(apply);
  watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  system.addEventListener("change", apply);
  model.on("change:theme", apply);
  apply();
  return () => {
    watcher.disconnect();
    system.removeEventListener("change", apply);
    model.off("change:theme", apply);
  };
}
