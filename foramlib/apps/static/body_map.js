// Draws a figure of the body whose regions can be marked. Knows no anatomy: shapes, names and the ways of the
// arrow keys come in the scene; selection and shading come and go as traits.

const HOLD = "Point at an area to read its name. Click, tap, or press Space to mark it.";
const WIDE = 540; // pixels from which front and back stand side by side
const LOOK = "Point at an area, or press Tab and the arrow keys, to read its name.";

/** The page around the figure. */
function skeleton(id) {
  const parts = {
    heading: make("p", { class: "fl-heading", id: `${id}-title` }),
    tabs: make("div", { class: "fl-b-tabs", role: "tablist", "aria-label": "Views of the body" }),
    stage: make("div", { class: "fl-b-stage" }),
    status: make("p", { class: "fl-b-status", "aria-hidden": "true" }),
    marked: make("div", { class: "fl-b-marked" }),
    said: make("p", { class: "fl-unseen", "aria-live": "polite" }),
    caption: make("p", { class: "fl-b-caption" }),
    alert: make("p", { class: "fl-alert", role: "alert" }),
    sources: make("div", { class: "fl-b-sources" }),
  };
  const figure = make("div", { class: "fl-b-figure" }, parts.stage);
  const words = make("div", { class: "fl-b-words" }, parts.status, parts.marked, parts.caption, parts.sources, parts.alert, parts.said);
  const root = make("section", { class: "fl fl-b", "aria-labelledby": `${id}-title` }, parts.heading, parts.tabs, make("div", { class: "fl-b-body" }, figure, words));
  return { root, figure, ...parts };
}

/** Diagonal lines in the colour of what is chosen, drawn over any shade. */
function hatch(id, size) {
  const line = make("svg:path", { d: `M${-size / 4} ${size / 4}L${size / 4} ${-size / 4}M0 ${size}L${size} 0M${size * 0.75} ${size * 1.25}L${size * 1.25} ${size * 0.75}`, class: "fl-b-hatch", "stroke-width": size * 0.16 });
  const wash = make("svg:rect", { width: size, height: size, class: "fl-b-wash" });
  return make("svg:defs", {}, make("svg:pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" }, wash, line));
}

/** A path from its start and steps; its mirror image with sign -1. */
function pathOf(steps, unit, sign = 1, closed = true) {
  let d = "";
  let [x, y] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    d += `${i ? "L" : "M"}${(sign * x * unit).toFixed(2)} ${(y * unit).toFixed(2)}`;
  }
  return closed ? `${d}Z` : d;
}

/** Both halves of a picture from the one that was sent; where the half has areas seen twice, both are drawn. */
function whole(half, unit) {
  const twin = (shape) => ({ ...shape, id: shape.twin[0], name: shape.twin[1] });
  const drawn = (shape, sign) => ({ ...shape, path: shape.path ? pathOf(shape.path, unit, sign) : "", parts: (shape.parts ?? []).map((part) => drawn(sign < 0 ? twin(part) : part, sign)) });
  const both = (shapes) => [...shapes.map((shape) => drawn(shape, 1)), ...shapes.map((shape) => drawn(twin(shape), -1))];
  const line = (steps, closed) => [1, -1].map((sign) => pathOf(steps, unit, sign, closed)).join("");
  return { ...half, outline: line(half.outline, half.closed), lines: half.lines.map((steps) => line(steps, false)).join(""), shapes: both(half.shapes), insets: both(half.insets) };
}

/** One picture: its letters and its drawing. */
function pictureOf(name, picture, id, put) {
  const [x, y, width, height] = picture.box;
  const svg = make("svg:svg", { class: "fl-b-svg", viewBox: `${x} ${-y - height} ${width} ${height}`, role: "group", "aria-label": `${picture.title}; the patient's ${picture.marks.left === "R" ? "right is on your left" : "left is on your left"}` });
  svg.append(hatch(`${id}-hatch`, width / 52));
  const skin = make("svg:g");
  for (const shape of picture.shapes) skin.append(put(shape, shape.path, `${id}-hatch`));
  for (const inset of picture.insets) skin.append(put(inset, "", `${id}-hatch`, inset.parts));
  const over = make("svg:g", { "aria-hidden": "true", "pointer-events": "none" });
  const glow = make("svg:g", { class: "fl-b-glow" });
  over.append(make("svg:path", { d: picture.lines, class: "fl-b-line", "vector-effect": "non-scaling-stroke" }), make("svg:path", { d: picture.outline, class: "fl-b-outline", "vector-effect": "non-scaling-stroke" }), glow);
  svg.append(skin, over);
  const sides = { L: "Left", R: "Right" };
  const letters = make("div", { class: "fl-b-letters", "aria-hidden": "true" },
    make("b", { title: sides[picture.marks.left] }, picture.marks.left), make("span", {}, picture.title), make("b", { title: sides[picture.marks.right] }, picture.marks.right));
  const frame = make("div", { class: "fl-b-picture", "data-picture": name }, letters, svg);
  frame.style.setProperty("--fl-b-ratio", `${width / height}`);
  return { frame, glow };
}

/** One region: its shape, the marks over it, and its part in the keyboard's order. */
function area(shape, path, hatchId, parts = []) {
  const group = make("svg:g", { class: "fl-b-area", "data-id": shape.id, tabindex: "-1" });
  const one = (d, id) => {
    const fill = make("svg:path", { d, class: "fl-b-skin", "vector-effect": "non-scaling-stroke", "data-part": id });
    const chosen = make("svg:path", { d, class: "fl-b-chosen", "vector-effect": "non-scaling-stroke", "data-mark": id, fill: `url(#${hatchId})` });
    return [fill, chosen];
  };
  if (path) group.append(...one(path, shape.id));
  for (const part of parts) group.append(...one(part.path, part.id));
  return group;
}

function createView(model, el) {
  const id = unique("fl-b");
  const page = skeleton(id);
  el.append(page.root);
  const scene = model.get("scene");
  const named = new Map(); // region id -> its shape in the scene
  const groups = new Map(); // tab -> region id -> its groups
  const fills = new Map(); // region id -> paths of its skin and of its mark, wherever they are drawn
  const glows = new Map(); // svg group -> its glow
  const stops = new Map(); // tab -> region that Tab leads to
  const panels = new Map();
  const buttons = new Map();
  let shownMarks = null;
  let shownShades = {};
  let wide = false;

  const chosen = () => new Set(model.get("selected"));
  const shade = (name) => model.get("shaded")[name] ?? [0, ""];
  const linked = (name) => Boolean(named.get(name)?.opens);

  // ---- building ---------------------------------------------------------------------------------

  function build() {
    for (const tab of scene.tabs) {
      const mine = new Map();
      groups.set(tab.id, mine);
      const panel = make("div", { class: "fl-b-panel", role: "tabpanel", id: `${id}-${tab.id}`, "aria-labelledby": `${id}-tab-${tab.id}`, "data-tab": tab.id });
      for (const name of tab.pictures) panel.append(picture(tab.id, name, mine));
      const button = make("button", { type: "button", role: "tab", id: `${id}-tab-${tab.id}`, "aria-controls": `${id}-${tab.id}`, tabindex: "-1", "data-tab": tab.id }, tab.title);
      buttons.set(tab.id, button);
      panels.set(tab.id, panel);
      page.tabs.append(button);
      page.stage.append(panel);
      stops.set(tab.id, mine.keys().next().value);
    }
  }

  function picture(tab, name, mine) {
    const put = (shape, path, hatchId, parts) => {
      named.set(shape.id, shape);
      const group = area(shape, path, hatchId, parts);
      for (const node of group.children) {
        const part = node.dataset.part ?? node.dataset.mark;
        const kind = node.dataset.part ? "skin" : "mark";
        if (!fills.has(part)) fills.set(part, { skin: [], mark: [] });
        fills.get(part)[kind].push(node);
      }
      mine.set(shape.id, [...(mine.get(shape.id) ?? []), group]);
      return group;
    };
    const made = pictureOf(name, whole(scene.pictures[name], scene.unit), unique("fl-b"), put);
    for (const group of made.frame.querySelectorAll(".fl-b-area")) glows.set(group, made.glow);
    return made.frame;
  }

  // ---- state to picture -------------------------------------------------------------------------

  function paint() {
    const marks = chosen();
    const shades = model.get("shaded");
    const before = shownMarks ?? new Set();
    const changed = new Set([...fills.keys()].filter((name) => shownMarks === null || before.has(name) !== marks.has(name)
      || (shades[name]?.[0] ?? 0) !== (shownShades[name]?.[0] ?? 0)));
    for (const name of changed) {
      for (const node of fills.get(name).skin) node.dataset.level = shade(name)[0];
      for (const node of fills.get(name).mark) node.toggleAttribute("data-on", marks.has(name));
    }
    shownMarks = marks;
    shownShades = shades;
    label();
    list();
    page.root.dataset.frame = String(Number(page.root.dataset.frame ?? 0) + 1);
  }

  /** What a screen reader says of each region; a region drawn twice in a tab is reached once. */
  function label() {
    const locked = model.get("locked");
    for (const mine of groups.values()) {
      for (const [name, twins] of mine) {
        twins.forEach((group, i) => {
          if (i > 0) { put(group, "aria-hidden", "true"); return; }
          put(group, "role", linked(name) ? "button" : locked ? "img" : "checkbox");
          put(group, "aria-checked", linked(name) || locked ? null : String(chosen().has(name)));
          put(group, "aria-label", spoken(name, locked));
        });
      }
    }
  }

  function put(node, key, value) {
    if (value === null) node.removeAttribute(key);
    else if (node.getAttribute(key) !== value) node.setAttribute(key, value);
  }

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  function spoken(name, locked) {
    const shape = named.get(name);
    if (shape.opens) return `${capital(shape.name)}: ${inside(shape)}opens the view of its parts`;
    const [level, words] = shade(name);
    const marked = locked && chosen().has(name) ? ", marked" : "";
    const shading = level ? `, ${scene.levels[level]}${words ? `: ${words}` : ""}` : "";
    return `${capital(shape.name)}${marked}${shading}`;
  }

  /** How many parts of a hand or foot are marked. */
  function inside(shape) {
    const side = shape.id.split(".").at(-1);
    const parts = [...groups.get(shape.opens).keys()].filter((name) => name.endsWith(`.${side}`));
    const count = parts.filter((name) => chosen().has(name)).length;
    return count ? `${count} ${count === 1 ? "part" : "parts"} marked, ` : "";
  }

  /** The marked areas in words, with one button to take them all away. */
  function list() {
    const marks = model.get("selected");
    const title = marks.length ? `Marked: ${marks.length} ${marks.length === 1 ? "area" : "areas"}` : "Nothing is marked yet.";
    const items = marks.map((name) => make("li", {}, capital(named.get(name)?.name ?? name)));
    const nodes = [make("p", { class: "fl-b-count" }, title)];
    if (items.length) nodes.push(make("ul", {}, ...items));
    if (items.length && !model.get("locked")) {
      const clear = make("button", { type: "button", class: "fl-b-clear" }, "Clear all marks");
      clear.addEventListener("click", () => { send([]); say("All marks are gone."); page.tabs.querySelector("[tabindex='0']")?.focus(); });
      nodes.push(clear);
    }
    page.marked.replaceChildren(...nodes);
  }

  function words() {
    setText(page.heading, model.get("title"));
    setText(page.caption, model.get("caption"));
    setText(page.alert, model.get("message"));
    point("");
  }

  function turn() {
    const view = model.get("view");
    const open = shownTabs();
    for (const [tab, panel] of panels) panel.hidden = !open.includes(tab);
    for (const [tab, button] of buttons) {
      put(button, "aria-selected", String(tab === view));
      put(button, "tabindex", tab === view ? "0" : "-1");
    }
    rove();
    point("");
  }

  /** Where there is room, the first two views (front and back) stand side by side. */
  function shownTabs() {
    const pair = scene.tabs.slice(0, 2).map((tab) => tab.id);
    return wide && pair.includes(model.get("view")) ? pair : [model.get("view")];
  }

  /** One area of each view in sight takes part in the page's tab order. */
  function rove() {
    for (const tab of shownTabs()) {
      for (const [name, twins] of groups.get(tab)) {
        twins.forEach((group, i) => put(group, "tabindex", i === 0 && name === stops.get(tab) ? "0" : "-1"));
      }
    }
  }

  /** The view in which something lies becomes the one in front. */
  function enter(node) {
    const tab = node.closest?.("[data-tab]")?.dataset.tab;
    if (!tab || tab === model.get("view")) return;
    model.set("view", tab);
    model.save_changes();
  }

  // ---- pointing ---------------------------------------------------------------------------------

  function point(name) {
    const shape = named.get(name);
    if (!shape) {
      page.status.classList.add("fl-hint");
      page.status.replaceChildren(model.get("locked") ? LOOK : HOLD);
    } else {
      const [level, why] = shade(name);
      const note = model.get("notes") ? scene.notes[name] : "";
      const lines = [make("strong", {}, capital(shape.name)), shape.opens ? "Opens the view of its parts" : make("i", { lang: "la" }, shape.term)];
      if (level) lines.push(why ? `${capital(scene.levels[level])}: ${why}` : capital(scene.levels[level]));
      if (note) lines.push(note);
      page.status.classList.remove("fl-hint");
      page.status.replaceChildren(...lines.map((line) => make("span", {}, line)));
    }
    light(name);
  }

  /** A bright line around what is pointed at, over its neighbours. */
  function light(name) {
    for (const glow of new Set(glows.values())) glow.replaceChildren();
    const twins = shownTabs().flatMap((tab) => groups.get(tab).get(name) ?? []);
    for (const group of twins) {
      const ring = group.matches(":focus-visible") ? "fl-b-ring" : "fl-b-light";
      const lines = [...group.querySelectorAll("[data-part]")].map((node) => make("svg:path", { d: node.getAttribute("d"), class: ring, "vector-effect": "non-scaling-stroke" }));
      glows.get(group).append(...lines);
    }
  }

  // ---- acting -----------------------------------------------------------------------------------

  function say(text) {
    page.said.textContent = "";
    page.said.textContent = text;
  }

  function send(marks) {
    model.set("selected", marks);
    model.save_changes();
  }

  function open(tab, from) {
    if (!panels.has(tab)) return;
    if (from) {
      const side = from.split(".").at(-1);
      const marked = [...groups.get(tab).keys()].filter((name) => name.endsWith(`.${side}`));
      stops.set(tab, marked[0] ?? stops.get(tab));
    }
    model.set("view", tab);
    model.save_changes();
    turn();
    say(`View: ${buttons.get(tab).textContent}.`);
  }

  function act(name, byKeyboard) {
    const shape = named.get(name);
    if (!shape) return;
    if (shape.opens) {
      open(shape.opens, name);
      if (byKeyboard) first(shape.opens).focus();
      return;
    }
    if (model.get("locked")) return;
    const marks = chosen();
    const on = !marks.has(name);
    const order = [...new Set([...groups.values()].flatMap((mine) => [...mine.keys()]))];
    if (on) marks.add(name);
    else marks.delete(name);
    send(order.filter((one) => marks.has(one)));
    say(`${capital(shape.name)}: ${on ? "marked" : "not marked"}. ${marks.size} in all.`);
  }

  const first = (tab) => groups.get(tab).get(stops.get(tab))[0];
  const idAt = (event) => event.target.closest?.(".fl-b-area")?.dataset.id ?? "";

  function visit(name) {
    const view = model.get("view");
    const group = groups.get(view).get(name)?.[0];
    if (!group) return;
    stops.set(view, name);
    rove();
    group.focus();
  }

  function onKey(event) {
    const name = idAt(event);
    if (!name) return;
    const way = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" }[event.key];
    const all = [...groups.get(model.get("view")).keys()];
    if (way) visit(scene.moves[model.get("view")][name]?.[way]);
    else if (event.key === "Home") visit(all[0]);
    else if (event.key === "End") visit(all.at(-1));
    else if (event.key === "Enter" || event.key === " ") act(name, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function onTabKey(event) {
    const ids = [...buttons.keys()];
    const at = ids.indexOf(event.target.dataset?.tab);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const tab = ids[(next + ids.length) % ids.length];
    open(tab);
    buttons.get(tab).focus();
  }

  build();
  page.tabs.addEventListener("click", (event) => { if (event.target.dataset.tab) open(event.target.dataset.tab); });
  page.tabs.addEventListener("keydown", onTabKey);
  page.stage.addEventListener("click", (event) => {
    const name = idAt(event);
    if (name) { enter(event.target); stops.set(model.get("view"), name); rove(); }
    act(name, false);
    point(groups.get(model.get("view")).has(name) ? name : "");
  });
  page.stage.addEventListener("keydown", onKey);
  page.stage.addEventListener("pointerover", (event) => { if (idAt(event)) point(idAt(event)); });
  page.stage.addEventListener("pointerleave", () => point(""));
  page.stage.addEventListener("focusin", (event) => { const name = idAt(event); if (name) { enter(event.target); stops.set(model.get("view"), name); point(name); } });
  page.stage.addEventListener("focusout", () => light(""));

  /** The app around the map takes its colours from it, so that both share one ground. */
  function themeAround() {
    const app = page.root.closest(".foramlib-app");
    if (app) app.dataset.flTheme = page.root.dataset.flTheme;
  }

  const sizes = new ResizeObserver(() => {
    themeAround();
    const now = page.root.clientWidth >= WIDE;
    if (now === wide) return;
    wide = now;
    page.root.classList.toggle("fl-b-wide", wide);
    turn();
  });
  sizes.observe(page.root);
  const stopTheme = followTheme(model, page.root, themeAround);
  const wires = [["change:selected", paint], ["change:shaded", paint], ["change:view", turn], ["change:locked", () => { label(); list(); words(); }],
    ["change:title change:caption change:message change:notes", words]];
  for (const [name, then] of wires) model.on(name, then);
  paint();
  words();
  turn();
  return () => {
    stopTheme();
    sizes.disconnect();
    for (const [name, then] of wires) model.off(name, then);
  };
}

export default { render: ({ model, el }) => createView(model, el) };
