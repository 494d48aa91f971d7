// Draws a scene (paths in mm, v up) as an accessible, themable SVG. Knows tissues only as names of colours;
// TEXTURES and SOLID, which say how a tissue is filled, come in front of this module from the palette.

const MOST_LABELS = 12;
const MOST_NARROW = 6;
const HINT = "Point at a structure, tap it, or press Tab and the arrow keys to read what it is.";
const HINTS = {
  point: "Click on the structure, or tap it and tap again. By keyboard: Tab into the picture, arrow keys, then Enter.",
  look: "The names come back with the answer.",
};

/** The scene after a patch: changed layers replaced or added, removed ones dropped, other keys set. */
function patched(scene, patch) {
  const { layers = [], removed = [], order = null, ...rest } = patch;
  const known = new Map((scene.layers ?? []).map((layer) => [layer.id, layer]));
  for (const id of removed) known.delete(id);
  for (const layer of layers) known.set(layer.id, { ...known.get(layer.id), ...layer });
  const all = order ? order.filter((id) => known.has(id)).map((id) => known.get(id)) : [...known.values()];
  return { ...scene, ...rest, layers: all };
}

function spokenName(layer) {
  const name = (layer.name ?? "").replace(/[.\s]+$/, "");
  return layer.note ? `${name}. ${layer.note}` : name;
}

/** A number and its unit stay on one line. */
function bound(text) {
  return text.replace(/(\d) (?=\S+$)/, "$1\u00a0");
}

/** The page around the picture: heading, picture, sentence, what is pointed at, readings, saving. */
function skeleton() {
  const parts = {
    heading: make("p", { class: "fl-heading" }),
    stage: make("div", { class: "fl-stage" }),
    sentence: make("p", { class: "fl-sentence", "aria-hidden": "true" }),
    said: make("p", { class: "fl-unseen", "aria-live": "polite" }),
    status: make("p", { class: "fl-status", "aria-live": "polite" }),
    alert: make("p", { class: "fl-alert", role: "alert" }),
    readings: make("div", { class: "fl-readings" }),
    save: make("div", { class: "fl-save", role: "group", "aria-label": "Save picture" }),
  };
  const root = make("div", { class: "fl fl-view" }, ...Object.values(parts));
  return { root, ...parts };
}

/** The picture's fixed groups, bottom to top. */
function canvas(id) {
  const groups = {};
  for (const name of ["defs", "tissue", "glow", "lines", "leaders", "names", "letters"]) {
    groups[name] = make(name === "defs" ? "svg:defs" : "svg:g", { class: `fl-${name}` });
  }
  groups.plate = make("svg:rect", { class: "fl-plate" });
  groups.frame = make("svg:rect", { class: "fl-frame" });
  groups.crop = make("svg:rect");
  groups.picture = make("svg:image", { preserveAspectRatio: "none", "aria-hidden": "true", "pointer-events": "none", hidden: "" });
  groups.defs.append(make("svg:clipPath", { id: `${id}-crop` }, groups.crop), ...textures(id));
  const cropped = make("svg:g", { "clip-path": `url(#${id}-crop)` }, groups.picture, groups.tissue, groups.glow, groups.lines);
  for (const name of ["glow", "lines", "leaders", "names", "letters"]) groups[name].setAttribute("aria-hidden", "true");
  const svg = make("svg:svg", { class: "fl-svg", role: "graphics-document" });
  svg.append(groups.defs, groups.plate, cropped, groups.frame, groups.leaders, groups.names, groups.letters);
  return { svg, ...groups };
}

/** Fine stipple and dark hatch, in pixels whatever the scale of the picture. */
function textures(id) {
  const pattern = (name, size, ...marks) =>
    make("svg:pattern", { id: `${id}-${name}`, width: size, height: size, patternUnits: "userSpaceOnUse" }, ...marks);
  const dots = [[1.5, 1.5], [5, 4.4], [2.2, 7], [7.6, 7.8]];
  return [
    pattern("stipple", 9, ...dots.map(([cx, cy]) => make("svg:circle", { cx, cy, r: 0.62, class: "fl-dot" }))),
    pattern("hatch", 7, make("svg:path", { d: "M-1 8L8 -1M-1 1L1 -1M6 8L8 6", class: "fl-stroke" })),
  ];
}

/** One structure: its shape once, used for fill, texture and the soft inner shade. */
function structure(layer, id, parts) {
  const shape = make("svg:path", { id, "vector-effect": "non-scaling-stroke", "fill-rule": "evenodd", "clip-rule": "evenodd" });
  const inside = make("svg:clipPath", { id: `${id}-in` }, make("svg:use", { href: `#${id}`, "clip-rule": "evenodd" }));
  const use = (name, more = {}) => make("svg:use", { href: `#${id}`, class: name, ...more });
  const role = layer.as === "ground" ? { "aria-hidden": "true" } : { role: "graphics-symbol", tabindex: "-1" };
  const group = make("svg:g", { class: `fl-layer fl-as-${layer.as ?? "whole"}`, ...role }, use("fl-body"));
  parts.defs.append(shape, inside);
  if (layer.as === "part") return { layer, group, shape, inside, id };
  const texture = TEXTURES[layer.tissue];
  if (texture) group.append(use("fl-texture", { fill: `url(#${parts.id}-${texture})` }));
  if (SOLID.includes(layer.tissue)) {
    group.append(make("svg:g", { class: "fl-shade", "clip-path": `url(#${id}-in)` }, use("fl-deep"), use("fl-soft")));
  }
  group.append(use("fl-edge"));
  return { layer, group, shape, inside, id };
}

/** Whether a drawn structure can become another by new attributes alone. */
function sameBuild(one, other) {
  return one.as === other.as && TEXTURES[one.tissue] === TEXTURES[other.tissue]
    && SOLID.includes(one.tissue) === SOLID.includes(other.tissue);
}

/** A widget's view: everything that one output on the page needs. */
function createView(model, el, current) {
  const page = skeleton();
  const id = unique("fl");
  const parts = { id, ...canvas(id) };
  page.stage.append(parts.svg);
  el.append(page.root);

  const drawn = new Map(); // layer id -> structure()
  let scene = null;
  let frame = null; // measures of the drawing, in pixels
  let labels = []; // labels at rest
  let shownLabels = [];
  let hovered = "";
  let em = 14;
  let measure = null;
  let family = "sans-serif";
  let width = 0;

  const toPixels = ([u, v]) => [
    frame.x + ((u - scene.box[0]) / scene.box[2]) * frame.w,
    frame.y + (1 - (v - scene.box[1]) / scene.box[3]) * frame.h,
  ];

  // ---- structures -------------------------------------------------------------------------------

  function update(entry, layer) {
    const before = entry.layer;
    entry.layer = layer;
    if (entry.path !== layer.path) {
      entry.path = layer.path;
      entry.shape.setAttribute("d", layer.path);
      entry.group.toggleAttribute("hidden", !layer.path);
    }
    if (!entry.fresh && before.name === layer.name && before.note === layer.note && before.tissue === layer.tissue) return;
    entry.fresh = false;
    entry.group.dataset.tissue = layer.tissue;
    if (layer.as === "ground") return;
    entry.group.dataset.id = layer.id;
    entry.group.setAttribute("aria-label", spokenName(layer));
  }

  function drop(entry) {
    for (const node of [entry.group, entry.shape, entry.inside]) node.remove();
    drawn.delete(entry.layer.id);
  }

  /** A scene may bring a rendered picture, which fills the box under the structures. */
  function drawPicture() {
    const image = scene.image ?? "";
    if ((parts.picture.getAttribute("href") ?? "") === image) return;
    parts.picture.toggleAttribute("hidden", !image);
    if (image) parts.picture.setAttribute("href", image);
    else parts.picture.removeAttribute("href");
  }

  /** Bring the drawn structures in line with the scene; untouched ones are not looked at. */
  function syncLayers(changed) {
    drawPicture();
    const wanted = new Set(scene.layers.map((layer) => layer.id));
    for (const entry of [...drawn.values()]) if (!wanted.has(entry.layer.id)) drop(entry);
    let added = false;
    for (const layer of scene.layers) {
      if (changed && !changed.has(layer.id) && drawn.has(layer.id)) continue;
      let entry = drawn.get(layer.id);
      if (entry && !sameBuild(entry.layer, layer)) { drop(entry); entry = null; }
      if (!entry) {
        entry = { ...structure(layer, unique(`${id}-s`), parts), fresh: true };
        drawn.set(layer.id, entry);
        added = true;
      }
      update(entry, layer);
    }
    if (added || !changed) order();
  }

  function order() {
    const groups = scene.layers.map((layer) => drawn.get(layer.id).group);
    if (groups.some((group, i) => parts.tissue.children[i] !== group)) parts.tissue.replaceChildren(...groups);
  }

  // ---- lines: boundary, rulers ------------------------------------------------------------------

  function pathLine(list, d) {
    list.push(["fl-casing", d], ["fl-core", d]);
  }

  function rulerPath(one) {
    const [a, b] = [one.from, one.to];
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    const tick = 6 * (scene.box[2] / frame.w);
    const n = [(-(b[1] - a[1]) / length) * tick, ((b[0] - a[0]) / length) * tick];
    const bar = (p) => `M${p[0] - n[0]} ${p[1] - n[1]}L${p[0] + n[0]} ${p[1] + n[1]}`;
    return `M${a[0]} ${a[1]}L${b[0]} ${b[1]}${bar(a)}${bar(b)}`;
  }

  function drawLines() {
    const list = [];
    if (scene.boundary?.path) pathLine(list, scene.boundary.path);
    for (const one of scene.rulers ?? []) pathLine(list, rulerPath(one));
    while (parts.lines.children.length > list.length) parts.lines.lastChild.remove();
    list.forEach(([name, d], i) => {
      const node = parts.lines.children[i] ?? parts.lines.appendChild(make("svg:path", { "vector-effect": "non-scaling-stroke" }));
      if (node.getAttribute("class") !== name) node.setAttribute("class", name);
      if (node.getAttribute("d") !== d) node.setAttribute("d", d);
    });
  }

  // ---- focus ------------------------------------------------------------------------------------

  function focused() {
    return hovered || model.get("focus");
  }

  function inFocus(layerId) {
    return layerId === focused() || Boolean(drawn.get(layerId)?.layer.focus);
  }

  /** Outline of what is in focus, over everything else so that no neighbour covers half of it. */
  function drawGlow() {
    const lit = [...drawn.values()].filter((entry) => inFocus(entry.layer.id) && entry.layer.path);
    const keyboard = parts.svg.querySelector(".fl-layer:focus-visible");
    parts.glow.replaceChildren(...lit.flatMap((entry) => {
      const traits = { href: `#${entry.id}`, "data-tissue": entry.layer.tissue, "data-mark": entry.layer.mark };
      const use = (name) => make("svg:use", { ...traits, class: name });
      const tint = entry.layer.as === "part" ? [use("fl-tint")] : [];
      const marks = [];
      const pointed = quiz() === "point" && entry.layer.id === model.get("focus");
      if (pointed || (quiz() && entry.layer.focus)) marks.push(use("fl-mark-casing"), use("fl-mark"));
      return entry.group === keyboard ? [...tint, use("fl-ring"), use("fl-focus"), ...marks] : [...tint, use("fl-focus"), ...marks];
    }));
  }

  function sequence() {
    const rank = (layer) => layer.rank || 1e6;
    return scene.layers.filter((layer) => layer.path && layer.as !== "ground").sort((a, b) => rank(a) - rank(b)).map((layer) => layer.id);
  }

  /** One structure takes part in the page's tab order: the focused one, else the first. */
  function rove() {
    const ids = sequence();
    const stop = ids.includes(model.get("focus")) ? model.get("focus") : ids[0];
    for (const entry of drawn.values()) {
      if (entry.layer.as === "ground") continue;
      const index = entry.layer.id === stop ? "0" : "-1";
      if (entry.group.getAttribute("tabindex") !== index) entry.group.setAttribute("tabindex", index);
    }
  }

  let speaking = 0;
  function tell(byKeyboard) {
    const layer = drawn.get(focused())?.layer;
    clearTimeout(speaking);
    const write = () => {
      // Reached by keyboard, the structure's own name is read out already.
      page.status.setAttribute("aria-live", byKeyboard ? "off" : "polite");
      const key = layer ? `${layer.name}|${layer.note}` : `${quiz()}`;
      if (page.status.dataset.key === key) return;
      page.status.dataset.key = key;
      page.status.classList.toggle("fl-hint", !layer);
      const hint = HINTS[quiz()] ?? HINT;
      const name = layer ? [make("strong", {}, layer.name), layer.note ? ` — ${layer.note}` : ""] : [hint];
      page.status.replaceChildren(...name);
    };
    if (byKeyboard || !layer) write();
    else speaking = setTimeout(write, 60);
  }

  function refocus(byKeyboard = false) {
    drawGlow();
    showLabels();
    tell(byKeyboard);
  }

  function choose(layerId, byKeyboard = false) {
    if (model.get("focus") !== layerId) {
      model.set("focus", layerId);
      model.save_changes();
    }
    rove();
    refocus(byKeyboard);
  }

  // ---- quiz: no names on the picture, and pointing at a structure answers -----------------------

  const quiz = () => model.get("quiz") ?? "";
  const nameless = () => quiz() === "point" || quiz() === "look";
  let marked = ""; // what a finger has marked; a finger covers what it points at, so the second tap answers
  let answers = 0;

  function answer(layerId) {
    model.set("answer", { id: layerId, count: (answers += 1), page: id });
    model.save_changes();
  }

  function onClick(event) {
    const found = drawn.has(idAt(event)) ? idAt(event) : "";
    if (quiz() !== "point" || !found) { marked = ""; choose(found); return; }
    const answered = event.pointerType !== "touch" || marked === found;
    marked = found;
    choose(found);
    if (answered) answer(found);
  }

  function turnQuiz() {
    page.root.dataset.quiz = quiz();
    marked = "";
    whole();
    tell();
  }

  const idAt = (event) => event.target.closest?.("[data-id]")?.dataset.id ?? "";

  function onKey(event) {
    const ids = sequence();
    const at = ids.indexOf(event.target.dataset?.id);
    if (at < 0) return;
    const step = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      drawn.get(ids[(step + ids.length) % ids.length]).group.focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      choose("", true);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      choose(event.target.dataset.id, true);
      if (quiz() === "point") answer(event.target.dataset.id);
    }
  }

  function listen() {
    const svg = parts.svg;
    svg.addEventListener("pointerover", (event) => {
      if (event.pointerType === "touch") return;
      const found = idAt(event);
      if (found !== hovered) { hovered = found; refocus(); }
    });
    svg.addEventListener("pointerleave", () => { if (hovered) { hovered = ""; refocus(); } });
    svg.addEventListener("click", onClick);
    // Chromium makes an SVG element that listens for focus a tab stop itself, so the stage listens.
    page.stage.addEventListener("focusin", (event) => choose(event.target.dataset.id ?? "", true));
    page.stage.addEventListener("focusout", drawGlow);
    svg.addEventListener("keydown", onKey);
  }

  // ---- labels -----------------------------------------------------------------------------------

  function anchorOf(candidate) {
    if (!candidate.ruler) return toPixels(candidate.layer.anchor);
    const { from, to } = candidate.ruler;
    const along = (t) => toPixels([from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t]);
    return along(0.22);
  }

  function visible([u, v]) {
    const [u0, v0, w, h] = scene.box;
    return u > u0 && u < u0 + w && v > v0 && v < v0 + h;
  }

  function candidateOf(layer, place) {
    return { id: layer.id, text: layer.name, layer, order: place };
  }

  /** What would like a label, the most important first: rulers, structures in focus, then rank. */
  function candidates() {
    if (nameless()) return [];
    const rulers = (scene.rulers ?? []).filter((one) => one.text)
      .map((one, i) => ({ id: `ruler:${one.id}`, text: bound(one.text), ruler: one, order: i - 1000, kept: true }));
    const layers = scene.layers
      .filter((layer) => layer.path && layer.anchor && layer.rank > 0 && visible(layer.anchor))
      .sort((a, b) => Number(Boolean(b.focus)) - Number(Boolean(a.focus)) || a.rank - b.rank)
      .map((layer, i) => ({ ...candidateOf(layer, i), kept: Boolean(layer.focus) }));
    return [...rulers, ...layers].slice(0, frame.narrow ? MOST_NARROW : MOST_LABELS);
  }

  /** Choose and place all labels anew: a new scene or a new size, never a slider's step. */
  function layout() {
    const tallest = Math.max(20 * em, Math.min(38 * em, 0.72 * window.innerHeight));
    frame = measureFrame(width, scene.box, em, tallest);
    const list = candidates();
    for (const label of list) label.anchor = anchorOf(label);
    fitText(list, frame, measure, em);
    labels = frame.narrow ? layRows(list, frame, em) : layColumns(list, frame, em);
    drawFrame();
    drawLines();
    drawLetters();
    showLabels();
  }

  /** After a slider's step: labels stay where they are, leaders follow their structures. */
  let settling = 0;
  function followAnchors() {
    const wanted = new Map(candidates().map((one) => [one.id, one]));
    const known = new Set(labels.map((label) => label.id));
    labels = labels.filter((label) => wanted.has(label.id));
    for (const label of labels) {
      const now = wanted.get(label.id);
      Object.assign(label, { layer: now.layer, ruler: now.ruler, kept: now.kept, order: now.order });
      if (label.text !== now.text) relabel(label, now.text);
      label.anchor = anchorOf(label);
    }
    for (const [one, label] of wanted) if (!known.has(one)) admit(label, labels);
    showLabels();
    clearTimeout(settling);
    settling = setTimeout(() => { if (tangled(labels)) layout(); }, 250);
  }

  function relabel(label, text) {
    label.text = text;
    const lines = wrap(text, frame.column, measure);
    if (lines.length === label.lines.length) label.lines = lines;
    else label.lines = [text];
  }

  /** Add one label where there is room; false where there is none. */
  function admit(label, list) {
    label.anchor = anchorOf(label);
    fitText([label], frame, measure, em);
    const room = frame.narrow ? null : squeeze(label, list, frame, em);
    if (!room) return false;
    list.push(Object.assign(label, room));
    return true;
  }

  /** Labels at rest, and the one in focus even if another must make way for it. */
  function withFocus() {
    const layer = drawn.get(focused())?.layer;
    if (nameless() || !layer?.path || labels.some((label) => label.id === layer.id) || !layer.anchor || !visible(layer.anchor)) return labels;
    const list = [...labels];
    const extra = candidateOf(layer, 0);
    while (list.length >= (frame.narrow ? MOST_NARROW : MOST_LABELS) || !admit(extra, list)) {
      const leaves = makeWay(Object.assign(extra, { anchor: anchorOf(extra) }), list, frame);
      if (!leaves) return labels;
      list.splice(list.indexOf(leaves), 1);
      if (frame.narrow) {
        fitText([extra], frame, measure, em);
        const y = leaves.side === "top" ? leaves.y + leaves.height - extra.height : leaves.y;
        list.push({ ...extra, side: leaves.side, x: leaves.x, y });
        return list;
      }
    }
    return list;
  }

  function showLabels() {
    if (!frame) return;
    shownLabels = withFocus();
    const keep = new Set(shownLabels.map((label) => label.id));
    for (const layer of [parts.leaders, parts.names]) {
      for (const node of [...layer.children]) if (!keep.has(node.dataset.for)) node.remove();
    }
    for (const label of shownLabels) { drawLeader(label); drawName(label); }
  }

  function nodeFor(layer, label, build) {
    for (const node of layer.children) if (node.dataset.for === label.id) return node;
    const node = layer.appendChild(build());
    node.dataset.for = label.id;
    return node;
  }

  function drawLeader(label) {
    const node = nodeFor(parts.leaders, label, () =>
      make("svg:g", {}, make("svg:path", { class: "fl-halo" }), make("svg:path", { class: "fl-leader" }), make("svg:circle", { class: "fl-pin", r: 2.6 })));
    const [a, b] = [hook(label), label.anchor];
    const d = `M${a[0].toFixed(1)} ${a[1].toFixed(1)}L${b[0].toFixed(1)} ${b[1].toFixed(1)}`;
    const [halo, line, pin] = node.children;
    if (line.getAttribute("d") !== d) {
      halo.setAttribute("d", d);
      line.setAttribute("d", d);
      pin.setAttribute("cx", b[0].toFixed(1));
      pin.setAttribute("cy", b[1].toFixed(1));
    }
    node.setAttribute("class", inFocus(label.id) ? "fl-lit" : "");
  }

  function drawName(label) {
    const node = nodeFor(parts.names, label, () => make("svg:text", label.ruler ? {} : { "data-id": label.id }));
    const name = label.ruler ? "fl-measure" : inFocus(label.id) ? "fl-name-lit" : "";
    if (node.getAttribute("class") !== name) node.setAttribute("class", name);
    const key = [label.x, label.y, label.side, ...label.lines].join("|");
    if (node.dataset.key === key) return;
    node.dataset.key = key;
    node.setAttribute("text-anchor", { left: "end", right: "start" }[label.side] ?? "middle");
    const x = label.lines.length && frame.narrow ? keepInside(label) : label.x;
    node.replaceChildren(...label.lines.map((line, i) =>
      make("svg:tspan", { x: x.toFixed(1), y: (label.y + (i + 0.5) * 1.25 * em).toFixed(1) }, line)));
  }

  /** Middle of a label so that its longest line stays on the page. */
  function keepInside(label) {
    const half = Math.max(...label.lines.map((line) => measure(line))) / 2;
    return Math.max(half + 1, Math.min(label.x, width - half - 1));
  }

  // ---- frame, letters, scale --------------------------------------------------------------------

  function drawFrame() {
    const { x, y, w, h } = frame;
    const height = frame.narrow ? y + h + frame.below : y + h + 2.6 * em;
    for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) {
      parts.svg.setAttribute(name, value);
    }
    for (const node of [parts.plate, parts.crop, parts.frame, parts.picture]) {
      for (const [name, value] of Object.entries({ x, y, width: w, height: h })) node.setAttribute(name, value);
    }
    const scale = w / scene.box[2];
    const shift = [x - scene.box[0] * scale, y + h + scene.box[1] * scale];
    for (const node of [parts.tissue, parts.glow, parts.lines]) {
      node.setAttribute("transform", `translate(${shift[0]} ${shift[1]}) scale(${scale} ${-scale})`);
    }
    for (const node of parts.defs.querySelectorAll("pattern")) {
      node.setAttribute("patternTransform", `scale(${(em / 14 / scale).toFixed(5)})`);
    }
  }

  function word(text, x, y, anchor, name) {
    return make("svg:text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor, class: name }, text ?? "");
  }

  /** Orientation letters in the middle of each edge, or beside it where a leader passes. */
  function drawLetters() {
    const { x, y, w, h } = frame;
    const marks = scene.marks ?? {};
    const away = 0.8 * em;
    const upright = (at) => clearOf(labels, 0, at, y + h / 2, h / 3, em);
    const level = (at) => clearOf(labels, 1, at, x + w / 2, w / 3, em);
    parts.letters.replaceChildren(
      word(marks.left, x - away, upright(x - away), "middle", "fl-letter"),
      word(marks.right, x + w + away, upright(x + w + away), "middle", "fl-letter"),
      word(marks.top, level(y - away), y - away, "middle", "fl-letter"),
      word(marks.bottom, Math.max(level(y + h + away), besideScale()), y + h + away, "middle", "fl-letter"),
      ...scaleBar(),
    );
  }

  const scaleLength = () => ((scene.scale_mm ?? 10) / scene.box[2]) * frame.w;

  /** Where the scale bar and its number end, if they stand in the same line as the letter below the picture. */
  function besideScale() {
    return frame.narrow ? 0 : frame.x + scaleLength() + 2.2 * em + measure(`${scene.scale_mm ?? 10} mm`);
  }

  /** Scale bar and the word that says where the picture comes from; under the labels on a narrow page. */
  function scaleBar() {
    const { x, w } = frame;
    const low = frame.narrow ? frame.y + frame.h + frame.below - 0.9 * em : frame.y + frame.h + 0.85 * em;
    const millimetres = scene.scale_mm ?? 10;
    const bar = scaleLength();
    return [
      make("svg:path", { class: "fl-scale", d: `M${x + 1} ${low - 0.3 * em}v${0.5 * em}h${bar}v${-0.5 * em}` }),
      word(`${millimetres} mm`, x + bar + 0.6 * em, low, "start", "fl-small"),
      word("model", x + w, low, "end", "fl-small"),
    ];
  }

  // ---- words and readings -----------------------------------------------------------------------

  let later = 0;
  function drawWords() {
    setText(page.sentence, model.get("sentence"));
    setText(page.alert, model.get("message"));
    clearTimeout(later);
    later = setTimeout(() => setText(page.said, model.get("sentence")), 500);
  }

  function drawHeading() {
    setText(page.heading, scene.heading ?? "");
    if (parts.svg.getAttribute("aria-label") !== scene.description) parts.svg.setAttribute("aria-label", scene.description || "Section");
  }

  // ---- life -------------------------------------------------------------------------------------

  function metrics() {
    const style = getComputedStyle(page.root);
    em = parseFloat(style.fontSize) || 14;
    family = style.fontFamily;
    measure = ruler(family, em);
  }

  function timed(work) {
    const start = performance.now();
    work();
    page.root.dataset.drawMs = (performance.now() - start).toFixed(2);
    page.root.dataset.frame = Number(page.root.dataset.frame ?? 0) + 1;
  }

  /** Draw the whole scene. */
  function whole() {
    scene = current();
    if (!scene?.box || !width) return;
    timed(() => {
      syncLayers(null);
      drawHeading();
      layout();
      rove();
      refocus();
    });
  }

  /** Draw what a patch changed: only changed shapes and lines are touched. */
  function part(patch) {
    if (!scene?.box || !width) return whole();
    const box = scene.box;
    scene = current();
    if (patch.box && String(patch.box) !== String(box)) return whole();
    timed(() => {
      syncLayers(new Set((patch.layers ?? []).map((layer) => layer.id)));
      if (patch.order) order();
      if ("heading" in patch || "description" in patch) drawHeading();
      if ("marks" in patch || "scale_mm" in patch) drawLetters();
      if ("boundary" in patch || "rulers" in patch) drawLines();
      if (patch.removed || patch.layers?.some((layer) => "path" in layer || "focus" in layer)) { rove(); drawGlow(); }
      followAnchors();
      tell();
    });
  }

  /** The app around the view takes its colours from the view, so that both share one ground. */
  function themeAround() {
    const app = page.root.closest(".foramlib-app");
    if (app) app.dataset.flTheme = page.root.dataset.flTheme;
  }

  /** A picture painted in Python follows the page as well, so Python is told what "auto" means here. */
  function tellShade() {
    const shade = page.root.dataset.flTheme;
    if (model.get("theme") !== "auto" || model.get("shade") === shade) return;
    model.set("shade", shade);
    model.save_changes();
  }

  function resized() {
    themeAround();
    const now = Math.floor(page.stage.clientWidth);
    if (!now || now === width) return;
    width = now;
    metrics();
    whole();
  }

  const watcher = new ResizeObserver(resized);
  const undo = [
    followTheme(model, page.root, () => { themeAround(); tellShade(); if (width) { metrics(); whole(); } }),
    () => watcher.disconnect(),
    bindReadings(model, page.readings),
    bindSaving(model, page, () => ({ svg: parts.svg, scene, measure, em, family, width })),
  ];
  const on = (events, act) => { model.on(events, act); undo.push(() => model.off(events, act)); };
  on("change:sentence change:message", drawWords);
  on("change:focus", () => { rove(); refocus(); });
  on("change:quiz", turnQuiz);
  on("change:theme", tellShade);
  listen();
  drawWords();
  page.root.dataset.quiz = quiz();
  tell();
  watcher.observe(page.stage);
  resized();
  return { whole, part, close: () => undo.forEach((each) => each()) };
}

/** One model may have several views; the scene with all its patches is kept once, here. */
export default () => {
  let scene = {};
  const views = new Set();
  return {
    initialize({ model }) {
      scene = model.get("drawn") ?? {};
      model.on("change:drawn", () => {
        scene = model.get("drawn") ?? {};
        for (const view of views) view.whole();
      });
      model.on("change:patch", () => {
        const patch = model.get("patch") ?? {};
        if (!Object.keys(patch).length) return;
        scene = patched(scene, patch);
        for (const view of views) view.part(patch);
      });
    },
    render({ model, el }) {
      const view = createView(model, el, () => scene);
      views.add(view);
      return () => { views.delete(view); view.close(); };
    },
  };
};
