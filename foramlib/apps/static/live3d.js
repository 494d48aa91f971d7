// A small WebGL view of triangles that come from Python: turned by pointer or keyboard, no panel of its own.
// Knows colours and matrices only. Without WebGL it says so to Python and draws nothing.

const VERTEX = `#version 300 es
in vec3 place; in vec3 normal;
uniform mat4 camera; uniform mat4 stand; uniform mat3 turn; uniform float back;
out vec3 facing;
void main() {
  facing = turn * mat3(stand) * normal;
  gl_Position = camera * stand * vec4(place, 1.0);
  gl_Position.z += back * gl_Position.w;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec3 facing; uniform vec3 colour; uniform float cover;
out vec4 seen;
void main() {
  vec3 n = normalize(facing);
  if (!gl_FrontFacing) n = -n;
  float lamp = pow(clamp(0.5 + 0.5 * dot(n, normalize(vec3(-0.42, 0.55, 0.72))), 0.0, 1.0), 1.4);
  float light = 0.32 + 0.52 * lamp + 0.2 * max(n.z, 0.0);
  seen = vec4(colour * (cover < 0.3 ? 1.0 : light), 1.0) * cover;
}`;

function compiled(gl, kind, text) {
  const shader = gl.createShader(kind);
  gl.shaderSource(shader, text);
  gl.compileShader(shader);
  return shader;
}

function program(gl) {
  const made = gl.createProgram();
  gl.attachShader(made, compiled(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(made, compiled(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.bindAttribLocation(made, 0, "place");
  gl.bindAttribLocation(made, 1, "normal");
  gl.linkProgram(made);
  const at = Object.fromEntries(["camera", "stand", "turn", "back", "colour", "cover"].map((name) => [name, gl.getUniformLocation(made, name)]));
  return { made, at };
}

/** Bytes that arrive as a DataView, as typed numbers; a copy, because the offset may not be aligned. */
function numbers(view, Kind) {
  return new Kind(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function upload(gl, piece) {
  const array = gl.createVertexArray();
  const buffers = [];
  gl.bindVertexArray(array);
  [piece.vertices, piece.normals].forEach((values, slot) => {
    const buffer = gl.createBuffer();
    buffers.push(buffer);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, numbers(values, Float32Array), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(slot);
    gl.vertexAttribPointer(slot, 3, gl.FLOAT, false, 0, 0);
  });
  const faces = gl.createBuffer();
  buffers.push(faces);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, faces);
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, numbers(piece.faces, Uint32Array), gl.STATIC_DRAW);
  gl.bindVertexArray(null);
  const free = () => {
    gl.deleteVertexArray(array);
    for (const buffer of buffers) gl.deleteBuffer(buffer);
  };
  return { array, count: piece.faces.byteLength / 4, free };
}

const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a) => a.map((value) => value / Math.hypot(...a));

/** Camera of a turn about the long axis and a lift, in degrees from behind, as column-major matrices. */
function lookAt({ turn, lift, centre, half }, aspect) {
  const [t, l] = [turn, lift].map((degrees) => (degrees * Math.PI) / 180);
  const toward = [Math.sin(t) * Math.cos(l), Math.cos(t) * Math.cos(l), Math.sin(l)];
  // The direction of "up" turns with the view, so that looking straight down is no special case.
  const up = [-Math.sin(t) * Math.sin(l), -Math.cos(t) * Math.sin(l), Math.cos(l)];
  const across = unit(cross(up, toward));
  const [w, h, deep] = [half, half / aspect, 6 * half];
  const rows = [across.map((v) => v / w), up.map((v) => v / h), toward.map((v) => -v / deep)];
  const columns = [0, 1, 2].map((axis) => [...rows.map((row) => row[axis]), 0]);
  const camera = new Float32Array([...columns.flat(), ...rows.map((row) => -dot(row, centre)), 1]);
  // Normals are only turned, towards the viewer's right, up and to the viewer.
  const rotation = new Float32Array([0, 1, 2].flatMap((axis) => [across[axis], up[axis], toward[axis]]));
  return { camera, rotation };
}

function letterOf(direction) {
  const names = ["LR", "PA", "HF"];
  const axis = direction.map(Math.abs).reduce((best, value, i, all) => (value > all[best] ? i : best), 0);
  return names[axis][direction[axis] > 0 ? 0 : 1];
}

/** Letters at the right and at the top for a camera; the opposite ones follow. */
function lettersOf(camera) {
  const row = (i) => [camera[i], camera[4 + i], camera[8 + i]];
  const [right, top] = [row(0), row(1)];
  const minus = (a) => a.map((value) => -value);
  return { right: letterOf(right), left: letterOf(minus(right)), top: letterOf(top), bottom: letterOf(minus(top)) };
}

const KEYS = {
  ArrowLeft: { turn: 10 }, ArrowRight: { turn: -10 }, ArrowUp: { lift: 10 }, ArrowDown: { lift: -10 },
  "+": { zoom: 0.87 }, "=": { zoom: 0.87 }, "-": { zoom: 1.15 },
};

function createLive(model, el) {
  const canvas = make("canvas", {
    class: "fl-live-canvas", tabindex: "0", role: "img", "aria-label": model.get("label"),
  });
  const letters = Object.fromEntries(["left", "right", "top", "bottom"].map((edge) =>
    [edge, make("span", { class: `fl-live-letter fl-live-${edge}`, "aria-hidden": "true" })]));
  const help = make("p", { class: "fl-hint" }, "Drag or use the arrow keys to turn, the wheel with Ctrl or + and − to zoom. Teaching model, not a patient.");
  const stage = make("div", { class: "fl-live-stage" }, canvas, ...Object.values(letters));
  const root = make("div", { class: "fl fl-live" }, stage, help);
  el.append(root);

  const gl = canvas.getContext("webgl2", { antialias: true, alpha: true, premultipliedAlpha: true });
  if (!gl) {
    root.hidden = true;
    model.set("able", false);
    model.save_changes();
    return () => {};
  }
  const { made, at } = program(gl);
  const pieces = new Map(); // id -> { array, count, free, version }
  let eye = { ...model.get("eye") };
  let waiting = 0;

  function look(id) {
    return (model.get("looks") ?? {})[id];
  }

  function draw() {
    waiting = 0;
    const start = performance.now();
    const width = stage.clientWidth;
    if (!width || !eye.centre) return; // not on the page yet, or not told yet where to look from
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const height = Math.round(width * 0.8);
    if (canvas.width !== Math.round(width * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    gl.useProgram(made);
    const { camera, rotation } = lookAt(eye, width / height);
    gl.uniformMatrix4fv(at.camera, false, camera);
    gl.uniformMatrix3fv(at.turn, false, rotation);
    const shown = [...pieces.entries()].map(([id, piece]) => [piece, look(id)]).filter(([, one]) => one?.cover > 0);
    const firm = shown.filter(([, one]) => one.cover >= 1);
    const clear = shown.filter(([, one]) => one.cover < 1).sort(([, a], [, b]) => a.order - b.order);
    gl.disable(gl.BLEND);
    gl.depthMask(true);
    for (const [piece, one] of firm) paint(piece, one);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    for (const [piece, one] of clear) {
      // Only the nearest surface of each piece is seen: its depth first, then its colour.
      gl.colorMask(false, false, false, false);
      paint(piece, one);
      gl.colorMask(true, true, true, true);
      paint(piece, one);
    }
    const marks = lettersOf(camera);
    for (const [edge, node] of Object.entries(letters)) setText(node, marks[edge]);
    root.dataset.pieces = String(shown.length);
    root.dataset.frame = String(Number(root.dataset.frame ?? 0) + 1);
    root.dataset.drawMs = (performance.now() - start).toFixed(1);
  }

  function paint(piece, one) {
    gl.uniformMatrix4fv(at.stand, false, new Float32Array(one.stand));
    gl.uniform3fv(at.colour, new Float32Array(one.colour));
    gl.uniform1f(at.cover, one.cover);
    gl.uniform1f(at.back, one.back);
    gl.bindVertexArray(piece.array);
    gl.drawElements(gl.TRIANGLES, piece.count, gl.UNSIGNED_INT, 0);
  }

  function redraw() {
    if (!waiting) waiting = requestAnimationFrame(draw);
  }

  /** A piece arrives with its points, normals and faces; one without faces goes. */
  function take(sent, [vertices, normals, faces] = []) {
    if (!sent?.id) return;
    pieces.get(sent.id)?.free();
    pieces.delete(sent.id);
    if (faces?.byteLength) pieces.set(sent.id, upload(gl, { vertices, normals, faces }));
    redraw();
  }

  function turn({ turn: sideways = 0, lift = 0, zoom = 1 }) {
    eye = { ...eye, turn: (eye.turn + sideways) % 360, lift: Math.max(-90, Math.min(90, eye.lift + lift)), half: eye.half * zoom };
    redraw();
  }

  canvas.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    turn(step);
  });
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    turn({ turn: 0.5 * event.movementX * -1, lift: 0.5 * event.movementY });
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // the page must still scroll
    event.preventDefault();
    turn({ zoom: event.deltaY > 0 ? 1.1 : 0.9 });
  }, { passive: false });

  const watcher = new ResizeObserver(redraw);
  watcher.observe(stage);
  const undo = [followTheme(model, root, redraw), () => watcher.disconnect(), () => cancelAnimationFrame(waiting)];
  const on = (events, act) => { model.on(events, act); undo.push(() => model.off(events, act)); };
  on("msg:custom", take);
  on("change:looks", redraw);
  on("change:eye", () => { eye = { ...model.get("eye") }; redraw(); });
  on("change:label", () => canvas.setAttribute("aria-label", model.get("label")));
  // A view that opens late asks for everything that was sent before.
  model.send({ ask: true });
  return () => {
    undo.forEach((each) => each());
    for (const piece of pieces.values()) piece.free();
    gl.getExtension("WEBGL_lose_context")?.loseContext();
  };
}

export default { render: ({ model, el }) => createLive(model, el) };
