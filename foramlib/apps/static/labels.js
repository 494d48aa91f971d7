// Where labels stand: wrapping with true text metrics, columns beside the picture or rows around it.
// Pure geometry in pixels; nothing here touches the page.

const GAP = 0.45; // least room between two labels, in em

/** Measures text as the page will draw it; widths are kept, because text metrics are the slow part. */
function ruler(family, size) {
  const context = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  return (text, weight = 600) => {
    const key = `${weight}|${text}`;
    if (!widths.has(key)) {
      context.font = `${weight} ${size}px ${family}`;
      widths.set(key, context.measureText(text).width);
    }
    return widths.get(key);
  };
}

/** Break text into lines no wider than `width`; a single longer word stays whole. */
function wrap(text, width, measure, weight = 600) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && measure(longer, weight) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Tops of boxes in a column: as near to where they want to be as order and room allow. */
function spread(boxes, low, high, gap) {
  const groups = [];
  for (const box of boxes) {
    groups.push({ boxes: [box], size: box.height, wish: box.wish, count: 1 });
    while (groups.length > 1) {
      const [last, before] = [groups.at(-1), groups.at(-2)];
      if (top(before) + before.size + gap <= top(last)) break;
      join(before, last, gap);
      groups.pop();
    }
  }
  for (const group of groups) place(group, Math.max(low, Math.min(top(group), high - group.size)), gap);
  // Groups pushed in from the edges may now touch: settle them once down and once up.
  const all = groups.flatMap((group) => group.boxes);
  for (let i = 1; i < all.length; i++) all[i].y = Math.max(all[i].y, all[i - 1].y + all[i - 1].height + gap);
  for (let i = all.length - 1, floor = high; i >= 0; i--) {
    all[i].y = Math.min(all[i].y, floor - all[i].height);
    floor = all[i].y - gap;
  }
}

function top(group) {
  return group.wish / group.count;
}

/** Merge two groups: the wish of a group is the mean of what each member wants for the group's top. */
function join(before, last, gap) {
  before.wish += last.wish - last.count * (before.size + gap);
  before.count += last.count;
  before.size += gap + last.size;
  before.boxes.push(...last.boxes);
}

function place(group, y, gap) {
  for (const box of group.boxes) {
    box.y = y;
    y += box.height + gap;
  }
}

function crosses(a, b) {
  const turn = (p, q, r) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return turn(a[0], a[1], b[0]) !== turn(a[0], a[1], b[1]) && turn(b[0], b[1], a[0]) !== turn(b[0], b[1], a[1]);
}

/** Whether two leader lines of the layout cross. */
function tangled(labels) {
  const lines = labels.map((label) => [hook(label), label.anchor]);
  return lines.some((line, i) => lines.slice(i + 1).some((other) => crosses(line, other)));
}

/** Where the leader leaves its label. */
function hook(label) {
  if (label.side === "left") return [label.x + 4, label.y + label.height / 2];
  if (label.side === "right") return [label.x - 4, label.y + label.height / 2];
  return label.side === "top" ? [label.x, label.y + label.height + 2] : [label.x, label.y - 2];
}

/** Nearest place to `middle` on the line where coordinate `axis` is `at` that no leader passes. */
function clearOf(labels, axis, at, middle, reach, em) {
  const passed = labels.map((label) => [hook(label), label.anchor])
    .filter(([a, b]) => (a[axis] - at) * (b[axis] - at) < 0)
    .map(([a, b]) => a[1 - axis] + ((at - a[axis]) / (b[axis] - a[axis])) * (b[1 - axis] - a[1 - axis]));
  const clear = (place) => passed.every((line) => Math.abs(line - place) > 0.8 * em);
  for (let off = 0; off < reach; off += 0.2 * em) {
    if (clear(middle - off)) return middle - off;
    if (clear(middle + off)) return middle + off;
  }
  return middle;
}

/** Swap neighbours in a column until no two of its leaders cross. */
function untangle(column, settle) {
  for (let round = 0; round < column.length * 2; round++) {
    settle();
    const at = column.findIndex((label, i) => i > 0
      && crosses([hook(column[i - 1]), column[i - 1].anchor], [hook(label), label.anchor]));
    if (at < 0) return;
    [column[at - 1], column[at]] = [column[at], column[at - 1]];
  }
  settle();
}

/** The size of the drawing: frame of the picture and room for labels, for a width in pixels. */
function measureFrame(width, box, em, tallest) {
  const shape = box[3] / box[2];
  const narrow = width < 40 * em;
  const gutter = 1.5 * em;
  if (narrow) {
    const w = Math.min(width - 2 * gutter, tallest / shape);
    return { narrow, width, x: (width - w) / 2, y: 0, w, h: w * shape, column: width / 3 - 0.6 * em };
  }
  const least = Math.max(8.5 * em, Math.min(14 * em, 0.18 * width));
  const room = width - 2 * (least + gutter + 0.7 * em);
  const w = Math.min(room, tallest / shape);
  const x = (width - w) / 2;
  return { narrow, width, x, y: 1.7 * em, w, h: w * shape, column: Math.min(x - gutter - 0.7 * em, 17 * em) };
}

/** Give each candidate its lines and height. */
function fitText(labels, frame, measure, em) {
  for (const label of labels) {
    label.lines = wrap(label.text, frame.column, measure);
    label.height = label.lines.length * 1.25 * em;
  }
}

/** Columns left and right of the picture. Candidates come in order of rank; what has no room is left out. */
function layColumns(candidates, frame, em) {
  const room = frame.h + 2.4 * em;
  const gap = GAP * em;
  const middle = frame.x + frame.w / 2;
  const columns = { left: [], right: [] };
  const taken = (side) => columns[side].reduce((sum, label) => sum + label.height + gap, 0);
  for (const label of candidates) columns[label.anchor[0] < middle ? "left" : "right"].push(label);
  for (const side of ["left", "right"]) even(columns, side, middle, frame, (one) => taken(one) - room, taken);
  for (const side of ["left", "right"]) {
    columns[side].sort((a, b) => a.order - b.order);
    while (taken(side) > room) columns[side].pop();
    for (const label of columns[side]) label.side = side;
    settleColumn(columns[side], side, frame, em);
  }
  return [...columns.left, ...columns.right];
}

/** Move the most central labels of a full column to the other one: never more than it can hold. */
function even(columns, side, middle, frame, over, taken) {
  const other = side === "left" ? "right" : "left";
  const off = (label) => Math.abs(label.anchor[0] - middle);
  const byCentre = [...columns[side]].sort((a, b) => off(a) - off(b));
  for (const label of byCentre) {
    const lopsided = taken(side) - taken(other) > 2.5 * label.height && off(label) < 0.1 * frame.w;
    if (over(side) <= 0 && !lopsided) return;
    if (over(other) + label.height > 0) return;
    columns[side].splice(columns[side].indexOf(label), 1);
    columns[other].push(label);
  }
}

function columnX(side, frame, em) {
  return side === "left" ? frame.x - 1.9 * em : frame.x + frame.w + 1.9 * em;
}

function settleColumn(column, side, frame, em) {
  for (const label of column) {
    label.x = columnX(side, frame, em);
    label.wish = label.anchor[1] - label.height / 2;
  }
  column.sort((a, b) => a.anchor[1] - b.anchor[1]);
  untangle(column, () => spread(column, frame.y - 1.2 * em, frame.y + frame.h + 1.2 * em, GAP * em));
}

/** Three short labels over the picture and three under it, for a narrow page. */
function layRows(candidates, frame, em) {
  const chosen = candidates.slice(0, 6).sort((a, b) => a.anchor[1] - b.anchor[1]);
  const half = Math.ceil(chosen.length / 2);
  const rows = { top: chosen.slice(0, half), bottom: chosen.slice(half) };
  for (const side of ["top", "bottom"]) {
    rows[side].sort((a, b) => a.anchor[0] - b.anchor[0]);
    rows[side].forEach((label, i) => {
      label.side = side;
      label.slot = (i + 0.5) / rows[side].length;
      label.x = frame.width * label.slot;
    });
  }
  settleRows(rows, frame, em);
  return chosen;
}

/** Heights of the rows, and with them where the picture starts. */
function settleRows(rows, frame, em) {
  const tallest = (row) => Math.max(0, ...row.map((label) => label.height));
  const before = frame.y;
  frame.y = tallest(rows.top) + 2.4 * em;
  for (const label of [...rows.top, ...rows.bottom]) label.anchor[1] += frame.y - before;
  for (const label of rows.top) label.y = tallest(rows.top) - label.height;
  for (const label of rows.bottom) label.y = frame.y + frame.h + 2.4 * em;
  frame.below = tallest(rows.bottom) + 4.6 * em;
}

/** A place for one more label without moving any other; null where a column has no gap for it. */
function squeeze(label, placed, frame, em) {
  const gap = GAP * em;
  const found = [];
  for (const side of ["left", "right"]) {
    const column = placed.filter((one) => one.side === side).sort((a, b) => a.y - b.y);
    const edges = [frame.y - 1.2 * em - gap, ...column.map((one) => one.y + one.height)];
    edges.forEach((start, i) => {
      const end = i < column.length ? column[i].y : frame.y + frame.h + 1.2 * em + gap;
      if (end - start < label.height + 2 * gap) return;
      const y = Math.max(start + gap, Math.min(label.anchor[1] - label.height / 2, end - gap - label.height));
      const far = Math.abs(label.anchor[0] - columnX(side, frame, em)) / 3;
      found.push({ side, x: columnX(side, frame, em), y, cost: far + Math.abs(y + label.height / 2 - label.anchor[1]) });
    });
  }
  found.sort((a, b) => a.cost - b.cost);
  return found[0] ?? null;
}

/** The placed label that makes way for one in focus: least rank, on the nearer side. */
function makeWay(label, placed, frame) {
  const side = label.anchor[0] < frame.x + frame.w / 2 ? "left" : "right";
  const movable = placed.filter((one) => !one.kept);
  const near = movable.filter((one) => one.side === side || frame.narrow);
  const pool = near.length ? near : movable;
  return pool.reduce((least, one) => (one.order > (least?.order ?? -1) ? one : least), null);
}
