// Plain readings under the picture: name, value, and the published range as a thin band behind it.

/** Position of a number within a domain, as a share that stays on the track. */
function share(value, [low, high]) {
  return Math.max(0, Math.min(1, (value - low) / (high - low || 1)));
}

function readingNode() {
  const parts = {
    label: make("span", { class: "fl-reading-label" }),
    value: make("span", { class: "fl-reading-value" }),
    gauge: make("span", { class: "fl-gauge", "aria-hidden": "true" }, make("i", { class: "fl-band" }), make("i", { class: "fl-now" })),
    text: make("span", { class: "fl-reading-text" }),
    more: make("details", {}, make("summary"), make("p"), make("p")),
  };
  return { node: make("div", { class: "fl-reading" }, ...Object.values(parts)), ...parts };
}

/** Numbers come ready to print from Python; a bare number is printed as it is. */
function printed(reading) {
  const value = reading.value ?? "–";
  const unit = reading.unit ? (reading.unit === "°" ? "°" : `\u00a0${reading.unit}`) : "";
  return `${value}${unit}`;
}

function drawGauge(gauge, reading) {
  const number = Number.parseFloat(String(reading.value).replace("−", "-"));
  gauge.hidden = !reading.domain || Number.isNaN(number);
  if (gauge.hidden) return;
  const [band, now] = gauge.children;
  now.style.left = `${100 * share(number, reading.domain)}%`;
  band.hidden = !reading.band;
  if (!reading.band) return;
  band.style.left = `${100 * share(reading.band[0], reading.domain)}%`;
  band.style.right = `${100 - 100 * share(reading.band[1], reading.domain)}%`;
}

function drawReading(parts, reading) {
  setText(parts.label, reading.label ?? "");
  setText(parts.value, printed(reading));
  setText(parts.text, reading.text ?? "");
  drawGauge(parts.gauge, reading);
  const [summary, definition, source] = parts.more.children;
  parts.more.hidden = !(reading.definition || reading.source);
  const offered = reading.source ? "Source" : "Definition";
  setText(summary, offered);
  summary.setAttribute("aria-label", `${offered}: ${reading.label}`);
  setText(definition, reading.definition ?? "");
  const key = JSON.stringify(reading.source ?? null);
  if (source.dataset.key === key) return;
  source.dataset.key = key;
  const { text = "", url = "", title = "" } = reading.source ?? {};
  source.replaceChildren(sourced(text, url, title));
}

/** Keep the readings of the page in line with the model; nodes stay, so an opened source stays open. */
function bindReadings(model, box) {
  const nodes = [];
  const draw = () => {
    const readings = model.get("readings") ?? [];
    while (nodes.length > readings.length) nodes.pop().node.remove();
    while (nodes.length < readings.length) {
      nodes.push(readingNode());
      box.append(nodes.at(-1).node);
    }
    readings.forEach((reading, i) => drawReading(nodes[i], reading));
    box.hidden = !readings.length;
  };
  model.on("change:readings", draw);
  draw();
  return () => model.off("change:readings", draw);
}
