// An axial section with the lines of two planes, a strip of grades by angle, and sentences. Knows no anatomy.

const TICKS = [0, 15, 30, 45, 60];

function prose(tag, name, text) {
  return make(tag, name ? { class: name } : {}, text);
}

function path(d, name) {
  return make("svg:path", { d, class: name, "vector-effect": "non-scaling-stroke" });
}

const dOf = (line) => (line?.length === 2 ? `M${line[0].join(" ")}L${line[1].join(" ")}` : "");

function render({ model, el }) {
  const svg = make("svg:svg", { "aria-hidden": "true" });
  const words = make("div", { "aria-hidden": "true" });
  const picture = make("div", { class: "fl-t-inset", role: "img" }, svg, words);
  const plot = make("div", { class: "fl-t-plot", role: "img" });
  const caption = prose("p", "fl-t-caption", "");
  const told = make("ul", { class: "fl-t-told" });
  const verdict = make("p", { class: "fl-t-verdict", "aria-live": "polite" });
  const list = make("ul", {});
  const details = make("details", { class: "fl-t-sources" }, make("summary", {}, "Sources"), list);
  const left = make("div", { class: "fl-t-where" }, prose("p", "fl-t-head", "Where the plane lies"), picture);
  const right = make("div", { class: "fl-t-strip" }, prose("p", "fl-t-head", "Grade by angle, as far as you have looked"), plot, caption);
  const root = make("div", { class: "fl fl-trap" }, verdict, told, make("div", { class: "fl-t-pair" }, left, right), details);
  el.append(root);
  const lines = make("svg:g", { transform: "scale(1,-1)" });

  function drawInset() {
    const plan = model.get("inset") ?? {};
    if (!plan.box) return;
    const [u, v, w, h] = plan.box;
    svg.setAttribute("viewBox", `${u} ${-v - h} ${w} ${h}`);
    const tissue = make("svg:g", { transform: "scale(1,-1)" });
    for (const layer of plan.layers) {
      tissue.append(make("svg:path", { d: layer.path, "fill-rule": "evenodd", "vector-effect": "non-scaling-stroke", "data-tissue": layer.tissue, class: "fl-t-tissue" }));
    }
    svg.replaceChildren(tissue, lines);
    const letters = ["left", "right", "top", "bottom"].map((side) => make("span", { class: `fl-t-letter fl-t-${side}` }, plan.marks[side]));
    const bar = make("span", { class: "fl-t-bar" }, `${plan.scale_mm} mm`);
    bar.style.width = `${(100 * plan.scale_mm) / w}%`;
    words.replaceChildren(...letters, bar, make("span", { class: "fl-t-tag" }));
    drawNow();
  }

  function drawNow() {
    const now = model.get("now") ?? {};
    const plan = model.get("inset") ?? {};
    const square = dOf(plan.square);
    const line = dOf(now.line);
    lines.replaceChildren(path(square, "fl-t-square-casing"), path(square, "fl-t-square"), path(line, "fl-t-line-casing"), path(line, "fl-t-line"));
    picture.setAttribute("aria-label", now.words ?? "");
    const tag = words.querySelector(".fl-t-tag");
    if (tag) setText(tag, now.text ?? "");
  }

  function drawStrip() {
    const strip = model.get("strip") ?? {};
    if (!strip.grades) return;
    const rows = strip.grades.length;
    const x = (angle) => `${(100 * angle) / strip.most}%`;
    const y = (rank) => `${100 * (1 - (rank + 0.5) / rows)}%`;
    const parts = [];
    const put = (node, left, top) => { if (left) node.style.left = left; if (top) node.style.top = top; parts.push(node); };
    strip.grades.forEach((grade, rank) => {
      put(make("span", { class: "fl-t-row" }), "", y(rank));
      put(make("span", { class: "fl-t-grade" }, grade), "", y(rank));
    });
    for (const tick of TICKS) put(make("span", { class: "fl-t-tick" }, `${tick}°`), x(tick), "");
    put(make("span", { class: "fl-t-best" }), x(strip.best), "");
    put(make("span", { class: "fl-t-bestword" }, `square ${strip.best}°`), x(strip.best), "");
    for (const [angle, rank] of strip.seen) {
      if (rank < 0) continue;
      const name = angle === strip.now ? "fl-t-dot fl-t-here" : "fl-t-dot";
      put(make("span", { class: name }), x(angle), y(rank));
    }
    plot.replaceChildren(make("div", { class: "fl-t-area" }, ...parts));
    plot.setAttribute("aria-label", strip.words ?? "");
    setText(caption, "Degrees from the sagittal; the film angle is 90° minus that.");
  }

  function drawTold() {
    const rows = (model.get("told") ?? []).map((one) => {
      const head = make("strong", {}, `${one.head}: `);
      return make("li", one.now ? { class: "fl-t-now" } : {}, head, one.text);
    });
    told.replaceChildren(...rows);
  }

  function drawSources() {
    list.replaceChildren(...(model.get("sources") ?? []).map((one) => {
      if (!one.url) return make("li", {}, one.text);
      return make("li", {}, make("a", { href: one.url, target: "_blank", rel: "noopener noreferrer" }, one.text));
    }));
  }

  const undo = [followTheme(model, root)];
  const on = (event, act) => { model.on(event, act); undo.push(() => model.off(event, act)); };
  on("change:inset", drawInset);
  on("change:now", drawNow);
  on("change:strip", drawStrip);
  on("change:told", drawTold);
  on("change:sources", drawSources);
  on("change:verdict", () => setText(verdict, model.get("verdict")));
  drawInset();
  drawStrip();
  drawTold();
  drawSources();
  setText(verdict, model.get("verdict"));
  return () => undo.forEach((each) => each());
}

export default { render };
