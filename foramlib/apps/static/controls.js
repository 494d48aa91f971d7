// Controls with native inputs. ipywidgets keeps one change in flight and sends the last one after it.

/** Set a trait and send it; the manager queues what comes while the kernel is busy. */
function send(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

/** Call `update` now and whenever one of the traits changes; returns what undoes it. */
function bind(model, names, update) {
  const events = names.map((name) => `change:${name}`).join(" ");
  model.on(events, update);
  update();
  return () => model.off(events, update);
}

function digits(model) {
  if (model.get("decimals") >= 0) return model.get("decimals");
  const [, fraction = ""] = String(model.get("step")).split(".");
  return fraction.length;
}

/** A value in words: sign as a word where the slider has words for it, unit behind the number. */
function valueText(model, spoken = false) {
  const value = model.get("value");
  const word = value < 0 ? model.get("below") : model.get("above");
  const size = Math.abs(value).toFixed(digits(model));
  const signed = value < 0 && !model.get("below") && Number(size) !== 0;
  const minus = signed ? (spoken ? "minus " : "−") : "";
  const unit = model.get("unit");
  const tail = unit ? (unit === "°" ? unit : `\u00a0${unit}`) : "";
  return `${minus}${size}${tail}${word && Number(size) !== 0 ? ` ${word}` : ""}`;
}

function slider(model, root) {
  const id = unique("fl-slider");
  const label = make("label", { for: id, class: "fl-name" });
  const shown = make("output", { for: id, class: "fl-value", "aria-hidden": "true" });
  const input = make("input", { type: "range", id, "aria-describedby": `${id}-note` });
  const track = make("div", { class: "fl-track" }, input);
  const neutral = make("span", { class: "fl-neutral", "aria-hidden": "true" });
  const ends = make("div", { class: "fl-ends", "aria-hidden": "true" }, make("span"), make("span"));
  track.prepend(neutral);
  root.append(make("div", { class: "fl-row" }, label, shown), track, ends);
  // A drag fires many inputs; the change at its end is sent again so that the last value is never lost.
  const pass = () => send(model, { value: Number(input.value) });
  input.addEventListener("input", pass);
  input.addEventListener("change", pass);
  return bind(model, ["value", "min", "max", "step", "unit", "below", "above", "neutral", "label", "decimals"], () => {
    setText(label, model.get("label"));
    for (const name of ["min", "max", "step"]) input[name] = model.get(name);
    if (Number(input.value) !== model.get("value")) input.value = model.get("value");
    setText(shown, valueText(model));
    input.setAttribute("aria-valuetext", valueText(model, true));
    const at = (model.get("neutral") - model.get("min")) / (model.get("max") - model.get("min"));
    neutral.hidden = model.get("neutral") === null;
    neutral.style.setProperty("--fl-at", at);
    setText(ends.firstChild, model.get("below"));
    setText(ends.lastChild, model.get("above"));
    ends.hidden = !(model.get("below") || model.get("above"));
  });
}

function radios(model, root) {
  const name = unique("fl-choice");
  const legend = make("legend", { class: "fl-name" });
  const set = make("fieldset", { "aria-describedby": `${name}-note` }, legend);
  const row = make("div", { class: "fl-options" });
  set.append(row);
  root.append(set);
  row.addEventListener("change", (event) => send(model, { value: event.target.value }));
  const drawn = bind(model, ["options", "label"], () => {
    setText(legend, model.get("label"));
    row.replaceChildren(...model.get("options").map((option) => {
      const input = make("input", { type: "radio", name, value: option.value });
      return make("label", { class: "fl-option" }, input, make("span", {}, option.label));
    }));
  });
  const chosen = bind(model, ["value", "options"], () => {
    for (const input of row.querySelectorAll("input")) input.checked = input.value === model.get("value");
  });
  return () => { drawn(); chosen(); };
}

function select(model, root) {
  const id = unique("fl-select");
  const label = make("label", { for: id, class: "fl-name" });
  const input = make("select", { id, "aria-describedby": `${id}-note` });
  root.append(label, input);
  input.addEventListener("change", () => send(model, { value: input.value }));
  return bind(model, ["options", "label", "value"], () => {
    setText(label, model.get("label"));
    const key = JSON.stringify(model.get("options"));
    if (input.dataset.key !== key) {
      input.dataset.key = key;
      input.replaceChildren(...model.get("options").map((one) => make("option", { value: one.value }, one.label)));
    }
    input.value = model.get("value");
  });
}

function choice(model, root) {
  return model.get("display") === "select" ? select(model, root) : radios(model, root);
}

function toggle(model, root) {
  const id = unique("fl-toggle");
  const input = make("input", { type: "checkbox", id, "aria-describedby": `${id}-note` });
  const words = make("span");
  root.append(make("label", { class: "fl-option", for: id }, input, words));
  input.addEventListener("change", () => send(model, { value: input.checked }));
  return bind(model, ["value", "label"], () => {
    setText(words, model.get("label"));
    input.checked = model.get("value");
  });
}

function buttons(model, root) {
  const row = make("div", { class: "fl-buttons", role: "group" });
  root.append(row);
  row.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) send(model, { value: button.value, presses: model.get("presses") + 1 });
  });
  const drawn = bind(model, ["options", "label"], () => {
    row.setAttribute("aria-label", model.get("label"));
    row.replaceChildren(...model.get("options").map((one) => make("button", { type: "button", value: one.value }, one.label)));
  });
  const marked = bind(model, ["active", "options"], () => {
    for (const button of row.children) {
      if (button.value === model.get("active")) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  });
  return () => { drawn(); marked(); };
}

/** A day on the browser's own date input; a half-typed day is not sent. */
function day(model, root) {
  const id = unique("fl-day");
  const label = make("label", { for: id, class: "fl-name" });
  const input = make("input", { type: "date", id, class: "fl-day-input", "aria-describedby": `${id}-note` });
  root.append(label, input);
  input.addEventListener("change", () => { if (input.value) send(model, { value: input.value }); });
  return bind(model, ["value", "label", "min", "max"], () => {
    setText(label, model.get("label"));
    input.min = model.get("min");
    input.max = model.get("max");
    if (input.value !== model.get("value")) input.value = model.get("value");
  });
}

const KINDS = { slider, choice, toggle, buttons, day };

/** Note, alert and lock, which every control has. */
function common(model, root) {
  const note = make("p", { class: "fl-note" });
  const alert = make("p", { class: "fl-alert", role: "alert" });
  root.append(note, alert);
  const described = root.querySelector("[aria-describedby]");
  if (described) note.id = described.getAttribute("aria-describedby");
  const noted = bind(model, ["note"], () => {
    setText(note, model.get("note"));
    note.hidden = !model.get("note");
    if (!described) return;
    if (note.hidden) described.removeAttribute("aria-describedby");
    else described.setAttribute("aria-describedby", note.id);
  });
  const told = bind(model, ["message"], () => setText(alert, model.get("message")));
  const locked = bind(model, ["disabled", "options"], () => {
    for (const input of root.querySelectorAll("input, select, button")) input.disabled = model.get("disabled");
  });
  return () => { noted(); told(); locked(); };
}

function render({ model, el }) {
  const root = make("div", { class: `fl fl-control fl-${model.get("kind")}` });
  const undo = [followTheme(model, root), KINDS[model.get("kind")](model, root), common(model, root)];
  el.append(root);
  return () => undo.forEach((each) => each());
}

export default { render };
