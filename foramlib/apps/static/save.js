// Saves the picture as it is seen, with its title, words and sources written in the image. Nothing leaves the page.

const CARRIED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linejoin", "stroke-linecap",
  "opacity", "font-family", "font-size", "font-weight", "paint-order", "display", "visibility", "dominant-baseline"];

/** Write computed styles into a copy, so that the image needs no style sheet. */
function inlined(svg) {
  const copy = svg.cloneNode(true);
  const from = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((node, i) => {
    // Shapes in the definitions take the paint of what uses them.
    if (from[i].closest("defs") && !from[i].closest("pattern")) return;
    const style = getComputedStyle(from[i]);
    for (const name of CARRIED) {
      const value = style.getPropertyValue(name);
      if (value) node.style.setProperty(name, value);
    }
    for (const name of ["tabindex", "class", "data-id", "data-for", "data-key", "data-tissue"]) node.removeAttribute(name);
  });
  return copy;
}

/** Title, sentence, readings, caption and sources as blocks of text with their weight. */
function wordsOf(model, scene) {
  const readings = (model.get("readings") ?? []).map((one) => `${one.label}: ${printed(one)}${one.text ? ` (${one.text})` : ""}`);
  const named = (model.get("readings") ?? []).map((one) => one.source?.text).filter(Boolean);
  const sources = [...new Set([...(model.get("sources") ?? []), ...named])];
  return [
    { text: model.get("sentence"), weight: 400 },
    ...readings.map((text) => ({ text, weight: 400 })),
    { text: model.get("caption"), weight: 400 },
    { text: sources.length ? `Sources: ${sources.join("; ")}` : "", weight: 400, small: true },
  ].filter((block) => block.text);
}

function paragraph(block, y, { width, measure, em, family }, colour) {
  const lines = wrap(block.text, width - 2 * em, measure, block.weight);
  const text = make("svg:text", { "font-family": family, "font-size": em, "font-weight": block.weight, fill: colour });
  lines.forEach((line, i) => text.append(make("svg:tspan", { x: em, y: y + (i + 0.8) * 1.35 * em }, line)));
  return { text, height: lines.length * 1.35 * em };
}

/** The whole image as SVG text. */
function composed(model, page, state) {
  const { svg, scene, em, width } = state;
  const style = getComputedStyle(page.root);
  const [ink, ground] = ["--fl-ink", "--fl-ground"].map((name) => style.getPropertyValue(name).trim());
  const picture = inlined(svg);
  const outer = make("svg:svg", { xmlns: SVG, role: "img" });
  outer.append(make("svg:title", {}, scene.heading ?? ""), make("svg:desc", {}, scene.description ?? ""));
  const back = outer.appendChild(make("svg:rect", { width: "100%", height: "100%", fill: ground }));
  let y = 0.7 * em;
  const add = (block) => {
    const { text, height } = paragraph(block, y, state, ink);
    outer.append(text);
    y += height + 0.35 * em;
  };
  add({ text: scene.heading ?? "", weight: 600 });
  picture.setAttribute("y", y);
  outer.append(picture);
  y += Number(picture.getAttribute("height")) + 0.7 * em;
  wordsOf(model, scene).forEach(add);
  y += 0.7 * em;
  for (const [name, value] of Object.entries({ width, height: y, viewBox: `0 0 ${width} ${y}` })) outer.setAttribute(name, value);
  back.setAttribute("height", y);
  return new XMLSerializer().serializeToString(outer);
}

function fileName(scene, kind) {
  const stem = (scene.heading ?? "section").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
  return `${stem || "section"}.${kind}`;
}

function hand(blob, name) {
  const url = URL.createObjectURL(blob);
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

async function asPng(text) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const sheet = make("canvas", { width: image.width * 2, height: image.height * 2 });
  const context = sheet.getContext("2d");
  context.scale(2, 2);
  context.drawImage(image, 0, 0);
  return new Promise((done) => { sheet.toBlob(done, "image/png"); });
}

/** The two save buttons. */
function bindSaving(model, page, state) {
  const button = (kind, act) => {
    const node = make("button", { type: "button" }, `Save picture (${kind})`);
    node.addEventListener("click", async () => {
      const now = state();
      if (!now.scene?.box) return;
      hand(await act(composed(model, page, now)), fileName(now.scene, kind.toLowerCase()));
    });
    page.save.append(node);
  };
  button("SVG", (text) => new Blob([text], { type: "image/svg+xml" }));
  button("PNG", asPng);
  return () => page.save.replaceChildren();
}
