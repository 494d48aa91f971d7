// Anatomy (outlines in mm, v up) and image (grey pixels) of one plane under one cursor. Knows no anatomy.

const FINE = 0.5; // mm that an arrow key moves
const LEAP = 2; // mm with Shift
const MOST_NAMED = 8;
const KEYS = "Arrow keys move the cursor in both pictures, with Shift farther; Page Down and Page Up go to the next structure; Escape puts it away.";
const HINT = "Move over either picture, tap it, or use the keyboard: " + KEYS.charAt(0).toLowerCase() + KEYS.slice(1);

function pane(kind, title) {
  const overlay = make("svg:g", {});
  const svg = make("svg:svg", { preserveAspectRatio: "none", "aria-hidden": "true" });
  const canvas = kind === "image" ? make("canvas", { "aria-hidden": "true" }) : null;
  const words = make("div", { "aria-hidden": "true" });
  const figure = make("div", { class: `fl-s-pane fl-s-${kind}`, role: "img", "data-pane": kind });
  figure.append(...(canvas ? [canvas] : []), svg, words);
  return { kind, title, figure, svg, overlay, canvas, words };
}

function word(text, ...names) {
  return make("span", { class: ["fl-s-word", ...names].join(" ") }, text);
}

function render({ model, el }) {
  const heading = make("p", { class: "fl-heading" });
  const anatomy = pane("anatomy", "Anatomy");
  const image = pane("image", "");
  const panes = [anatomy, image];
  const names = make("div", { class: "fl-s-names", "aria-hidden": "true" });
  const leaders = make("svg:svg", { class: "fl-s-leaders", "aria-hidden": "true" });
  const stage = make("div", { class: "fl-s-stage", tabindex: "0", role: "application", "aria-label": `Linked cursor. ${KEYS}` });
  stage.append(anatomy.figure, names, image.figure, leaders);
  const sentence = make("p", { class: "fl-sentence", "aria-live": "polite" });
  const status = make("p", { class: "fl-status", "aria-live": "polite" });
  const alert = make("p", { class: "fl-alert", role: "alert" });
  const settings = make("p", { class: "fl-s-settings" });
  const told = make("p", {});
  const details = make("details", {}, make("summary", {}, "The image in words"), told);
  const root = make("div", { class: "fl fl-scan" }, heading, stage, settings, sentence, status, alert, details);
  el.append(root);

  let plan = {};
  let shapes = []; // { layer, path } from the bottom to the top, what can be pointed at
  let grey = new Uint8Array();
  let width = 0;
  let em = 14;

  const place = () => model.get("cursor");
  const layersOf = () => plan.layers ?? [];
  const ranked = () => layersOf().filter((one) => one.rank && one.path && visible(one.anchor)).sort((a, b) => a.rank - b.rank);
  const visible = ([u, v]) => u > plan.box[0] && v > plan.box[1] && u < plan.box[0] + plan.box[2] && v < plan.box[1] + plan.box[3];
  const share = ([u, v]) => [(u - plan.box[0]) / plan.box[2], 1 - (v - plan.box[1]) / plan.box[3]];

  // ---- pictures ---------------------------------------------------------------------------------

  function drawPlan() {
    plan = model.get("plan") ?? {};
    if (!plan.box) return;
    setText(heading, plan.heading ?? "");
    const [u, v, w, h] = plan.box;
    for (const one of panes) {
      one.svg.setAttribute("viewBox", `${u} ${-v - h} ${w} ${h}`);
      one.svg.style.aspectRatio = `${w} / ${h}`;
      one.overlay = make("svg:g", { transform: "scale(1,-1)" });
    }
    const tissue = make("svg:g", { class: "fl-s-tissue", transform: "scale(1,-1)" });
    shapes = [];
    for (const layer of layersOf()) {
      const path = make("svg:path", { d: layer.path, "fill-rule": "evenodd", "vector-effect": "non-scaling-stroke", "data-tissue": layer.tissue });
      if (layer.as === "part") path.setAttribute("class", "fl-s-part");
      tissue.append(path);
      if (layer.as !== "ground") shapes.push({ layer, path });
    }
    anatomy.svg.replaceChildren(tissue, anatomy.overlay);
    image.svg.replaceChildren(image.overlay);
    drawWords();
    if (place().length && !visible(place())) model.set("cursor", []);
    drawCursor();
    drawNames();
  }

  function drawWords() {
    if (!plan.box) return;
    const words = model.get("words") ?? {};
    const marks = plan.marks ?? {};
    for (const one of panes) {
      const letters = ["left", "right", "top", "bottom"].map((side) => word(marks[side] ?? "", "fl-s-letter", `fl-s-${side}`));
      const bar = make("div", { class: "fl-s-scale" });
      bar.style.width = `${(100 * plan.scale_mm) / plan.box[2]}%`;
      const title = word(one.kind === "image" ? words.stamp ?? "" : "Model", one.kind === "image" ? "fl-s-stamp" : "fl-s-title");
      one.words.replaceChildren(...letters, bar, word(`${plan.scale_mm} mm`, "fl-s-bar"), title);
      one.figure.setAttribute("aria-label", words[one.kind] ?? "");
    }
    setText(settings, words.settings ?? "");
    setText(told, words.image ?? "");
  }

  function drawPixels() {
    const [rows, columns] = model.get("size") ?? [];
    const sent = model.get("pixels");
    if (!rows || !sent) return;
    const start = performance.now();
    grey = new Uint8Array(sent.buffer ?? sent, sent.byteOffset ?? 0, rows * columns);
    const data = new Uint32Array(grey.length);
    for (let i = 0; i < grey.length; i++) data[i] = 0xff000000 | (grey[i] * 0x010101);
    image.canvas.width = columns;
    image.canvas.height = rows;
    image.canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(data.buffer), columns, rows), 0, 0);
    root.dataset.drawMs = (performance.now() - start).toFixed(2);
    root.dataset.frame = Number(root.dataset.frame ?? 0) + 1;
    tell();
  }

  // ---- the cursor -------------------------------------------------------------------------------

  function under([u, v]) {
    const point = new DOMPoint(u, v);
    for (let i = shapes.length - 1; i >= 0; i--) if (shapes[i].path.isPointInFill(point)) return shapes[i];
    return null;
  }

  function greyAt(where) {
    const [rows, columns] = model.get("size");
    const [x, y] = share(where);
    const row = Math.min(rows - 1, Math.max(0, Math.floor(y * rows)));
    const column = Math.min(columns - 1, Math.max(0, Math.floor(x * columns)));
    return Math.round((100 * grey[row * columns + column]) / 255);
  }

  /** A cross with a gap, so that what it points at stays in view. */
  function cross([u, v]) {
    const [u0, v0, w, h] = plan.box;
    const gap = w / 40;
    return `M${u0} ${v}H${u - gap}M${u + gap} ${v}H${u0 + w}M${u} ${v0}V${v - gap}M${u} ${v + gap}V${v0 + h}`;
  }

  function strokes(d, name) {
    const attributes = { d, "fill-rule": "evenodd", "vector-effect": "non-scaling-stroke" };
    return [make("svg:path", { ...attributes, class: `${name}-casing` }), make("svg:path", { ...attributes, class: name })];
  }

  function drawCursor() {
    if (!plan.box) return;
    const where = place();
    const found = where.length ? under(where) : null;
    for (const one of panes) {
      const parts = [];
      const line = plan.line?.points;
      if (line) parts.push(...strokes(`M${line[0].join(" ")}L${line[1].join(" ")}`, "fl-s-other"));
      if (found) parts.push(...strokes(found.layer.path, "fl-s-lit"));
      if (where.length) parts.push(...strokes(cross(where), "fl-s-cross"));
      one.overlay.replaceChildren(...parts);
    }
    for (const node of names.children) node.toggleAttribute("data-lit", node.dataset.id === found?.layer.id);
    tell();
  }

  let waiting = 0;
  function tell(now = false) {
    clearTimeout(waiting);
    waiting = setTimeout(say, now ? 0 : 120);
  }

  function say() {
    const where = place();
    if (!plan.box || !where.length) { setText(status, HINT); return; }
    const found = under(where)?.layer;
    const tone = found ? (model.get("tones") ?? {})[found.id] ?? "" : "";
    const here = `${greyAt(where)} % grey under the cursor (0 black, 100 white)`;
    const text = found ? `${found.name}: ${tone ? `${tone}; ` : ""}${here}. ${found.note ?? ""}` : `Nothing that the model names: ${here}.`;
    if (status.dataset.text === text) return;
    status.dataset.text = text;
    const rest = found ? text.slice(found.name.length) : text;
    status.replaceChildren(...(found ? [make("strong", {}, found.name), rest] : [rest]));
  }

  let sending = 0;
  function move(where, byKeyboard = false) {
    const [u0, v0, w, h] = plan.box;
    const kept = where.length ? [Math.min(u0 + w, Math.max(u0, where[0])), Math.min(v0 + h, Math.max(v0, where[1]))] : [];
    model.set("cursor", kept.map((value) => Math.round(100 * value) / 100));
    drawCursor();
    tell(byKeyboard);
    clearTimeout(sending);
    sending = setTimeout(() => model.save_changes(), 150);
  }

  function follow(event) {
    const box = event.currentTarget.getBoundingClientRect();
    const [u, v, w, h] = plan.box;
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    move([u + x * w, v + (1 - y) * h]);
  }

  function step(by) {
    const order = ranked();
    if (!order.length) return;
    const at = order.findIndex((one) => one.id === stepped);
    const next = order[(at + by + order.length + (at < 0 && by < 0 ? 1 : 0)) % order.length];
    stepped = next.id;
    move([...next.anchor], true);
  }
  let stepped = "";

  function onKey(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const by = moves[event.key];
    if (!plan.box) return;
    if (by) {
      const far = event.shiftKey ? LEAP : FINE;
      const from = place().length ? place() : [plan.box[0] + plan.box[2] / 2, plan.box[1] + plan.box[3] / 2];
      move([from[0] + by[0] * far, from[1] + by[1] * far], true);
    } else if (event.key === "PageDown") step(1);
    else if (event.key === "PageUp") step(-1);
    else if (event.key === "Home") { stepped = ""; step(1); }
    else if (event.key === "Escape") { stepped = ""; move([], true); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- names on demand --------------------------------------------------------------------------

  function drawNames() {
    const on = Boolean(model.get("labels")) && Boolean(plan.box);
    const narrow = width < 42 * em;
    stage.toggleAttribute("data-named", on && !narrow);
    stage.toggleAttribute("data-narrow", narrow);
    for (const one of panes) for (const pin of one.figure.querySelectorAll(".fl-s-pin")) pin.remove();
    names.replaceChildren();
    leaders.replaceChildren();
    if (!on) return;
    const chosen = ranked().slice(0, MOST_NAMED);
    if (narrow) pins(chosen);
    else column(chosen);
  }

  /** On a narrow page numbers stand in both pictures, and the names between them. */
  function pins(chosen) {
    chosen.forEach((layer, i) => {
      for (const one of panes) {
        const pin = make("span", { class: "fl-s-pin", "aria-hidden": "true" }, String(i + 1));
        const [x, y] = share(layer.anchor);
        pin.style.left = `${100 * x}%`;
        pin.style.top = `${100 * y}%`;
        one.figure.append(pin);
      }
      names.append(make("div", { class: "fl-s-name", "data-id": layer.id }, `${i + 1} ${layer.name}`));
    });
  }

  /** Names between the pictures, with a line to the same place in each. */
  function column(chosen) {
    const outer = stage.getBoundingClientRect();
    const at = (one, anchor) => {
      const box = one.figure.getBoundingClientRect();
      const [x, y] = share(anchor);
      return [box.left - outer.left + x * box.width, box.top - outer.top + y * box.height];
    };
    const boxes = chosen.map((layer) => {
      const node = make("div", { class: "fl-s-name", "data-id": layer.id }, layer.name);
      names.append(node);
      return { layer, node };
    });
    const middle = names.getBoundingClientRect();
    const height = anatomy.figure.getBoundingClientRect().height;
    for (const box of boxes) {
      box.height = box.node.getBoundingClientRect().height;
      box.wish = at(anatomy, box.layer.anchor)[1] - box.height / 2;
    }
    // What has no room is left out, the least important first.
    const taken = () => boxes.reduce((sum, box) => sum + box.height + 0.5 * em, -0.5 * em);
    while (boxes.length && taken() > height) boxes.pop().node.remove();
    boxes.sort((a, b) => a.wish - b.wish);
    spread(boxes, 0, height, 0.5 * em);
    for (const box of boxes) {
      box.node.style.top = `${box.y}px`;
      const y = box.y + box.height / 2;
      const ends = [[middle.left - outer.left + 4, anatomy], [middle.right - outer.left - 4, image]];
      for (const [x, one] of ends) {
        const [px, py] = at(one, box.layer.anchor);
        const d = `M${x} ${y}L${px} ${py}`;
        leaders.append(make("svg:path", { d, class: "fl-s-halo" }), make("svg:path", { d }), make("svg:circle", { cx: px, cy: py, r: 2.6 }));
      }
    }
  }

  // ---- life -------------------------------------------------------------------------------------

  function themeAround() {
    const app = root.closest(".foramlib-app");
    if (app) app.dataset.flTheme = root.dataset.flTheme;
  }

  function resized() {
    themeAround();
    const now = Math.floor(root.clientWidth);
    if (!now || now === width) return;
    width = now;
    em = parseFloat(getComputedStyle(root).fontSize) || 14;
    drawNames();
  }

  const watcher = new ResizeObserver(resized);
  const undo = [followTheme(model, root, () => { themeAround(); width = 0; resized(); }), () => watcher.disconnect()];
  const on = (events, act) => { model.on(events, act); undo.push(() => model.off(events, act)); };
  on("change:plan", drawPlan);
  on("change:words", drawWords);
  on("change:tones", () => tell());
  on("change:pixels change:size", drawPixels);
  on("change:labels", drawNames);
  on("change:cursor", drawCursor);
  on("change:sentence", () => setText(sentence, model.get("sentence")));
  on("change:message", () => setText(alert, model.get("message")));
  for (const one of panes) {
    one.figure.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch" || event.buttons) follow(event); });
    one.figure.addEventListener("pointerdown", follow);
  }
  stage.addEventListener("keydown", onKey);
  watcher.observe(root);
  drawPlan();
  drawPixels();
  setText(sentence, model.get("sentence"));
  setText(alert, model.get("message"));
  say();
  resized();
  return () => undo.forEach((each) => each());
}

export default { render };
