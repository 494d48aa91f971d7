// The table of differences between two pictures, and the sentence that sums it up. It knows words only.

/** A number and its unit stay on one line. */
const joined = (text) => text.replace(/(\d) (mm²|mm|%)/g, "$1\u00a0$2");

function heads(names) {
  const cells = ["Measure", ...names, "Difference"].map((name) => make("th", { scope: "col" }, name));
  return make("thead", {}, make("tr", {}, ...cells));
}

function row(one, names) {
  const what = make("th", { scope: "row" }, make("span", { class: "fl-c-name" }, one.name));
  what.append(make("span", { class: "fl-c-how" }, one.definition));
  const figure = (text) => (/\d/.test(text) ? joined(`${text} ${one.unit}`) : text);
  const cell = (text, name) => make("td", { "data-name": name }, figure(text));
  return make("tr", {}, what, cell(one.left, names[0]), cell(one.right, names[1]), cell(one.change, "Difference"));
}

function render({ model, el }) {
  const sentence = make("p", { class: "fl-c-sentence", "aria-live": "polite" });
  const note = make("p", { class: "fl-c-note" });
  const alert = make("p", { class: "fl-alert", role: "alert" });
  const table = make("table", { class: "fl-c-table" });
  const root = make("section", { class: "fl fl-compare", "aria-label": "Differences" }, sentence, alert, table, note);
  el.append(root);
  const unfollow = followTheme(model, root);

  const show = () => {
    const page = model.get("page");
    if (!page.rows) return;
    setText(alert, page.message);
    setText(sentence, joined(page.sentence));
    setText(note, page.note);
    const caption = make("caption", {}, page.caption);
    const body = make("tbody", {}, ...page.rows.map((one) => row(one, page.names)));
    table.replaceChildren(caption, heads(page.names), body);
  };
  model.on("change:page", show);
  show();
  return () => {
    unfollow();
    model.off("change:page", show);
  };
}

export default { render };
