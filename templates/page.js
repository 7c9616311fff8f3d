// ---------- one part of the page: an output with its graph, its rows and its steps ----------
const all = (root, what) => [...root.querySelectorAll(what)];
const words = (text) => (text ? text.split(" ") : []);

const element = (tag, className, ...inside) => {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...inside);
  return made;
};

// label = parts = value ≈ about, from cells of the table
const line = (cell, parts, value) => {
  const told = element("p", cell.classList[0] ?? "", cell.children[0].cloneNode(true));
  if (cell.dataset.key) told.dataset.key = cell.dataset.key;
  parts.forEach((part, at) => told.append(element("span", "is", at ? "+" : "="), element("span", "", part.cloneNode(true))));
  if (value === null) return told;
  const about = value.querySelector(".about");
  const shown = [...value.childNodes].filter((one) => one !== about && one.nodeName !== "FORM" && one.textContent.trim());
  if (parts.length !== 1 || shown.length !== 1 || shown[0].outerHTML !== parts[0].outerHTML)
    told.append(element("span", "answer", element("span", "is", "="), ...shown.map((one) => one.cloneNode(true))));
  if (about) told.append(" ", element("span", "about answer", about.textContent));
  return told;
};

class Part {
  constructor(element) {
    this.element = element;
    this.steps = all(element, ".steps > li");
    this.slider = element.querySelector("input[type=range]");
    this.where = element.querySelector(".where");
    this.rows = new Map(all(element, "tbody tr").map((row) => [row.dataset.place, row]));
    this.answers = JSON.parse(element.querySelector(".answers").textContent);
    this.valued = element.querySelector("td.value") !== null;
    this.ids = new Map(all(element, ".graph [id]").map((one) => [one.id, one]));
    this.last = new Map(this.steps.map((li) => [li.dataset.phase + li.dataset.circle, li]));
    this.forwards = this.steps.filter((li) => li.dataset.phase === "forward").length;
    this.solved = new Set();
    this.revealed = new Set();
    this.step = 0;
    for (const wire of all(element, ".graph .reverse path")) wire.setAttribute("pathLength", "1");
  }
  byId(id) { return this.ids.get(id); }
  show(step, moving) {
    this.step = Math.max(0, Math.min(this.steps.length, step));
    const now = this.steps[this.step - 1];
    all(this.element, ".now, .used, .lit, .comes").forEach((one) => one.classList.remove("now", "used", "lit", "comes"));
    const known = new Set(this.steps.slice(0, this.step).flatMap((li) => this.known(li)));
    if (now) this.light(now, moving, known);
    this.reveal(known);
    this.veil();
    this.slider.value = this.step;
    const { forwards } = this;
    const phase = !now ? "not begun" : now.dataset.phase === "forward" ? `forward ${this.step} of ${forwards}` : `reverse ${this.step - forwards} of ${this.steps.length - forwards}`;
    this.where.textContent = phase;
    this.slider.setAttribute("aria-valuetext", phase);
    this.element.querySelector(".previous").disabled = this.element.querySelector(".first").disabled = this.step === 0;
    this.element.querySelector(".next").disabled = this.element.querySelector(".last").disabled = this.step === this.steps.length;
  }
  // what is known from a step on
  known(li) {
    const reverse = li.dataset.phase === "reverse", circle = this.byId(li.dataset.circle), row = this.rows.get(li.dataset.place);
    const known = all(row, reverse ? "td.adjoint" : "td.primal, td.tangent");
    if (this.hides(li)) return known;
    const finished = this.last.get(li.dataset.phase + li.dataset.circle) === li;
    if (circle && (finished || !reverse)) known.push(...all(circle, reverse ? ".note.adjoint" : ".note.primal"));
    for (const id of reverse ? words(li.dataset.wires) : [])
      known.push(...all(this.byId(id), ".reverse"), ...["-sent", "-partial"].map((end) => this.byId(id + end)).filter(Boolean));
    return known;
  }
  // only what changes is touched: a browser lays out again what is
  reveal(known) {
    for (const one of this.revealed) if (!known.has(one)) one.classList.remove("known");
    for (const one of known) if (!this.revealed.has(one)) one.classList.add("known");
    this.revealed = known;
  }
  veil() {
    const practice = document.body.classList.contains("practice");
    for (const one of all(this.element, ".steps [data-key], td.rule")) {
      const { key } = one.dataset;
      one.classList.toggle("veiled", practice && !this.solved.has(key) && this.asks(key));
    }
  }
  hides(li) {
    const key = (li.dataset.phase === "reverse" ? "a-" : "p") + li.dataset.place;
    return document.body.classList.contains("practice") && this.asks(key) && !this.solved.has(key);
  }
  // where the table shows values, what a step says is taken from its row
  tell(li) {
    if (!this.valued || li.querySelector("p")) return;
    const row = this.rows.get(li.dataset.place), value = (rule) => row.querySelector(`td.value[data-key="${rule.dataset.key}"]`);
    if (li.dataset.phase === "reverse") {
      const rule = row.querySelector("td.adjoint.rule"), arriving = all(li, ".arrivals > li").map((one) => one.firstElementChild);
      li.prepend(line(rule, arriving.length ? arriving : value(rule) ? [] : [rule.children[2]], value(rule)));
      return;
    }
    const head = row.querySelector("th"), own = row.querySelector("td.primal.value");
    const primal = line(head, head.children.length > 1 ? [head.children[2]] : [], own);
    primal.className = "primal"; primal.dataset.key = own.dataset.key;
    const shape = row.querySelector("td.shape");
    if (shape && shape.textContent !== "1×1") primal.append(" ", element("span", "shape", shape.textContent));
    const tangents = all(row, "td.tangent.rule").map((rule) => {
      const told = line(rule, rule.children[2].outerHTML === rule.children[0].outerHTML ? [] : [rule.children[2]], value(rule));
      told.dataset.input = rule.dataset.input;
      told.classList.toggle("other", rule.classList.contains("other"));
      told.children[2]?.classList.add("answer");
      return told;
    });
    li.prepend(primal, ...tangents);
  }
  light(li, moving, known) {
    this.tell(li);
    li.classList.add("now");
    const reverse = li.dataset.phase === "reverse";
    const circle = this.byId(li.dataset.circle);
    circle?.classList.add("now");
    this.rows.get(li.dataset.place).classList.add("now");
    for (const id of words(li.dataset.used)) this.byId(id)?.classList.add("used");
    for (const id of words(li.dataset.wires)) {
      this.byId(id)?.classList.add("lit");
      if (reverse && moving) { this.byId(id)?.classList.add("comes"); this.byId(id + "-sent")?.classList.add("comes"); }
      const partial = this.byId(id + "-partial");
      if (partial && !reverse && !document.body.classList.contains("practice")) known.add(partial);
    }
    for (const place of this.usedPlaces(li)) this.rows.get(place)?.classList.add("used");
    if (circle) this.bring(circle);
  }
  usedPlaces(li) {
    const circles = new Set(words(li.dataset.used));
    return this.steps.filter((other) => circles.has(other.dataset.circle)).map((other) => other.dataset.place);
  }
  bring(circle) {
    const picture = this.element.querySelector(".picture");
    if (picture.scrollWidth <= picture.clientWidth) return;
    const box = circle.getBoundingClientRect(), frame = picture.getBoundingClientRect();
    picture.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
  }

  // ---------- filling in ----------
  asks(key) { return this.answers !== null && Object.hasOwn(this.answers.cells, key) && this.cells(key).some((cell) => this.isAsked(cell)); }
  cells(key) { return all(this.element, `td[data-key="${key}"]`); }
  isAsked(cell) { return cell.classList.contains("value") || (!this.answers.exact && cell.classList.contains("rule")); }
  names() {
    const known = {}, { cells, lines, inputs, parameters } = this.answers;
    const value = (key) => (Array.isArray(cells[key]) ? matrix(cells[key]) : scalar(cells[key]));
    const input = inputs.indexOf(document.querySelector("select[name=input]").value);
    inputs.forEach((name, place) => { if (`p${place}` in cells) known[name] = value(`p${place}`); });
    for (const name in parameters) known[name] = Array.isArray(parameters[name]) ? matrix(parameters[name]) : scalar(parameters[name]);
    lines.forEach((name, place) => {
      if (`p${place}` in cells) known[name] = value(`p${place}`);
      if (`a-${place}` in cells) known[`${name}_bar`] = value(`a-${place}`);
      if (`t${input}-${place}` in cells) known[`${name}_dot`] = value(`t${input}-${place}`);
    });
    return known;
  }
  practise(on) {
    all(this.element, "td form").forEach((form) => form.remove());
    all(this.element, "td.asked, td.right, td.wrong, td.unread").forEach((cell) => cell.classList.remove("asked", "right", "wrong", "unread"));
    this.solved.clear();
    if (on && this.answers) all(this.element, "td[data-key]").filter((cell) => this.isAsked(cell) && Object.hasOwn(this.answers.cells, cell.dataset.key)).forEach((cell) => this.ask(cell));
    this.count();
  }
  ask(cell) {
    cell.classList.add("asked");
    const form = document.createElement("form"), field = document.createElement("input"), verdict = document.createElement("span"), give = document.createElement("button");
    const label = cell.closest("tr").querySelector("th").textContent;
    field.setAttribute("aria-label", `${cell.classList[0]} of ${label}`);
    field.autocomplete = "off"; field.spellcheck = false; field.autocapitalize = "off";
    verdict.className = "verdict"; verdict.setAttribute("role", "status");
    give.type = "button"; give.textContent = "?"; give.title = "Show this answer"; give.setAttribute("aria-label", "Show this answer");
    give.addEventListener("click", () => this.settle(cell, false));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.check(cell, field, verdict, true); });
    field.addEventListener("change", () => this.check(cell, field, verdict, false));
    form.append(field, verdict, give);
    cell.append(form);
  }
  check(cell, field, verdict, onward) {
    cell.classList.remove("wrong", "unread");
    verdict.textContent = ""; field.title = "";
    if (!field.value.trim() || !cell.classList.contains("asked")) return;
    try {
      const value = new Reader(field.value, this.names(), this.answers.functions).whole();
      if (close(field.value, value, this.answers.cells[cell.dataset.key])) { const next = onward ? this.following(cell) : null; this.settle(cell, true); next?.focus(); return; }
      cell.classList.add("wrong"); verdict.textContent = "✗"; verdict.title = "not right yet";
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      cell.classList.add("unread"); verdict.textContent = "…"; field.title = verdict.title = error.message;
    }
  }
  following(cell) {
    const column = all(this.element, "td.asked").filter((other) => other.classList[0] === cell.classList[0] && other.offsetParent !== null);
    return column[column.indexOf(cell) + 1]?.querySelector("input");
  }
  settle(cell, right) {
    cell.classList.remove("asked", "wrong", "unread");
    cell.querySelector("form").remove();
    if (right) cell.classList.add("right");
    this.solved.add(cell.dataset.key);
    this.show(this.step, false);
    this.count();
  }
  count() {
    const asked = all(this.element, "td.asked").length, right = all(this.element, "td.right").length, score = this.element.querySelector(".score");
    score.hidden = !document.body.classList.contains("practice");
    score.textContent = this.answers === null ? "There is nothing to check against here." : asked ? `${right} right, ${asked} to be filled in` : `all done, ${right} right`;
  }
}

// ---------- the page ----------
const parts = all(document, ".part").map((element) => new Part(element));
const [output, input, practice] = ["select[name=output]", "select[name=input]", "input[name=practice]"].map((what) => document.querySelector(what));
const current = () => parts.find((part) => part.element.dataset.output === output.value);
const remember = () => {
  const state = new URLSearchParams({ output: output.value, input: input.value, step: current().step });
  if (practice.checked) state.set("practice", "1");
  try { history.replaceState(null, "", `#${state}`); } catch { /* a page in a frame may not */ }
};
const refresh = (step, moving = false) => {
  for (const part of parts) part.element.hidden = part !== current();
  for (const one of all(document, "[data-input]")) one.classList.toggle("other", one.dataset.input !== input.value);
  current().show(step, moving);
  remember();
};
const go = (step) => refresh(step, step === current().step + 1);
const practise = () => {
  document.body.classList.toggle("practice", practice.checked);
  parts.forEach((part) => part.practise(practice.checked));
  refresh(practice.checked ? current().steps.length : current().step);
};

document.body.classList.add("stepping");
for (const part of parts) {
  const on = (what, step) => part.element.querySelector(what).addEventListener("click", () => go(step(part)));
  on(".first", () => 0); on(".previous", (one) => one.step - 1); on(".next", (one) => one.step + 1); on(".last", (one) => one.steps.length);
  part.slider.addEventListener("input", () => go(Number(part.slider.value)));
}
output.addEventListener("change", () => refresh(current().step));
input.addEventListener("change", () => refresh(current().step));
practice.addEventListener("change", practise);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("td input, select, input[type=range]")) return;
  const step = { ArrowLeft: current().step - 1, ArrowRight: current().step + 1, Home: 0, End: current().steps.length }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  go(step);
});
const choose = (select, value) => { if (value !== null && [...select.options].some((option) => option.value === value)) select.value = value; };
const open = () => {
  const state = new URLSearchParams(location.hash.slice(1));
  choose(output, state.get("output")); choose(input, state.get("input"));
  practice.checked = state.get("practice") === "1";
  if (practice.checked) practise();
  refresh(Number(state.get("step")) || 0);
};
window.addEventListener("hashchange", open);
open();
