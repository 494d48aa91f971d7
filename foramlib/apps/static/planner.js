// A plan with dates: a timeline, a table of who says what, and when to call for help. It knows days, no medicine.

const LABELS = 15;
const NARROW = 34;
const LINE = 0.95; // height of one source, ems: marks of neighbours do not touch

/** Where a day lies, in pixels; days beyond the last week stay at the edge. */
function placed(state, day) {
  const last = 7 * state.page.weeks;
  return state.left + (Math.min(day, last) / last) * (state.width - state.left - state.em);
}

const SHAPES = {
  circle: (x, y, r) => make("svg:circle", { cx: x, cy: y, r: 0.8 * r }),
  square: (x, y, r) => make("svg:rect", { x: x - 0.75 * r, y: y - 0.75 * r, width: 1.5 * r, height: 1.5 * r }),
  triangle: (x, y, r) => make("svg:path", { d: `M${x - r} ${y + 0.8 * r}L${x + r} ${y + 0.8 * r}L${x} ${y - r}Z` }),
  diamond: (x, y, r) => make("svg:path", { d: `M${x - r} ${y}L${x} ${y - r}L${x + r} ${y}L${x} ${y + r}Z` }),
};

/** One source: a bar where it names both ends, dashes from day 0 where only the last, an open end where only the first. */
function marked(state, mark, y) {
  const group = make("svg:g", { class: `fl-p-mark fl-p-${mark.shape}` });
  const [first, last] = [mark.from ?? 0, mark.until ?? Math.min((mark.from ?? 0) + 9, 7 * state.page.weeks)];
  const line = make("svg:line", { x1: placed(state, first), x2: placed(state, last), y1: y, y2: y });
  if (mark.from === null) line.setAttribute("stroke-dasharray", "3 3");
  if (mark.until === null) line.setAttribute("class", "fl-p-open");
  group.append(line);
  for (const day of new Set([mark.from, mark.until])) {
    if (day !== null) group.append(SHAPES[mark.shape](placed(state, day), y, 0.36 * state.em));
  }
  return group;
}

function words(x, y, text, name, anchor = "start") {
  return make("svg:text", { x, y, class: name, "text-anchor": anchor }, text);
}

/** Height of a row, in ems: every source has a line of its own. */
function tall(state, one) {
  return 1.7 + LINE * Math.max(one.marks.length, 1) + (state.narrow ? 1.2 : 0);
}

function row(state, one, top) {
  const { em, narrow } = state;
  const group = make("svg:g", {});
  const middle = top + (tall(state, one) / 2 + (narrow ? 0.7 : 0)) * em;
  group.append(make("svg:line", { class: "fl-p-rule", x1: 0, x2: state.width, y1: top, y2: top }));
  group.append(words(0, narrow ? top + 1.35 * em : middle + 0.35 * em, one.name, "fl-p-name"));
  const days = one.marks.flatMap((mark) => [mark.from, mark.until]).filter((day) => day !== null);
  if (!days.length) {
    group.append(words(state.left, middle + 0.35 * em, "nobody gives a time", "fl-p-quiet"));
    return group;
  }
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const width = Math.max(placed(state, last) - placed(state, first), 2);
  const height = (LINE * one.marks.length + 0.7) * em;
  group.append(make("svg:rect", { class: "fl-p-band", x: placed(state, first), y: middle - height / 2, width, height, rx: 3 }));
  const shift = (one.marks.length - 1) / 2;
  one.marks.forEach((mark, i) => group.append(marked(state, mark, middle + LINE * (i - shift) * em)));
  return group;
}

/** The axis: a mark for every day of the first fortnight and for every week, a date for as many as have room. */
function axis(state, height) {
  const { em, page } = state;
  const group = make("svg:g", {});
  for (let day = 0; day <= 14; day += 1) {
    const x = placed(state, day);
    group.append(make("svg:line", { class: "fl-p-day", x1: x, x2: x, y1: 1.75 * em, y2: 2.1 * em }));
  }
  let edge = -Infinity;
  for (const tick of page.ticks) {
    const x = placed(state, tick.day);
    const half = 0.3 * em * tick.text.length;
    group.append(make("svg:line", { class: "fl-p-week", x1: x, x2: x, y1: 1.55 * em, y2: height }));
    const at = Math.min(Math.max(x, half), state.width - half);
    if (at - half < edge + em) continue;
    group.append(words(at, 1.2 * em, tick.text, "fl-p-tick", "middle"));
    edge = at + half;
  }
  return group;
}

function timeline(state) {
  const { em, page } = state;
  const tops = page.rows.reduce((all, one) => [...all, all.at(-1) + tall(state, one)], [2.3]);
  const height = tops.at(-1) * em;
  const box = { role: "img", viewBox: `0 0 ${state.width} ${height}`, width: state.width, height, "aria-label": page.alt };
  const svg = make("svg:svg", box);
  svg.append(axis(state, height), ...page.rows.map((one, i) => row(state, one, tops[i] * em)));
  return svg;
}

function said(one) {
  const item = make("li", {}, `${one.text} `);
  if (!one.source) return item;
  item.append(make("span", { class: "fl-p-source" }, "Source: ", sourced(one.source, one.url, one.title)));
  return item;
}

function tableRow(one) {
  const when = make("td", { "data-name": "When" }, make("span", { class: "fl-p-when" }, one.dates));
  if (one.standing) when.append(make("span", { class: "fl-p-standing" }, one.standing));
  const who = make("td", { "data-name": "Who says so" });
  if (one.said.length) {
    const more = make("details", {}, make("summary", {}, one.said.length > 1 ? `${one.said.length} statements` : "1 statement"));
    more.append(make("ul", {}, ...one.said.map(said)));
    who.append(more);
  } else who.append("nothing in our tables");
  return make("tr", {}, make("th", { scope: "row" }, one.name), when, who);
}

function helpList(page) {
  return make("ul", {}, ...page.help.map((one) => make("li", {}, make("b", {}, `${one.urgency}: `), `${one.sign}; ${one.act}. `,
    make("span", { class: "fl-p-source" }, `Source: ${one.source}`))));
}

/** Offer a text as a file; it never leaves the page. */
function keep(file) {
  const link = make("a", { href: URL.createObjectURL(new Blob([file.text], { type: file.type })), download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function render({ model, el }) {
  const part = (tag, name, extra = {}) => make(tag, { class: name, ...extra });
  const parts = {
    heading: part("h3", "fl-p-heading"), figure: part("div", "fl-p-figure"),
    sentence: part("p", "fl-p-sentence", { "aria-live": "polite" }), alert: part("p", "fl-alert", { role: "alert" }),
    key: part("p", "fl-p-key"),
    caution: part("div", "fl-p-caution"), table: part("table", "fl-p-table"),
    help: part("section", "fl-p-help"), files: part("div", "fl-buttons"),
  };
  const root = make("section", { class: "fl fl-view fl-planner" }, ...Object.values(parts));
  el.append(root);
  const drawn = {};

  const draw = () => {
    const page = model.get("page");
    if (!page.rows || !parts.figure.clientWidth) return;
    const em = parseFloat(getComputedStyle(root).fontSize);
    const width = Math.floor(parts.figure.clientWidth);
    const narrow = width < NARROW * em;
    const key = JSON.stringify([width, em, page.rows, page.ticks]);
    if (drawn.key === key) return;
    drawn.key = key;
    parts.figure.replaceChildren(timeline({ page, em, width, narrow, left: narrow ? 0.5 * em : LABELS * em }));
  };
  const show = () => {
    const page = model.get("page");
    if (!page.rows) return;
    setText(parts.heading, page.heading);
    // Two plans may stand on one page: each bears its patient's name.
    const whose = page.whose ? `: ${page.whose}` : "";
    root.setAttribute("aria-label", `Recovery plan${whose}`);
    parts.help.setAttribute("aria-label", `When to call for help${whose}`);
    setText(parts.sentence, page.sentence);
    setText(parts.alert, page.message);
    setText(parts.key, "Shaded: from the first to the last day that anybody names. Circle: leaflet. Triangle: one centre. Square: survey. Diamond: measured. Dashes: only an end is named.");
    const caution = page.caution.join(" ");
    if (drawn.caution !== caution) {
      drawn.caution = caution;
      parts.caution.replaceChildren(...page.caution.map((text) => make("p", {}, text)));
    }
    const rows = JSON.stringify(page.rows);
    if (drawn.rows !== rows) {
      drawn.rows = rows;
      const open = new Set([...parts.table.querySelectorAll("tr")].filter((tr) => tr.querySelector("details[open]")).map((tr) => tr.firstChild.textContent));
      const heads = ["Step", "When", "Who says so"].map((name) => make("th", { scope: "col" }, name));
      parts.table.replaceChildren(make("caption", {}, "The same in words; open a row to read who says so."),
        make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...page.rows.map(tableRow)));
      for (const tr of parts.table.querySelectorAll("tbody tr")) {
        const details = tr.querySelector("details");
        if (details && open.has(tr.firstChild.textContent)) details.open = true;
      }
    }
    const help = JSON.stringify(page.help);
    if (drawn.help !== help) {
      drawn.help = help;
      parts.help.replaceChildren(make("h4", {}, "When to call for help"), helpList(page));
    }
    if (!parts.files.children.length) {
      parts.files.append(...page.files.map((file, i) => {
        const button = make("button", { type: "button" }, file.label);
        button.addEventListener("click", () => keep(model.get("page").files[i]));
        return button;
      }));
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
