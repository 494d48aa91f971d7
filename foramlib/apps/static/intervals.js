// Rows of points with intervals: words are text in a table, marks are drawn beside them.
// Python sends shares of the axis (0 to 1); this module knows nothing of what they mean.

const joined = (text) => text.replace(/(\d) (%|mm)/g, "$1\u00a0$2");
const percent = (share) => `${(100 * share).toFixed(2)}%`;
const HIGH = 28;
const MIDDLE = HIGH / 2;

function prose(pieces) {
  return pieces.map((piece) => sourced(joined(piece.text), piece.url, piece.title || piece.note));
}

function stroke(name, from, to, top = MIDDLE, low = MIDDLE) {
  return make("svg:line", { class: name, x1: percent(from), x2: percent(to), y1: top, y2: low });
}

/** A diamond needs corners at shares of the width: four lines of a nested picture stretched to its interval. */
function diamond(row) {
  const box = { x: percent(row.low), y: 5, width: percent(row.high - row.low), height: HIGH - 10 };
  const middle = 100 * ((row.point - row.low) / (row.high - row.low || 1));
  const shape = make("svg:polygon", { class: "fl-i-pool", points: `0,50 ${middle},0 100,50 ${middle},100` });
  return make("svg:svg", { ...box, viewBox: "0 0 100 100", preserveAspectRatio: "none" }, shape);
}

function point(row) {
  if (row.shape === "other") return make("svg:circle", { class: "fl-i-ring", cx: percent(row.point), cy: MIDDLE, r: 6 });
  const box = { x: percent(row.point), y: 0, width: 1, height: HIGH, overflow: "visible" };
  return make("svg:svg", box, make("svg:rect", { class: "fl-i-point", x: -6, y: MIDDLE - 6, width: 12, height: 12 }));
}

function whisker(row) {
  const parts = [];
  for (const end of [row.low, row.high]) {
    if (end === null) continue;
    parts.push(stroke("fl-i-line", row.point, end), stroke("fl-i-line", end, end, MIDDLE - 6, MIDDLE + 6));
  }
  if ((row.low === null) !== (row.high === null)) parts.unshift(stroke("fl-i-open", row.point, row.low === null ? 0 : 1));
  return parts;
}

function track(page, row) {
  const svg = make("svg:svg", { class: "fl-i-track", height: HIGH, "aria-hidden": "true" });
  for (const tick of page.ticks) svg.append(stroke("fl-i-tick", tick.at, tick.at, 0, HIGH));
  for (const mark of page.marks) svg.append(stroke(`fl-i-mark fl-i-${mark.style}`, mark.at, mark.at, 0, HIGH));
  if (row.point !== null && row.shape === "pool") svg.append(diamond(row));
  else if (row.point !== null) svg.append(...whisker(row), point(row));
  return svg;
}

function line(page, row) {
  const words = make("th", { scope: "row" }, make("span", { class: "fl-i-name" }, row.label));
  words.append(make("span", { class: "fl-i-figures" }, joined(row.figures)));
  if (row.verdict) words.append(make("strong", { class: "fl-i-verdict", "data-mark": row.mark }, row.verdict));
  return make("tr", { "data-shape": row.shape }, words, make("td", {}, track(page, row)));
}

function scale(page) {
  const svg = make("svg:svg", { class: "fl-i-track", height: 22 });
  // Where words are large every second number gives way; zero stays.
  const zero = Math.max(page.ticks.findIndex((tick) => tick.text === "0"), 0);
  page.ticks.forEach((tick, place) => {
    const name = page.ticks.length > 6 && (place - zero) % 2 ? "fl-i-second" : null;
    svg.append(make("svg:text", { x: percent(tick.at), y: 16, "text-anchor": "middle", class: name }, tick.text));
  });
  const sides = page.sides[0] ? make("span", { class: "fl-i-sides" }, `← ${page.sides[0]}`, make("span", {}, `${page.sides[1]} →`)) : "";
  const words = make("td", {}, svg, make("span", { class: "fl-i-unit" }, page.unit), sides);
  return make("tr", { class: "fl-i-scale", "aria-hidden": "true" }, make("td"), words);
}

function table(page) {
  const head = make("tr", {}, make("th", { scope: "col" }, "What was found"), make("th", { scope: "col" }, "Picture of it"));
  const body = make("tbody", {}, ...page.rows.map((row) => line(page, row)), page.rows.length ? scale(page) : "");
  const caption = make("caption", { class: "fl-unseen" }, page.heading);
  return make("table", { class: "fl-i-table" }, caption, make("thead", { class: "fl-unseen" }, head), body);
}

function marks(page) {
  const rows = page.marks.filter((mark) => mark.words);
  return make("ul", { class: "fl-i-key" }, ...rows.map((mark) => make("li", { class: `fl-i-word fl-i-${mark.style}` }, mark.words)));
}

function notes(page) {
  return page.notes.flatMap((note) => [
    make("p", { class: "fl-i-head" }, note.heading),
    make("ul", {}, ...note.items.map((pieces) => make("li", {}, ...prose(pieces)))),
  ]);
}

function sources(page) {
  const entries = page.sources.map((source) => make("li", {}, ...prose([source])));
  return make("details", { class: "fl-i-sources" }, make("summary", {}, `Sources (${entries.length})`), make("ul", {}, ...entries));
}

function render({ model, el }) {
  const heading = make("p", { class: "fl-i-title" });
  const picture = make("div", { class: "fl-i-picture" });
  const sentence = make("p", { class: "fl-i-sentence", role: "status" });
  const alert = make("p", { class: "fl-alert", role: "alert" });
  const under = make("div", { class: "fl-i-under" });
  const root = make("section", { class: "fl fl-intervals" }, heading, picture, sentence, alert, under);
  el.append(root);
  const unfollow = followTheme(model, root);
  let drawn = "";
  let told = "";
  const show = () => {
    const page = model.get("page");
    if (!page.rows) return;
    root.setAttribute("aria-label", page.label);
    setText(heading, page.heading);
    setText(sentence, page.sentence);
    setText(alert, page.message);
    const shape = JSON.stringify([page.rows, page.marks, page.ticks]);
    if (shape !== drawn) picture.replaceChildren(marks(page), table(page));
    drawn = shape;
    const words = JSON.stringify([page.notes, page.foot, page.sources]);
    // Untouched notes stay: a list of sources that is open stays open.
    if (words !== told) under.replaceChildren(...notes(page), make("p", { class: "fl-i-foot" }, page.foot), page.sources.length ? sources(page) : "");
    told = words;
    root.dataset.frame = page.frame;
  };
  model.on("change:page", show);
  show();
  return () => {
    unfollow();
    model.off("change:page", show);
  };
}

export default { render };
