// Shows one step of a shared decision and reports what the learner does. It knows no medicine: Python sends blocks of
// words, choices and counts; this module draws each block once, keeps the focus, and speaks what changed.

/** A number and its unit stay on one line. */
const joined = (text) => text.replace(/(\d) (%|mm)/g, "$1\u00a0$2");

/** Prose as text nodes and links; never markup. */
function prose(tag, name, pieces) {
  const node = make(tag, { class: name });
  for (const piece of pieces) {
    node.append(sourced(joined(piece.text), piece.url, piece.title || piece.note));
  }
  return node;
}

const list = (items) => make("ul", {}, ...items.map((pieces) => prose("li", "", pieces)));

function radios(block, act) {
  const group = unique("fl-decide");
  const rows = block.options.map((one) => {
    const input = make("input", { type: "radio", name: group, value: one.value });
    input.addEventListener("change", () => act(block.does, { ...block.with, value: one.value }));
    const words = make("span", { class: "fl-q-text" }, make("span", {}, one.text));
    if (one.note) words.append(make("span", { class: "fl-d-note" }, one.note));
    return make("label", { class: "fl-q-line" }, input, words);
  });
  const set = make("fieldset", { class: block.short ? "fl-q-set fl-d-row" : "fl-q-set" }, make("legend", { class: "fl-q-lead" }, block.label), ...rows);
  return set;
}

function chooser(block, act) {
  const select = make("select", { class: "fl-d-select" });
  for (const one of block.options) select.append(make("option", { value: one.value }, one.text));
  select.addEventListener("change", () => act(block.does, { ...block.with, value: select.value }));
  return make("label", { class: "fl-d-field" }, make("span", { class: "fl-q-lead" }, block.label), select);
}

function writing(block, act) {
  const attributes = { rows: 5, maxlength: 4000, "data-lm-suppress-shortcuts": "true" };
  const area = make("textarea", { class: "fl-d-text", ...attributes });
  area.addEventListener("change", () => act(block.does, { value: area.value }));
  return make("label", { class: "fl-d-field" }, make("span", { class: "fl-q-lead" }, block.label), area);
}

function ticks(block, act) {
  const rows = block.options.map((one) => {
    const input = make("input", { type: "checkbox", value: one.value });
    input.addEventListener("change", () => act(block.does, { value: one.value, on: input.checked }));
    return make("label", { class: "fl-q-line" }, input, make("span", { class: "fl-q-text" }, one.text));
  });
  return make("fieldset", { class: "fl-q-set" }, make("legend", { class: "fl-q-lead" }, block.label), ...rows);
}

function card(one) {
  const head = make("h4", { class: "fl-d-name" }, one.title);
  const parts = [head];
  if (one.note) parts.push(make("p", { class: "fl-q-note" }, one.note));
  for (const side of one.sides) {
    parts.push(make("p", { class: "fl-d-side" }, side.name), list(side.items));
  }
  return make("section", { class: "fl-d-card", "data-mark": one.mark }, ...parts);
}

/** A hundred people: those with the outcome first, a filled square with a cross; the others an empty ring. */
function hundred(one) {
  const step = 20;
  const columns = 10;
  const words = { role: "img", "aria-label": one.words, viewBox: `0 0 ${columns * step} ${columns * step}` };
  const svg = make("svg:svg", words);
  for (let place = 0; place < one.marked + one.rest; place += 1) {
    const [x, y] = [(place % columns) * step, Math.floor(place / columns) * step];
    if (place < one.marked) {
      svg.append(make("svg:rect", { x: x + 3.5, y: y + 3.5, width: 13, height: 13, rx: 1.5, class: "fl-d-has" }));
      svg.append(make("svg:path", { d: `M${x + 7} ${y + 7}l6 6m0 -6l-6 6`, class: "fl-d-cross" }));
    } else {
      svg.append(make("svg:circle", { cx: x + 10, cy: y + 10, r: 5.5, class: "fl-d-hasnot" }));
    }
  }
  const count = make("strong", {}, `${one.marked} of ${one.marked + one.rest}`);
  return make("figure", { class: "fl-d-array" }, make("figcaption", {}, one.title, make("br"), count), svg);
}

const BLOCKS = {
  prose: (block) => prose("p", block.name || "", block.pieces),
  heading: (block) => make("h4", { class: "fl-d-head" }, block.text),
  list: (block) => make("div", {}, make("p", { class: "fl-q-lead" }, block.label), list(block.items)),
  radio: radios,
  select: chooser,
  text: writing,
  ticks,
  cards: (block) => make("div", { class: "fl-d-cards" }, ...block.cards.map(card)),
  arrays: (block) => make("div", { class: "fl-d-arrays" }, ...block.arrays.map(hundred)),
  folded: (block) => {
    const parts = block.items.map((pieces) => prose("p", "", pieces));
    return make("details", { class: "fl-q-sources" }, make("summary", {}, block.label), ...parts);
  },
  sources: (block) => {
    const summary = make("summary", {}, `Sources (${block.items.length})`);
    return make("details", { class: "fl-q-sources" }, summary, list(block.items.map((one) => [one])));
  },
  buttons: (block, act) => {
    const row = block.options.map((one) => {
      const button = make("button", { type: "button", class: one.primary ? "fl-q-primary" : "" }, one.text);
      button.addEventListener("click", () => act(one.does, one.with || {}));
      return button;
    });
    return make("div", { class: "fl-q-actions" }, ...row);
  },
};

/** Values change without a new drawing: an input that the learner holds is never replaced. */
function setValue(node, block) {
  for (const input of node.querySelectorAll("input[type=radio]")) {
    input.checked = input.value === block.value;
    input.disabled = Boolean(block.disabled);
  }
  for (const input of node.querySelectorAll("input[type=checkbox]")) input.checked = block.value.includes(input.value);
  const field = node.querySelector("select, textarea");
  if (field && field.value !== block.value) field.value = block.value;
}

function steps(page, act) {
  const entries = page.steps.map((one, place) => {
    const button = make("button", { type: "button", class: "fl-q-step" }, `${place + 1} ${one.text}`);
    if (one.current) button.setAttribute("aria-current", "step");
    button.disabled = one.locked;
    button.addEventListener("click", () => act("go", { value: one.id }));
    return make("li", {}, button);
  });
  return make("ol", { class: "fl-q-steps", "aria-label": "Steps" }, ...entries);
}

function render({ model, el }) {
  const head = make("h3", { class: "fl-d-title", tabindex: -1 });
  const way = make("div");
  const body = make("div", { class: "fl-q-body" });
  const spoken = make("p", { class: "fl-unseen", role: "status" });
  const alert = make("p", { class: "fl-alert", role: "alert" });
  const top = make("div", { class: "fl-d-top" });
  const loud = make("p", { class: "fl-d-warning" });
  const root = make("section", { class: "fl fl-question fl-decide" }, top, loud, way, head, body, spoken, alert);
  el.append(root);
  const unfollow = followTheme(model, root);

  // The browser keeps one change in flight and sends only the last one after it: what has not been heard yet is
  // sent along again, so that a quick "choose, decide" loses nothing.
  let pending = [];
  let count = 0;
  const act = (name, details = {}) => {
    count = Math.max(count, model.get("page").heard) + 1;
    pending = [...pending.filter((one) => one.count > model.get("page").heard), { do: name, count, ...details }];
    model.set("actions", pending);
    model.save_changes();
  };

  const drawn = new Map();
  const put = (place, blocks) => {
    const nodes = blocks.map((block) => {
      const { value, disabled, ...fixed } = block;
      const key = `${place.className} ${block.id}`;
      const made = JSON.stringify(fixed);
      if (drawn.get(key)?.made !== made) drawn.set(key, { made, node: BLOCKS[block.type](block, act) });
      const { node } = drawn.get(key);
      if (value !== undefined) setValue(node, block);
      return node;
    });
    // Only what differs is moved, so that the focused control stays in the page.
    const same = nodes.length === place.children.length && nodes.every((node, at) => place.children[at] === node);
    if (same) return;
    for (const child of [...place.children]) if (!nodes.includes(child)) child.remove();
    nodes.forEach((node, at) => { if (place.children[at] !== node) place.insertBefore(node, place.children[at] || null); });
  };

  let shown = {};
  const show = () => {
    const page = model.get("page");
    root.setAttribute("aria-label", page.label);
    setText(alert, page.message);
    if (page.drawing !== shown.drawing) {
      const held = body.contains(document.activeElement) || way.contains(document.activeElement);
      setText(loud, page.warning);
      setText(head, page.heading);
      if (JSON.stringify(page.steps) !== JSON.stringify(shown.steps)) way.replaceChildren(steps(page, act));
      put(top, page.top);
      put(body, page.blocks);
      setText(spoken, page.spoken);
      if (held && page.key !== shown.key) head.focus();
    } else {
      put(top, page.top);
      put(body, page.blocks);
    }
    root.dataset.frame = page.drawing;
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
