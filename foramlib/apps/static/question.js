// Shows one page of a question and reports what the learner does. It knows no answers and no anatomy:
// Python sends the page; this module keeps focus, labels and the live region right.

/** A number and its unit stay on one line. */
const joined = (text) => text.replace(/(\d) (%|mm)/g, "$1\u00a0$2");

/** Prose as text nodes and links; never markup. */
function prose(tag, name, pieces, attributes = {}) {
  const node = make(tag, { class: name, ...attributes });
  for (const piece of pieces) {
    node.append(sourced(joined(piece.text), piece.url, piece.title || piece.note));
  }
  return node;
}

function press(text, name, pressed, attributes = {}) {
  const button = make("button", { type: "button", class: name, ...attributes }, text);
  button.addEventListener("click", pressed);
  return button;
}

function option(choice, page, group, act) {
  const input = make("input", { type: "radio", name: group, value: choice.letter });
  input.checked = page.chosen === choice.place;
  input.disabled = page.committed;
  input.addEventListener("change", () => act("choose", { option: choice.place }));
  const letter = make("span", { class: "fl-q-letter" }, choice.letter);
  const line = make("label", { class: "fl-q-line" }, input, letter, make("span", { class: "fl-q-text" }, choice.text));
  if (choice.note) line.append(make("strong", { class: "fl-q-note" }, choice.note));
  const row = make("div", { class: "fl-q-option", "data-mark": choice.mark }, line);
  if (choice.why) row.append(prose("p", "fl-q-why", choice.why));
  return row;
}

function options(page, group, act) {
  const lead = make("legend", { class: "fl-q-lead" }, page.lead_in);
  return make("fieldset", { class: "fl-q-set" }, lead, ...page.options.map((one) => option(one, page, group, act)));
}

function steps(page, act) {
  const entries = page.steps.map((step) => {
    const attributes = { "aria-label": step.label, "aria-current": step.current ? "step" : null };
    return make("li", {}, press(step.text, "fl-q-step", () => act("go", { place: step.place }), attributes));
  });
  return make("ol", { class: "fl-q-steps", "aria-label": "Questions" }, ...entries);
}

function buttons(page, act) {
  const row = page.buttons.map((one) => press(one.text, one.primary ? "fl-q-primary" : "", () => act(one.id)));
  return make("div", { class: "fl-q-actions" }, ...row);
}

function readings(page) {
  const entries = page.readings.map((one) => make("div", {}, make("dt", {}, one.name), make("dd", {}, one.value)));
  return make("dl", { class: "fl-q-readings" }, ...entries);
}

function sources(page) {
  const entries = page.sources.map((source) => prose("li", "", [source]));
  const summary = make("summary", {}, `Sources (${entries.length})`);
  return make("details", { class: "fl-q-sources" }, summary, make("ul", {}, ...entries));
}

function draw(page, group, act) {
  const parts = [make("p", { class: "fl-q-count" }, page.heading)];
  if (page.steps.length) parts.push(steps(page, act));
  parts.push(prose("p", "fl-q-stem", page.stem, { tabindex: -1 }));
  if (page.options.length) parts.push(options(page, group, act));
  if (page.verdict) parts.push(make("p", { class: "fl-q-verdict", tabindex: -1 }, page.verdict));
  if (page.readings.length) parts.push(readings(page));
  if (page.reason.length) parts.push(prose("p", "fl-q-reason", page.reason));
  if (page.points?.length) parts.push(make("ul", { class: "fl-q-points" }, ...page.points.map((one) => prose("li", "", one))));
  if (page.buttons.length) parts.push(buttons(page, act));
  if (page.sources.length) parts.push(sources(page));
  return parts;
}

function render({ model, el }) {
  const group = unique("fl-question");
  const body = make("div", { class: "fl-q-body" });
  const spoken = make("p", { class: "fl-unseen", role: "status" });
  const alert = make("p", { class: "fl-alert", role: "alert" });
  const root = make("section", { class: "fl fl-question" }, body, spoken, alert);
  el.append(root);
  const unfollow = followTheme(model, root);

  let shown = {};
  // The browser keeps one change in flight and sends only the last one after it: what has not been heard yet goes
  // along again, so that a quick "choose, answer" loses nothing.
  let pending = [];
  let count = 0;
  const act = (name, details = {}) => {
    const heard = model.get("page").heard || 0;
    count = Math.max(count, heard) + 1;
    const before = pending.filter((one) => one.count > heard);
    const one = { do: name, count, ...details };
    pending = [...before, one];
    model.set("action", { ...one, before });
    model.save_changes();
  };

  const show = () => {
    const page = model.get("page");
    root.setAttribute("aria-label", page.label);
    setText(alert, page.message);
    // A choice shows itself in the browser; only a new drawing number rebuilds the page.
    if (page.drawing === shown.drawing) return;
    // An answer given elsewhere on the page (in a picture) asks for the focus to come here.
    const held = body.contains(document.activeElement) || (page.claim && Boolean(shown.key));
    body.replaceChildren(...draw(page, group, act));
    setText(spoken, page.verdict);
    // The pressed button is gone: a keyboard user goes on at the verdict, or at the new question.
    if (held) body.querySelector(page.verdict && page.key === shown.key ? ".fl-q-verdict" : ".fl-q-stem").focus();
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
