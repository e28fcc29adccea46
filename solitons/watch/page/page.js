"use strict";
// The page asks every two seconds how the store stands, and shows what has changed. All that it shows is text that the
// server sends, put in as text.

const EVERY = 2000;
const SILENT = 60; // seconds without a word from a run at work, from which on that is pointed out
const NAMES = { computing: "computing", stale: "stale", failed: "failed", corrupt: "corrupt", missing: "waiting", stored: "stored" };
const MEANINGS = {
  stale: "the process that computed it is gone; run the campaign again to compute it",
  corrupt: "it is not what was written; 'solitons verify --set-aside' moves it out of the way",
  missing: "no process has begun it",
};

const byId = (id) => document.getElementById(id);
const view = { campaign: "", state: "", text: "", first: 0, runs: ["", ""] };
const panes = [null, null];
let skew = 0; // the server's clock less this one's, in s
let shownTable = "";
let polling = false;
let again = false;

function make(name, content = "", kind = "") {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (content) made.textContent = content;
  return made;
}

async function ask(path) {
  const answer = await fetch(path, { cache: "no-cache" });
  if (!answer.ok) throw new Error(await answer.text());
  const date = Date.parse(answer.headers.get("Date"));
  if (date) skew = (date - Date.now()) / 1000;
  return answer.text();
}

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of ["campaign", "state", "text"]) view[name] = given.get(name) || "";
  view.first = Number(given.get("first")) || 0;
  view.runs = [given.get("run") || "", given.get("beside") || ""];
  byId("text").value = view.text;
  byId("state").value = view.state;
}

function writeAddress() {
  const given = new URLSearchParams();
  for (const name of ["campaign", "state", "text"]) if (view[name]) given.set(name, view[name]);
  if (view.first) given.set("first", view.first);
  if (view.runs[0]) given.set("run", view.runs[0]);
  if (view.runs[1]) given.set("beside", view.runs[1]);
  history.replaceState(null, "", `#${given}`);
}

async function poll() {
  if (polling) {
    again = true;
    return;
  }
  polling = true;
  try {
    do {
      again = false;
      const asked = new URLSearchParams({ campaign: view.campaign, state: view.state, text: view.text, first: view.first });
      const text = await ask(`runs?${asked}`);
      if (text !== shownTable) {
        shownTable = text;
        showTable(JSON.parse(text));
      }
      await Promise.all(panes.map((pane) => pane && pane.refresh()));
      trouble("");
    } while (again);
  } catch (error) {
    trouble(error instanceof TypeError ? "The server does not answer. Was 'solitons watch' ended? The page shows what it last saw." : error.message);
  } finally {
    polling = false;
    document.documentElement.dataset.looks = Number(document.documentElement.dataset.looks || 0) + 1;
  }
}

let wrong = { server: "", store: "" };
function trouble(text, source = "server") {
  wrong[source] = text;
  const shown = Object.values(wrong).filter(Boolean).join("\n");
  byId("trouble").textContent = shown;
  byId("trouble").hidden = !shown;
}

function showTable(data) {
  byId("store").textContent = data.store;
  const counts = Object.entries(data.counts).filter(([, count]) => count).map(([name, count]) => `${count} ${NAMES[name]}`);
  byId("counts").textContent = `${data.total} ${data.total === 1 ? "run" : "runs"}${counts.length ? `; ${counts.join(", ")}` : ""}`;
  trouble(data.problems.join("\n"), "store");
  showCampaigns(data.campaigns);
  const body = byId("runs").tBodies[0];
  const focused = document.activeElement && document.activeElement.dataset.run;
  body.replaceChildren(...data.runs.map(row));
  if (focused) body.querySelector(`[data-run="${focused}"]`)?.focus();
  byId("none").hidden = data.runs.length > 0;
  byId("pages").hidden = data.fitting <= data.runs.length && !view.first;
  byId("pages").querySelector("span").textContent = `${data.fitting ? data.first + 1 : 0} to ${data.first + data.runs.length} of ${data.fitting}`;
  byId("before").disabled = !data.first;
  byId("after").disabled = data.first + data.runs.length >= data.fitting;
  for (const [number, pane] of panes.entries()) {
    const at = pane && data.runs.find((each) => each.id === view.runs[number]);
    if (at) pane.row(at);
  }
  if (!view.runs[0] && data.suggested && !chosenOnce) choose(0, data.suggested, false);
  times();
}

function row(data) {
  const line = make("tr", "", view.runs.includes(data.id) ? "chosen" : "");
  const state = make("td");
  const badge = make("span", NAMES[data.state], data.state);
  badge.title = MEANINGS[data.state] || "";
  state.append(badge);
  const run = make("td");
  const open = make("button", data.label || data.id, "open");
  open.type = "button";
  open.dataset.run = data.id;
  open.addEventListener("click", () => choose(0, data.id, true));
  run.append(open);
  if (data.label) run.append(" ", make("code", data.id));
  if (data.campaigns.length) run.append(" ", make("small", data.campaigns.join(", "), "faint"));
  if (data.error) run.append(make("span", data.error, "error"));
  const progress = make("td");
  if (data.progress !== null) {
    const bar = make("progress");
    bar.value = data.progress;
    progress.append(bar, ` ${Math.round(100 * data.progress)} %`);
  } else if (data.took !== null) progress.append(make("small", `took ${duration(data.took)}`, "faint"));
  const left = make("td", data.left !== null ? duration(data.left) : "");
  if (data.steps !== null) left.title = `${numberText(data.steps, 3)} steps/s`;
  const last = make("td");
  if (data.last !== null) {
    last.dataset.last = data.last;
    last.dataset.work = data.state === "computing" ? "1" : "";
    last.title = new Date(1000 * data.last).toLocaleString();
  }
  const more = make("td");
  const beside = make("button", "Beside", "beside");
  beside.type = "button";
  beside.title = "Show it beside the chosen run";
  beside.addEventListener("click", () => choose(view.runs[0] ? 1 : 0, data.id, true));
  more.append(beside);
  line.append(state, run, progress, left, last, more);
  line.dataset.state = data.state;
  line.dataset.row = data.id;
  return line;
}

// How long ago, by the server's clock.
function times() {
  const now = Date.now() / 1000 + skew;
  for (const cell of document.querySelectorAll("[data-last]")) {
    const ago = Math.max(0, now - Number(cell.dataset.last));
    const silent = cell.dataset.work && ago > SILENT;
    cell.textContent = silent ? `silent for ${duration(ago)}` : `${duration(ago)} ago`;
    cell.className = silent ? "quiet" : "";
  }
}

function showCampaigns(campaigns) {
  const chosen = byId("campaign");
  const names = campaigns.map((each) => each.id);
  if (names.join() !== [...chosen.options].slice(1).map((each) => each.value).join()) {
    chosen.replaceChildren(new Option("all", ""), ...names.map((name) => new Option(name, name)));
  }
  chosen.value = view.campaign;
  const there = new Map([...byId("campaigns").children].map((card) => [card.dataset.campaign, card]));
  const shown = campaigns.filter((each) => !view.campaign || each.id === view.campaign);
  byId("campaigns").replaceChildren(...shown.map((each) => campaignCard(each, there.get(each.id))));
}

function campaignCard(data, before) {
  const told = JSON.stringify(data);
  if (before && before.told === told) return before;
  const card = make("div", "", "campaign");
  card.told = told;
  card.dataset.campaign = data.id;
  const line = make("div", "", "line");
  line.append(make("b", data.name), make("small", data.engine));
  const some = Object.entries(data.counts).filter(([name, count]) => count && name !== "stored");
  line.append(make("span", data.total ? `${data.counts.stored} of ${data.total} runs stored${some.map(([name, count]) => `, ${count} ${NAMES[name]}`).join("")}${data.more ? ", more follow from what these show" : ""}` : "no micromagnetic runs"));
  if (data.verdict) line.append(make("span", data.verdict, `badge ${data.verdict}`));
  if (data.report) {
    const link = make("a", "report", "report");
    link.href = `report/${data.id}`;
    link.target = "_blank";
    link.rel = "noopener";
    line.append(link);
  }
  card.append(line);
  if (data.older) card.append(make("small", "described in an older schema; its runs can be opened"));
  if (data.total) {
    const bar = make("div", "", "bar");
    for (const [name, count] of Object.entries(data.counts)) {
      if (!count || name === "missing") continue;
      const part = make("i", "", name);
      // A run that is computed fills no more of the bar than is done of it.
      part.style.width = `${(100 * (name === "computing" ? data.at_work : count)) / data.total}%`;
      bar.prepend(part);
    }
    card.append(bar);
  }
  if (data.verdict || data.report) {
    const fold = make("details");
    fold.append(make("summary", "What it has found"));
    fold.addEventListener("toggle", async () => {
      if (!fold.open || fold.children.length > 1) return;
      try {
        fold.append(fitBox(JSON.parse(await ask(`campaign/${data.id}`)).fit));
      } catch (error) {
        fold.append(make("p", error.message, "error"));
      }
    });
    card.append(fold);
    if (before && before.querySelector("details[open]")) fold.open = true;
  }
  return card;
}

function fitBox(fit) {
  const box = make("div", "", "fit");
  if (!fit) {
    box.append(make("p", "Its summary.json cannot be read; running the campaign again writes it anew."));
    return box;
  }
  const list = make("dl");
  for (const each of fit.headlines) {
    const item = make("div");
    item.append(make("dt", each.name), make("dd", each.value), make("dd", each.detail));
    list.append(item);
  }
  // Of one variant the verdict comes first, as in the report; headlines of several are named by them.
  if (fit.headlines.length && fit.variants.length !== 1) box.append(list);
  for (const part of fit.variants) {
    const at = Object.entries(part.at).map(([name, value]) => `${name} = ${numberText(value)}`).join(", ");
    if (at || part.verdict) {
      const head = make("h3", at);
      if (part.verdict) head.append(at ? " " : "", make("span", part.verdict, `badge ${part.verdict}`));
      box.append(head);
    }
    if (part.verdict === "failed") box.append(make("p", "The fit failed: what was fitted, and its errors, are not shown."));
    const reasons = make("ul");
    reasons.append(...[...part.reasons, ...part.notes].map((text) => make("li", text)));
    if (reasons.children.length) box.append(reasons);
    if (fit.headlines.length && fit.variants.length === 1) box.append(list);
    const rows = [];
    for (const each of part.parameters) {
      const scale = scaleOf(Math.abs(each.value), each.unit);
      const text = (value) => numberText(value * scale.factor);
      const interval = each.ci95 ? `${text(each.ci95[0])} to ${text(each.ci95[1])}` : "";
      rows.push([each.name.replaceAll("_", " "), text(each.value), interval, scale.unit]);
    }
    if (rows.length) box.append(table(["fitted", "value", "95 % interval", "unit"], rows));
    const errors = Object.entries(part.errors).map(([name, value]) => [name.replaceAll("_", " "), numberText(value, 3)]);
    if (errors.length) {
      const held = part.held_out === null ? "" : `; ${part.held_out} ${part.held_out === 1 ? "run was" : "runs were"} held out`;
      box.append(table([`errors, as in summary.json${held}`, "SI units"], errors));
    }
  }
  return box;
}

function table(head, rows) {
  const made = make("table");
  const line = make("tr");
  line.append(...head.map((text) => make("th", text)));
  made.append(line);
  for (const cells of rows) {
    const next = make("tr");
    next.append(...cells.map((text) => make("td", text)));
    made.append(next);
  }
  return made;
}

let chosenOnce = false; // a page that was opened without a run shows the first; one that was closed stays closed
function choose(number, id, byHand) {
  chosenOnce = true;
  if (number === 0 && view.runs[1] === id) view.runs[1] = "";
  view.runs[number] = id;
  writeAddress();
  showPanes();
  for (const line of byId("runs").tBodies[0].rows) line.classList.toggle("chosen", view.runs.includes(line.dataset.row));
  if (byHand && window.innerWidth < 1000) panes[number].box.scrollIntoView({ behavior: "smooth", block: "start" });
}

function showPanes() {
  view.runs.forEach((id, number) => {
    if (panes[number] && panes[number].id !== id) {
      panes[number].end();
      panes[number] = null;
    }
    if (id && !panes[number]) {
      panes[number] = new Pane(id, number);
      panes[number].refresh().catch((error) => trouble(error.message));
    }
  });
  byId("hint").hidden = panes.some(Boolean);
  byId("shown").append(...panes.filter(Boolean).map((pane) => pane.box));
}

// One chosen run: its picture, its film and its charts.
class Pane {
  constructor(id, number) {
    this.id = id;
    this.number = number;
    this.box = byId("pane").content.firstElementChild.cloneNode(true);
    this.box.dataset.run = id;
    this.told = "";
    this.data = null;
    this.at = null;
    this.solitons = null;
    this.playing = false;
    this.find("h2").textContent = id;
    this.find(".close").addEventListener("click", () => {
      view.runs[this.number] = "";
      if (this.number === 0) view.runs.reverse();
      writeAddress();
      showPanes();
    });
    for (const name of ["component", "layer", "member"]) this.find(`.${name}`).addEventListener("change", () => this.draw());
    this.find(".frame").addEventListener("input", () => {
      this.stop();
      this.draw();
    });
    this.find(".play").addEventListener("click", () => (this.playing ? this.stop() : this.play()));
    const image = this.find("img");
    image.addEventListener("load", () => this.drawn(true));
    image.addEventListener("error", () => this.drawn(false));
  }

  find(selector) {
    return this.box.querySelector(selector);
  }

  end() {
    this.playing = false;
    this.ended = true;
    this.box.remove();
  }

  row(at) {
    this.at = at;
    this.state();
  }

  state() {
    const what = this.find(".what");
    this.find("h2").textContent = (this.at && this.at.label) || (this.data && this.data.label) || this.id;
    const state = this.at ? this.at.state : this.data ? this.data.state : "";
    const parts = [];
    if (this.data && this.data.device) {
      const size = this.data.size.map((length) => quantity(length, "m", 3)).join(" × ");
      parts.push(`${this.data.device.replaceAll("_", " ")} ${size}`, `${this.data.cells.join(" × ")} cells`, this.data.engine);
    }
    const badge = make("b", NAMES[state] || "", state);
    what.replaceChildren(make("code", this.id), " ", badge, MEANINGS[state] ? ` (${MEANINGS[state]})` : "", parts.length ? ` · ${parts.join(" · ")}` : "");
    const wrong = (this.data && this.data.problem) || (this.at && this.at.error) || "";
    this.find(".error").textContent = wrong;
    this.find(".error").hidden = !wrong;
  }

  async refresh() {
    // What is stored does not change; a new look is needed when the table says that the run stands otherwise.
    if (this.data && this.data.state === "stored" && (!this.at || this.at.state === "stored")) return;
    let text;
    try {
      text = await ask(`run/${this.id}`);
    } catch (error) {
      if (error instanceof TypeError) throw error;
      text = JSON.stringify({ id: this.id, state: "", problem: error.message, frames: 0, charts: [], components: [], values: [] });
    }
    if (text === this.told || this.ended) return;
    this.told = text;
    const before = this.data;
    this.data = JSON.parse(text);
    this.controls(before);
    this.state();
    this.charts();
    this.draw();
    if (this.data.state === "stored" && !this.solitons) this.follow();
  }

  async follow() {
    this.solitons = { charts: [], note: "solitons are being followed …" };
    this.note();
    try {
      this.solitons = JSON.parse(await ask(`run/${this.id}/solitons`));
    } catch (error) {
      this.solitons = { charts: [], note: error.message };
    }
    this.charts();
    this.note();
    this.box.dataset.followed = "1";
  }

  note() {
    const notes = [];
    if (this.data && !this.data.playable && this.data.frames) notes.push("The newest frame is shown; all frames can be played when the run is stored.");
    if (this.data && !this.data.frames && !this.data.problem) notes.push("There is no frame yet.");
    if (this.solitons && this.solitons.note) notes.push(`Solitons: ${this.solitons.note}`);
    this.find(".note").textContent = notes.join(" ");
  }

  controls(before) {
    const data = this.data;
    const components = data.components || [];
    const chosen = this.find(".component");
    if (!before || (before.components || []).join() !== components.join()) {
      const names = { x: "m_x", y: "m_y", z: "m_z", direction: "direction of m" };
      chosen.replaceChildren(...components.map((each) => new Option(names[each] || each, each)));
      chosen.value = data.component || "";
    }
    this.find(".controls").hidden = !components.length;
    const top = (data.layers || 1) - 1;
    this.find(".layers").hidden = top < 1;
    this.find(".layer").max = top;
    if (this.find(".layer").value === "") this.find(".layer").value = top;
    this.find(".members").hidden = !(data.members > 1);
    this.find(".member").max = (data.members || 1) - 1;
    if (this.find(".member").value === "") this.find(".member").value = 0;
    const slider = this.find(".frame");
    const newest = !before || Number(slider.value) === Number(slider.max);
    slider.max = Math.max(0, data.frames - 1);
    if (newest) slider.value = slider.max;
    this.find(".film").hidden = !(data.playable && data.frames > 1 && components.length);
    this.note();
  }

  charts() {
    const list = [...(this.solitons ? this.solitons.charts : []), ...this.data.charts];
    const [unit, name] = this.data.dimension === "t" ? ["s", "t"] : ["1", "field step"];
    const drawn = list.map((each) => chart(each, unit, name, (value) => this.goTo(value)));
    this.find(".charts").replaceChildren(...drawn);
    this.mark();
  }

  goTo(value) {
    if (!this.data.playable) return;
    let nearest = 0;
    this.data.values.forEach((each, index) => {
      if (Math.abs(each - value) < Math.abs(this.data.values[nearest] - value)) nearest = index;
    });
    this.stop();
    this.find(".frame").value = nearest;
    this.draw();
  }

  frame() {
    return this.data.playable ? Number(this.find(".frame").value) : this.data.frames - 1;
  }

  mark() {
    const value = this.data.values[this.frame()];
    if (value === undefined) return;
    for (const each of this.find(".charts").children) if (each.mark) each.mark(value);
  }

  draw() {
    const data = this.data;
    const magnet = this.find(".magnet");
    if (!data || !data.frames || !(data.components || []).length) {
      this.find("figure").hidden = true;
      return;
    }
    this.find("figure").hidden = false;
    const component = this.find(".component").value;
    const asked = new URLSearchParams({
      frame: data.playable ? this.frame() : -1, component, layer: this.find(".layer").value, member: this.find(".member").value || 0,
    });
    // A run at work has another newest frame each time.
    if (!data.playable) asked.set("of", data.frames);
    const image = this.find("img");
    const address = `run/${this.id}/picture?${asked}`;
    const [width, height] = data.size;
    magnet.style.aspectRatio = `${width} / ${Math.max(height, width / 40)}`;
    const value = data.values[this.frame()];
    const when = value === undefined ? "" : data.dimension === "t" ? `t = ${quantity(value, "s")}` : `field step ${value}`;
    const stretched = height < width / 40 ? ", drawn taller than it is" : "";
    this.find(".at").textContent = `${when}, frame ${this.frame() + 1} of ${data.frames}${data.playable ? "" : " so far"}; ${quantity(width, "m", 3)} × ${quantity(height, "m", 3)}${stretched}`;
    this.key(component);
    image.className = component.endsWith("charge") ? "smooth" : "";
    image.alt = `${component} of the magnetisation, ${when}`;
    this.mark();
    if (image.getAttribute("src") === address) this.drawn(true);
    else image.src = address;
  }

  key(component) {
    const key = this.find(".key");
    if (key.dataset.of === component) return;
    key.dataset.of = component;
    if (component === "direction") {
      const wheel = make("img");
      wheel.src = "wheel.png";
      wheel.alt = "Colour wheel: the hue is the direction in the plane, moments up (left) turn white, moments down (right) black";
      key.replaceChildren(wheel, "left: up, right: down");
    } else if (component.endsWith("charge")) {
      key.replaceChildren(make("i", "", "disc plus"), "positive", make("i", "", "disc minus"), "negative");
    } else key.replaceChildren("−1", make("i", "", "scale"), `1 (m_${component})`);
  }

  drawn(right) {
    this.find(".magnet").classList.toggle("empty", !right);
    this.box.dataset.drawn = Number(this.box.dataset.drawn || 0) + 1;
    this.box.dataset.frame = right ? this.frame() : "";
    clearTimeout(this.timer);
    if (this.playing) this.timer = setTimeout(() => this.step(), 60);
  }

  play() {
    this.playing = true;
    this.find(".play").textContent = "Pause";
    const slider = this.find(".frame");
    if (Number(slider.value) >= Number(slider.max)) slider.value = -1;
    this.step();
  }

  step() {
    if (!this.playing) return;
    const slider = this.find(".frame");
    if (Number(slider.value) >= Number(slider.max)) {
      this.stop();
      return;
    }
    slider.value = Number(slider.value) + 1;
    this.draw();
  }

  stop() {
    this.playing = false;
    this.find(".play").textContent = "Play";
  }
}

function begin() {
  for (const [name, words] of Object.entries(NAMES)) byId("state").append(new Option(words, name));
  readAddress();
  showPanes();
  const changed = (name, value) => {
    view[name] = value;
    if (name !== "first") view.first = 0;
    writeAddress();
    poll();
  };
  byId("filter").addEventListener("submit", (event) => event.preventDefault());
  byId("text").addEventListener("input", (event) => changed("text", event.target.value));
  byId("campaign").addEventListener("change", (event) => changed("campaign", event.target.value));
  byId("state").addEventListener("change", (event) => changed("state", event.target.value));
  byId("before").addEventListener("click", () => changed("first", Math.max(0, view.first - 100)));
  byId("after").addEventListener("click", () => changed("first", view.first + 100));
  window.addEventListener("hashchange", () => {
    readAddress();
    showPanes();
    poll();
  });
  document.addEventListener("visibilitychange", () => document.hidden || poll());
  setInterval(() => document.hidden || poll(), EVERY);
  setInterval(times, 1000);
  poll();
}

begin();
