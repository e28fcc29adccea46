"use strict";
// Numbers with their units, and lines against time as SVG.

const PREFIXES = { "-21": "z", "-18": "a", "-15": "f", "-12": "p", "-9": "n", "-6": "µ", "-3": "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T" };
const SHOWN_AS = { rad: [180 / Math.PI, "°"] };

// The power of ten and the unit by which numbers up to `largest` are written.
function scaleOf(largest, unit) {
  if (unit in SHOWN_AS) return { factor: SHOWN_AS[unit][0], unit: SHOWN_AS[unit][1] };
  if (unit === "1" || !unit || !(largest > 0)) return { factor: 1, unit: unit === "1" ? "" : unit };
  // Current densities are compared in one unit, which is also that of the reports.
  const power = unit === "A/m^2" && largest >= 1e10 ? 12 : Math.floor(Math.log10(largest) / 3 + 1e-9) * 3;
  if (unit.includes("^")) return { factor: 10 ** -power, unit: power ? `10${raised(power)} ${pretty(unit)}` : pretty(unit) };
  const bounded = Math.max(-21, Math.min(12, power));
  return { factor: 10 ** -bounded, unit: PREFIXES[bounded] + unit };
}

const raised = (power) => String(power).replace(/./g, (digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]));
const pretty = (unit) => unit.replace(/\^(-?\d)/g, (_, power) => raised(power));

// A number as one writes it by hand, with a true minus.
function numberText(value, digits = 4) {
  const text = Number(value.toPrecision(digits));
  const plain = Math.abs(text) >= 1e6 || (text && Math.abs(text) < 1e-4) ? text.toExponential() : String(text);
  return plain.replace("-", "−");
}

function quantity(value, unit, digits = 4) {
  const scale = scaleOf(Math.abs(value), unit);
  return `${numberText(value * scale.factor, digits)} ${scale.unit}`.trim();
}

function duration(seconds) {
  if (seconds < 1) return "< 1 s";
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

// Three to six round numbers between two numbers, and how they are written beside each other.
function ticks(low, high) {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 3));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => span / each <= 5);
  const found = [];
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + 1e-9 * span; tick += step) {
    const near = Math.abs(tick) < step / 2 ? 0 : tick;
    found.push([near, decimals > 6 ? numberText(near, 6) : near.toFixed(decimals).replace("-", "−")]);
  }
  return found;
}

const W = 300, H = 130, LEFT = 44, RIGHT = 12, TOP = 6, BOTTOM = 30;

// Draw a chart; `choose` is called with the abscissa that is pointed at.
function chart(data, unitOfX, nameOfX, choose) {
  const box = document.createElement("div");
  box.className = "chart";
  const seen = data.series.flatMap((each) => each.values.filter((value) => value !== null));
  const y = scaleOf(Math.max(...seen.map(Math.abs), 0), data.unit);
  const x = scaleOf(Math.max(...data.x.map(Math.abs), 0), unitOfX);
  const heading = document.createElement("h3");
  heading.textContent = y.unit ? `${data.title} (${y.unit})` : data.title;
  const svg = svgElement("svg", { viewBox: `0 0 ${W} ${H}`, role: "img" });
  svg.setAttribute("aria-label", heading.textContent);
  box.append(heading, svg);
  if (!seen.length) {
    svg.append(svgText(W / 2, H / 2, "nothing yet", "middle"));
    return box;
  }
  let [low, high] = [Math.min(...seen) * y.factor, Math.max(...seen) * y.factor];
  const room = high - low > 1e-9 * Math.max(Math.abs(high), Math.abs(low)) ? 0.06 * (high - low) : Math.abs(high) * 0.1 || 1;
  [low, high] = [low - room, high + room];
  const first = data.x[0] * x.factor, last = data.x[data.x.length - 1] * x.factor;
  const toX = (value) => LEFT + ((value - first) / (last - first || 1)) * (W - LEFT - RIGHT);
  const toY = (value) => H - BOTTOM - ((value - low) / (high - low)) * (H - TOP - BOTTOM);
  svg.append(svgElement("path", { class: "axis", d: `M${LEFT} ${TOP}V${H - BOTTOM}H${W - RIGHT}` }));
  for (const [tick, text] of ticks(low, high)) {
    svg.append(svgElement("path", { class: "axis", d: `M${LEFT - 3} ${toY(tick)}H${LEFT}` }));
    svg.append(svgText(LEFT - 5, toY(tick) + 3.5, text, "end"));
  }
  for (const [tick, text] of ticks(first, last)) {
    svg.append(svgElement("path", { class: "axis", d: `M${toX(tick)} ${H - BOTTOM}v3` }));
    svg.append(svgText(toX(tick), H - BOTTOM + 13, text, "middle"));
  }
  svg.append(svgText((LEFT + W - RIGHT) / 2, H - 3, x.unit ? `${nameOfX} (${x.unit})` : nameOfX, "middle"));
  data.series.forEach((each, number) => {
    let run = [];
    const draw = () => {
      if (run.length === 1) run.push(run[0].replace(/[\d.]+/, (start) => String(Number(start) + 1.5)));
      if (run.length) svg.append(svgElement("polyline", { class: `l${number % 6}`, points: run.join(" ") }));
      run = [];
    };
    each.values.forEach((value, index) => {
      if (value === null) draw();
      else if (data.held && run.length) run.push(`${toX(data.x[index] * x.factor).toFixed(1)},${run[run.length - 1].split(",")[1]}`, `${toX(data.x[index] * x.factor).toFixed(1)},${toY(value * y.factor).toFixed(1)}`);
      else run.push(`${toX(data.x[index] * x.factor).toFixed(1)},${toY(value * y.factor).toFixed(1)}`);
    });
    draw();
  });
  const marker = svgElement("path", { class: "marker" });
  svg.append(marker);
  box.mark = (value) => marker.setAttribute("d", `M${toX(value * x.factor).toFixed(1)} ${TOP}V${H - BOTTOM}`);
  const point = (event) => {
    const place = ((event.clientX - svg.getBoundingClientRect().left) / svg.getBoundingClientRect().width) * W;
    choose((first + ((place - LEFT) / (W - LEFT - RIGHT)) * (last - first)) / x.factor);
  };
  svg.addEventListener("pointerdown", point);
  svg.addEventListener("pointermove", (event) => event.buttons && point(event));
  if (data.series.length > 1) {
    const legend = document.createElement("div");
    legend.className = "legend";
    data.series.forEach((each, number) => {
      const key = document.createElement("span");
      key.className = `l${number % 6}`;
      key.textContent = "━ ";
      legend.append(key, `${each.name}  `);
    });
    box.append(legend);
  }
  return box;
}

function svgElement(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function svgText(x, y, text, anchor) {
  const made = svgElement("text", { x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}
