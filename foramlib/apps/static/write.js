// A paragraph, a place to write it anew, and what can be said of the draft. Words and counts come from Python.

function list(name, entries, mark = "") {
  return make("ul", { class: name, "data-mark": mark || null }, ...entries.map((entry) => make("li", {}, entry)));
}

function part(heading, ...content) {
  return [make("h4", { class: "fl-w-head" }, heading), ...content];
}

function readings(page) {
  const entries = page.readings.map((one) => make("div", {}, make("dt", {}, one.name), make("dd", {}, one.value)));
  return make("dl", { class: "fl-w-readings" }, ...entries);
}

function facts(page) {
  const rows = page.facts.map((one) => make("li", { "data-mark": one.mark }, make("strong", {}, one.note), ` ${one.text}`));
  return make("ul", { class: "fl-w-facts" }, ...rows);
}

function results(page) {
  const parts = [];
  if (page.readings.length) parts.push(...part("How it reads", readings(page)));
  if (page.facts.length) parts.push(...part(page.facts_heading, facts(page)));
  if (page.promises.length) parts.push(...part("Words that promise too much", list("", page.promises)));
  if (page.long.length) parts.push(...part(page.long_heading, list("", page.long)));
  if (page.hard) parts.push(...part("Words of three syllables and more", make("p", {}, page.hard)));
  if (page.example) parts.push(...part("One plain way to say it", make("p", { class: "fl-w-text" }, page.example)));
  if (page.note) parts.push(make("p", { class: "fl-w-note" }, page.note));
  return parts;
}

function render({ model, el }) {
  const id = unique("fl-write");
  const title = make("p", { class: "fl-w-title" });
  const original = make("p", { class: "fl-w-text" });
  const label = make("label", { for: id, class: "fl-w-head" }, "Write it so that a patient can read it");
  const area = make("textarea", { id, rows: 9, spellcheck: "true", "data-lm-suppress-shortcuts": "true" });
  const row = make("div", { class: "fl-w-actions" });
  const verdict = make("p", { class: "fl-w-verdict", role: "status" });
  const alert = make("p", { class: "fl-alert", role: "alert" });
  const under = make("div", { class: "fl-w-under" });
  const root = make("section", { class: "fl fl-write" }, title, original, label, area, row, verdict, alert, under);
  el.append(root);
  const unfollow = followTheme(model, root);

  let count = 0;
  const act = (name) => {
    // What is written goes with every button, so that nothing typed is lost.
    model.set("action", { do: name, text: area.value, count: (count += 1) });
    model.save_changes();
  };
  // A notebook in command mode takes the line break of the Enter key away; here it is put in by hand.
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    area.setRangeText("\n", area.selectionStart, area.selectionEnd, "end");
  });
  // Leaving the field keeps the draft.
  area.addEventListener("change", () => act("keep"));
  let shown = {};
  const show = () => {
    const page = model.get("page");
    if (!page.title) return;
    root.setAttribute("aria-label", `Rewrite: ${page.title}`);
    setText(title, page.title);
    setText(original, page.text);
    if (page.draft_count !== shown.draft_count) area.value = page.draft;
    setText(verdict, page.verdict);
    setText(alert, page.message);
    const key = JSON.stringify(page.buttons);
    if (row.dataset.key !== key) {
      row.dataset.key = key;
      row.replaceChildren(...page.buttons.map((one) => {
        const button = make("button", { type: "button", class: one.primary ? "fl-w-primary" : "" }, one.text);
        button.addEventListener("click", () => act(one.id));
        return button;
      }));
    }
    under.replaceChildren(...results(page));
    shown = page;
  };
  model.on("change:page", show);
  show();
  return () => {
    unfollow();
    model.off("change:page", show);
  };
}

export default { render };
