// The localiser: findings on native radio buttons, a strip with red flags and the verdict, and reasons with pictures.

const ANSWERS = [["", "not asked"], ["yes", "yes"], ["no", "no"]];

function bindAll(model, names, update) {
  const events = names.map((name) => `change:${name}`).join(" ");
  model.on(events, update);
  update();
  return () => model.off(events, update);
}

// -- findings

function findingRow(one, name) {
  const legend = make("legend", { class: "fl-l-name" }, one.text);
  const how = make("span", { class: "fl-l-how", id: `${name}-how` }, one.how);
  const set = make("fieldset", { class: "fl-l-finding", "data-id": one.id, "data-part": one.part, "aria-describedby": `${name}-how` }, legend, how);
  const row = make("div", { class: "fl-l-answers" });
  for (const [value, words] of ANSWERS) {
    const input = make("input", { type: "radio", name, value });
    row.append(make("label", { class: "fl-l-answer" }, input, make("span", {}, words)));
  }
  set.append(row);
  return set;
}

function findings(model, root) {
  const rows = new Map();
  const counts = new Map();
  const filter = unique("fl-l");
  for (const group of model.get("groups")) {
    const count = make("span", { class: "fl-l-count" });
    const summary = make("summary", {}, make("span", { class: "fl-l-heading" }, group.title), count);
    const details = make("details", { class: "fl-l-group" }, summary);
    for (const one of group.findings) {
      const row = findingRow(one, `${filter}-${one.id}`);
      rows.set(one.id, row);
      details.append(row);
    }
    // Red flags are open from the start, but on a phone they would push the rest out of reach.
    if (group.id === "red-flags") details.open = matchMedia("(min-width: 720px)").matches;
    counts.set(group, count);
    root.append(details);
  }
  const verdict = make("p", { class: "fl-l-told" });
  root.append(verdict);
  const refused = make("p", { class: "fl-alert fl-l-message" });
  root.append(refused);
  let last = null; // the finding that was answered last: a red flag that it raises stands under it
  root.addEventListener("change", (event) => {
    const set = event.target.closest("fieldset");
    last = set;
    const answers = { ...model.get("answers") };
    if (event.target.value) answers[set.dataset.id] = event.target.value;
    else delete answers[set.dataset.id];
    model.set("answers", answers);
    model.save_changes();
  });
  return bindAll(model, ["answers", "part", "verdict", "flagged", "refusal"], () => {
    setText(refused, model.get("refusal"));
    if (model.get("refusal") && last) last.after(refused);
    setText(verdict, model.get("verdict"));
    const flagged = model.get("flagged");
    if (flagged && last && !verdict.classList.contains("fl-l-flag")) last.after(verdict);
    if (!flagged && verdict.parentNode !== root) root.append(verdict);
    verdict.classList.toggle("fl-l-flag", flagged);
    const part = model.get("part");
    for (const row of rows.values()) row.hidden = part !== "both" && row.dataset.part !== "both" && row.dataset.part !== part;
    const answers = model.get("answers");
    for (const [id, row] of rows) {
      const answer = answers[id] ?? "";
      row.dataset.answer = answer;
      for (const input of row.querySelectorAll("input")) input.checked = input.value === answer;
    }
    for (const [group, count] of counts) {
      const seen = group.findings.filter((one) => !rows.get(one.id).hidden);
      const told = seen.filter((one) => answers[one.id]).length;
      setText(count, told ? `${told} of ${seen.length} asked` : "");
    }
  });
}

// -- words and links

function sourceLinks(sources) {
  const span = make("span", { class: "fl-l-sources" });
  sources.forEach((one, place) => {
    if (place) span.append("; ");
    span.append(sourced(one.text, one.url, one.title));
  });
  return span;
}

function strip(model, root) {
  const story = make("p", { class: "fl-l-story" });
  const flags = make("div", { class: "fl-l-flags", role: "alert" });
  const verdict = make("p", { class: "fl-l-verdict" });
  const moved = make("p");
  const live = make("div", { "aria-live": "polite" }, verdict, moved);
  const message = make("p", { class: "fl-alert fl-l-message", role: "status" });
  root.append(story, flags, live, message);
  let drawn = "";
  return bindAll(model, ["page"], () => {
    const page = model.get("page");
    setText(story, page.story ?? "");
    story.hidden = !page.story;
    const key = JSON.stringify(page.flags ?? []);
    if (key !== drawn) {
      drawn = key;
      flags.replaceChildren(...(page.flags ?? []).map((flag) => make("div", { class: "fl-l-flag" },
        make("strong", {}, flag.title), make("p", {}, flag.text), sourceLinks(flag.sources))));
    }
    setText(verdict, page.verdict ?? "");
    setText(moved, page.moved ?? "");
    setText(message, page.message ?? "");
    message.dataset.refused = String(Boolean(page.refused));
  });
}

// -- pictures

function pointsBar(bar) {
  const svg = make("svg:svg", { viewBox: "0 0 100 12", preserveAspectRatio: "none", class: "fl-l-points", "aria-hidden": "true" });
  svg.append(
    make("svg:rect", { class: "fl-l-contra", x: 50 - 50 * bar.contra, y: 1, width: 50 * bar.contra, height: 10 }),
    make("svg:rect", { class: "fl-l-pro", x: 50, y: 1, width: 50 * bar.pro, height: 10 }),
    make("svg:rect", { class: "fl-l-zero", x: 49.8, y: 0, width: 0.4, height: 12 }),
  );
  return make("div", { class: "fl-l-bar" }, svg, make("span", { class: "fl-l-barwords" }, bar.words));
}

/** A scale from 0 to 100 %, where it was (hollow) and where it is (full) with its interval. HTML, so that words keep their size. */
function probability(bar) {
  const at = (value) => `left: ${value.toFixed(2)}%`;
  const scale = make("div", { class: "fl-l-scale", role: "img", "aria-label": bar.description });
  if (bar.interval) {
    const [low, high] = bar.interval;
    scale.append(make("span", { class: "fl-l-interval", style: `${at(low)}; width: ${(high - low).toFixed(2)}%` }));
  }
  const [first, last] = [Math.min(bar.before, bar.after), Math.max(bar.before, bar.after)];
  scale.append(
    make("span", { class: "fl-l-path", style: `${at(first)}; width: ${(last - first).toFixed(2)}%` }),
    make("span", { class: "fl-l-before", style: at(bar.before) }),
    make("span", { class: "fl-l-after", style: at(bar.after) }),
    word("fl-l-word fl-l-over", bar.before, bar.before_text),
    word("fl-l-word fl-l-under", bar.after, bar.after_text),
  );
  for (const value of [0, 25, 50, 75, 100]) scale.append(make("span", { class: "fl-l-tick", style: at(value) }));
  const ends = make("div", { class: "fl-l-ends", "aria-hidden": "true" }, make("span", {}, "0 %"), make("span", {}, "50 %"), make("span", {}, "100 %"));
  return make("div", { class: "fl-l-probability" }, scale, ends);
}

/** A word at a place on the scale that never leaves it. */
function word(name, value, text) {
  const turn = Math.min(Math.max(value, 0), 100);
  return make("span", { class: name, style: `left: ${turn.toFixed(2)}%; transform: translateX(-${turn.toFixed(0)}%)` }, text);
}

function reasons(title, list) {
  const items = list.map((why) => make("li", { title: why.title || null }, `${why.text} `, make("b", {}, why.points)));
  const body = items.length ? make("ul", {}, ...items) : make("p", { class: "fl-l-none" }, "nothing");
  return make("div", { class: "fl-l-side" }, make("p", { class: "fl-l-sidename" }, title), body);
}

function candidate(one, place, open) {
  const head = make("summary", { class: "fl-l-head" },
    make("span", { class: "fl-l-rank" }, `${place + 1}`),
    make("span", { class: "fl-l-who" }, one.name),
    make("span", { class: "fl-l-sum" }, one.points),
    pointsBar(one.bar));
  const details = make("details", { class: "fl-l-candidate", "data-id": one.id }, head,
    make("p", { class: "fl-l-note" }, one.note),
    make("div", { class: "fl-l-reasons" }, reasons("For", one.pro), reasons("Against", one.contra)),
    make("p", { class: "fl-l-remark" }, "Sources: ", sourceLinks(one.sources)));
  if (one.is_root) details.append(make("button", { type: "button", value: one.id }, `Show the foramen of ${one.id}`));
  details.open = open;
  return details;
}

function belief(bar) {
  const steps = bar.steps.map((step) => make("li", {}, `${step.text}: ${step.ratio} `, sourceLinks(step.sources)));
  return make("section", { class: "fl-l-belief" },
    make("h4", {}, bar.title), probability(bar), make("ul", {}, ...steps),
    ...bar.remarks.map((text) => make("p", { class: "fl-l-remark" }, text)));
}

function result(model, root) {
  const ranked = make("div", { class: "fl-l-ranked" });
  const rest = make("p", { class: "fl-l-remark" });
  const notes = make("div", { class: "fl-l-notes" });
  const pitfalls = make("details", { class: "fl-l-pitfalls" });
  const believed = make("div", { class: "fl-l-beliefs" });
  const left = make("div", {}, make("h3", {}, "Which root? Reasons for and against"), ranked, rest, notes, pitfalls);
  const right = make("div", {}, make("h3", {}, "Is it a root at all? What the tests say"), believed);
  root.append(left, right);
  const toggled = new Map(); // what the reader opened or closed stays so
  ranked.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) {
      const count = (model.get("action").count ?? 0) + 1;
      model.set("action", { show: button.value, count });
      model.save_changes();
      return;
    }
    const summary = event.target.closest("summary");
    if (summary) toggled.set(summary.parentNode.dataset.id, !summary.parentNode.open);
  });
  return bindAll(model, ["page"], () => {
    const page = model.get("page");
    const focused = ranked.contains(document.activeElement)
      ? [document.activeElement.closest("details")?.dataset.id, document.activeElement.tagName] : null;
    const list = page.candidates ?? [];
    ranked.replaceChildren(...list.map((one, place) => candidate(one, place, toggled.get(one.id) ?? place < 2)));
    if (!list.length) ranked.append(make("p", { class: "fl-l-none" }, page.notes?.length ? "No root or look-alike is named yet." : "Name the root yourself first."));
    if (focused) ranked.querySelector(`[data-id="${focused[0]}"] ${focused[1].toLowerCase()}`)?.focus();
    setText(rest, page.rest ?? "");
    notes.replaceChildren(...(page.notes ?? []).map((text) => make("p", { class: "fl-l-remark" }, text)));
    if (!pitfalls.childElementCount) {
      pitfalls.append(make("summary", {}, "Before you number a level: pitfalls"), ...(page.pitfalls ?? []).map((one) =>
        make("p", {}, make("strong", {}, `${one.title}. `), `${one.text} `, sourceLinks(one.sources))));
    }
    believed.replaceChildren(...(page.beliefs ?? []).map(belief));
    if (!(page.beliefs ?? []).length) {
      believed.append(make("p", { class: "fl-l-none" }, "Record a test with published figures, such as the Spurling test, and the probability moves here."));
    }
  });
}

/** What a button did, beside it. */
function done(model, root) {
  const message = make("p", { class: "fl-alert fl-l-message", role: "status" });
  root.append(message);
  return bindAll(model, ["page"], () => {
    const page = model.get("page");
    setText(message, page.message ?? "");
    message.dataset.refused = String(Boolean(page.refused));
  });
}

const PARTS = { findings, strip, result, done };

function render({ model, el }) {
  const kind = model.get("kind");
  const root = make("div", { class: `fl fl-l fl-l-${kind}` });
  const undo = [followTheme(model, root), PARTS[kind](model, root)];
  el.append(root);
  return () => undo.forEach((each) => each());
}

export default { render };
