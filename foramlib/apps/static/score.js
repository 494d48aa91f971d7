// A scale with its bands, two scores, and how far the score would have to fall for each published difference.

function text(x, y, words, name, anchor = "start") {
  return make("svg:text", { x, y, class: name, "text-anchor": anchor }, words);
}

function scaleOf(state) {
  const { page, em, at } = state;
  const group = make("svg:g", {});
  page.bands.forEach((band, i) => {
    const end = page.bands[i + 1]?.low ?? 100;
    const box = { x: at(band.low), width: at(end) - at(band.low), y: 2 * em, height: 1.6 * em, class: `fl-s-band${i % 2 ? " fl-s-odd" : ""}` };
    group.append(make("svg:rect", box));
  });
  for (let mark = 0; mark <= 100; mark += 20) {
    group.append(make("svg:line", { x1: at(mark), x2: at(mark), y1: 2 * em, y2: state.height, class: "fl-s-rule" }));
    if (page.halved) group.append(text(at(mark), 1.5 * em, `${mark / 2}`, "fl-s-tick", "middle"));
    group.append(text(at(mark), 4.9 * em, `${mark}`, "fl-s-tick", "middle"));
  }
  return group;
}

/** One threshold: a bar from the first score to where it would be reached. */
function threshold(state, one, top) {
  const { page, em, at } = state;
  const group = make("svg:g", { class: one.reached ? "fl-s-reached" : "fl-s-short" });
  if (one.size === null) {
    group.append(text(at(page.first) + 0.7 * em, top + 0.85 * em, "scale not confirmed", "fl-s-tick"));
    return group;
  }
  const goal = Math.max(page.first - one.size, 0);
  const y = top + 0.5 * em;
  group.append(make("svg:line", { x1: at(goal), x2: at(page.first), y1: y, y2: y, class: "fl-s-need" }));
  group.append(make("svg:line", { x1: at(goal), x2: at(goal), y1: y - 0.45 * em, y2: y + 0.45 * em, class: "fl-s-need" }));
  const words = `${one.size.toPrecision(3).replace(/\.?0+$/, "")}${one.reached ? ", reached" : ", not reached"}`;
  group.append(text(at(page.first) + 0.7 * em, y + 0.35 * em, words, "fl-s-size"));
  return group;
}

function scores(state) {
  const { page, em, at } = state;
  const y = 2.8 * em;
  const r = 0.55 * em;
  const diamond = `M${at(page.now) - r} ${y}L${at(page.now)} ${y - r}L${at(page.now) + r} ${y}L${at(page.now)} ${y + r}Z`;
  return make("svg:g", {},
    make("svg:line", { x1: at(page.now), x2: at(page.now), y1: y, y2: state.height, class: "fl-s-now-line" }),
    make("svg:circle", { cx: at(page.first), cy: y, r: 0.8 * r, class: "fl-s-first" }),
    make("svg:path", { d: diamond, class: "fl-s-now" }));
}

function picture(page, width, em) {
  const left = 0.8 * em;
  const at = (value) => left + (value / 100) * (width - 2.4 * em);
  const height = (5.8 + 1.7 * page.thresholds.length) * em;
  const state = { page, em, at, height };
  const svg = make("svg:svg", { role: "img", "aria-label": page.alt, viewBox: `0 0 ${width} ${height}`, width, height });
  svg.append(scaleOf(state), ...page.thresholds.map((one, i) => threshold(state, one, (5.6 + 1.7 * i) * em)), scores(state));
  return svg;
}

function item(one) {
  return make("li", {}, `${one.words} `, make("span", { class: "fl-s-source" }, "Source: ", sourced(one.source, one.url, one.title)));
}

function render({ model, el }) {
  const part = (tag, name, extra = {}) => make(tag, { class: name, ...extra });
  const parts = {
    heading: part("h3", "fl-s-heading"), figure: part("div", "fl-s-figure"),
    sentence: part("p", "fl-s-sentence", { "aria-live": "polite" }), alert: part("p", "fl-alert", { role: "alert" }),
    key: part("p", "fl-s-source"), bands: part("p", "fl-s-bands"), list: part("ul", "fl-s-list"), note: part("p", "fl-s-source"),
  };
  const root = make("section", { class: "fl fl-view fl-score", "aria-label": "Score" }, ...Object.values(parts));
  el.append(root);
  const draw = () => {
    const page = model.get("page");
    if (!page.bands || !parts.figure.clientWidth) return;
    const em = parseFloat(getComputedStyle(root).fontSize);
    parts.figure.replaceChildren(picture(page, Math.floor(parts.figure.clientWidth), em));
  };
  let listed = "";
  const show = () => {
    const page = model.get("page");
    if (!page.bands) return;
    setText(parts.heading, page.heading);
    setText(parts.sentence, page.sentence);
    setText(parts.alert, page.message);
    setText(parts.key, `Diamond: now. Circle: first score. Bars: how far the score must fall for each difference, in points of 100.${page.halved ? " Upper numbers: 0 to 50." : ""}`);
    setText(parts.bands, `Bands, scale ${page.halved ? "0 to 50" : "0 to 100"}: ${page.bands.map((one) => `${one.printed} ${one.label}`).join("; ")}.`);
    setText(parts.note, page.note);
    const key = JSON.stringify(page.thresholds);
    if (listed !== key) {
      listed = key;
      parts.list.replaceChildren(...page.thresholds.map(item));
    }
    draw();
  };
  const unfollow = followTheme(model, root, () => requestAnimationFrame(draw));
  const watcher = new ResizeObserver(draw);
  // In one column the parts stand for themselves, so the width is that of the figure.
  watcher.observe(parts.figure);
  model.on("change:page", show);
  show();
  return () => {
    unfollow();
    watcher.disconnect();
    model.off("change:page", show);
  };
}

export default { render };
