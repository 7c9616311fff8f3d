"use strict";
(() => {
  // ---------- reading an answer: numbers and matrices, no more than arithmetic and elementary functions ----------
  const matrix = (rows) => ({ r: rows.length, c: rows[0].length, a: rows.flat() });
  const scalar = (x) => ({ r: 1, c: 1, a: [x] });
  const single = (m) => m.r === 1 && m.c === 1;
  const each = (m, f) => ({ r: m.r, c: m.c, a: m.a.map(f) });
  const fail = (why) => { throw new SyntaxError(why); };
  const both = (p, q, f) => {
    if (single(p) && !single(q)) return each(q, (y) => f(p.a[0], y));
    if (single(q)) return each(p, (x) => f(x, q.a[0]));
    if (p.r !== q.r || p.c !== q.c) fail("shapes differ");
    return { r: p.r, c: p.c, a: p.a.map((x, i) => f(x, q.a[i])) };
  };
  const add = (p, q) => both(p, q, (x, y) => x + y);
  const subtract = (p, q) => both(p, q, (x, y) => x - y);
  const elementwise = (p, q) => both(p, q, (x, y) => x * y);
  const multiply = (p, q) => {
    if (single(p) || single(q)) return elementwise(p, q);
    if (p.c !== q.r) fail("shapes do not fit");
    const a = [];
    for (let i = 0; i < p.r; i++) for (let j = 0; j < q.c; j++) {
      let sum = 0;
      for (let k = 0; k < p.c; k++) sum += p.a[i * p.c + k] * q.a[k * q.c + j];
      a.push(sum);
    }
    return { r: p.r, c: q.c, a };
  };
  const transpose = (m) => {
    const a = [];
    for (let j = 0; j < m.c; j++) for (let i = 0; i < m.r; i++) a.push(m.a[i * m.c + j]);
    return { r: m.c, c: m.r, a };
  };
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const FUNCTIONS = {
    exp: Math.exp, log: Math.log, ln: Math.log, sin: Math.sin, cos: Math.cos, tan: Math.tan, sqrt: Math.sqrt, cbrt: Math.cbrt,
    abs: Math.abs, sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, asin: Math.asin, arcsin: Math.asin, acos: Math.acos,
    arccos: Math.acos, atan: Math.atan, arctan: Math.atan, sigmoid, softplus: (x) => Math.log1p(Math.exp(x)),
    relu: (x) => Math.max(0, x), log2: Math.log2, log10: Math.log10, sec: (x) => 1 / Math.cos(x), cot: (x) => 1 / Math.tan(x),
  };
  const WHOLE = {
    norm: (m) => scalar(Math.sqrt(m.a.reduce((sum, x) => sum + x * x, 0))),
    sum: (m) => scalar(m.a.reduce((sum, x) => sum + x, 0)),
    transpose,
    diag: (m) => matrix(m.a.map((x, i) => m.a.map((_, j) => (i === j ? x : 0)))),
    tr: (m) => scalar(m.a.filter((_, i) => i % (m.c + 1) === 0).reduce((sum, x) => sum + x, 0)),
  };
  const GREEK = { σ: "sigma", ξ: "xi", θ: "theta", λ: "lambda_", μ: "mu", ω: "omega", α: "alpha", β: "beta", γ: "gamma", φ: "phi", ψ: "psi", ρ: "rho", η: "eta", δ: "delta" };
  const LOW = "₀₁₂₃₄₅₆₇₈₉₋", HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
  const ascii = (text, from) => [...text].map((c) => "0123456789-"[from.indexOf(c)]).join("");

  const normalised = (text) => text.normalize("NFD")
    .replace(/[−–]/g, "-").replace(/[·×⋅∙]/g, "*").replace(/÷/g, "/").replace(/∘|⊙|\.\*/g, "∘").replace(/[’´′]/g, "'")
    .replace(/[⁰¹²³⁴-⁹⁻]+/g, (found) => `^(${ascii(found, HIGH)})`).replace(/ᵀ|⊤/g, "^T")
    .replace(/[₀-₉₋]+/g, (found) => ascii(found, LOW))
    .replace(/[ασξθλμωβγφψρηδ]/g, (found) => GREEK[found])
    .replace(/([A-Za-z]+)([̄̇])_?(-?\d*)/g, (_, base, mark, index) => `${base}${index.replace("-", "m")}${mark === "̄" ? "_bar" : "_dot"}`)
    .replace(/\b([A-Za-z]+)_(\d+)/g, "$1$2").replace(/\bv-(\d)/g, "vm$1").replace(/\s+/g, " ");

  const tokens = (text) => {
    const found = [], pattern = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_][A-Za-z0-9_]*)|(\*\*|[-+*/^()[\],;@∘'.√]))/y;
    text = text.trimEnd();
    while (pattern.lastIndex < text.length) {
      const match = pattern.exec(text);
      if (!match) fail("this can't be read");
      found.push(match[1] !== undefined ? { number: match[1] } : match[2] !== undefined ? { name: match[2] } : { sign: match[3] });
      if (found.length > 400) fail("this is too long");
    }
    return found;
  };

  class Reader {
    constructor(text, known, functions) {
      this.tokens = tokens(normalised(text)); this.at = 0; this.known = known; this.functions = functions; this.depth = 0;
    }
    peek(...signs) { const token = this.tokens[this.at]; return token && signs.includes(token.sign) ? token.sign : ""; }
    take(...signs) { const sign = this.peek(...signs); if (sign) this.at++; return sign; }
    need(sign) { if (!this.take(sign)) fail(`there is no ${sign}`); }
    whole() {
      if (!this.tokens.length) fail("nothing is written");
      const value = this.sum();
      if (this.at < this.tokens.length) fail("this can't be read");
      return value;
    }
    sum() {
      if (++this.depth > 60) fail("this is nested too deeply");
      let value = this.take("-") ? each(this.product(), (x) => -x) : (this.take("+"), this.product());
      for (let sign; (sign = this.take("+", "-"));) value = sign === "+" ? add(value, this.product()) : subtract(value, this.product());
      this.depth--;
      return value;
    }
    product() {
      let value = this.power();
      for (;;) {
        const sign = this.take("*", "/", "@", "∘");
        if (sign === "/") { const under = this.signed(); value = both(value, under, (x, y) => x / y); }
        else if (sign === "∘") value = elementwise(value, this.signed());
        else if (sign) value = multiply(value, this.signed());
        else if (this.begins()) value = multiply(value, this.power());
        else return value;
      }
    }
    begins() { const token = this.tokens[this.at]; return token && (token.number !== undefined || token.name !== undefined || ["(", "[", "√"].includes(token.sign)); }
    signed() { return this.take("-") ? each(this.power(), (x) => -x) : this.power(); }
    power() {
      let value = this.atom();
      for (;;) {
        const next = this.tokens[this.at + 1];
        if (this.peek(".") && next && next.name === "T") { this.at += 2; value = transpose(value); }
        else if (this.peek("^") && next && next.name === "T") { this.at += 2; value = transpose(value); }
        else if (this.take("^", "**")) { const to = this.take("-") ? each(this.power(), (x) => -x) : this.power(); return both(value, to, (x, y) => x ** y); }
        else return value;
      }
    }
    atom() {
      const token = this.tokens[this.at++];
      if (!token) fail("something is missing at the end");
      if (token.number !== undefined) return scalar(Number(token.number));
      if (token.name !== undefined) return this.named(token.name);
      if (token.sign === "√") return each(this.atom(), Math.sqrt);
      if (token.sign === "(") { const value = this.sum(); this.need(")"); return value; }
      if (token.sign === "[") return this.matrix();
      return fail("this can't be read");
    }
    matrix() {
      const rows = [[]];
      do {
        if (this.take("[")) { const row = [this.sum()]; while (this.take(",")) row.push(this.sum()); this.need("]"); if (rows[rows.length - 1].length) rows.push([]); rows[rows.length - 1] = row; }
        else rows[rows.length - 1].push(this.sum());
        const sign = this.take(",", ";");
        if (sign === ";") rows.push([]);
        if (!sign) break;
      } while (true);
      this.need("]");
      const numbers = rows.map((row) => row.map((m) => (single(m) ? m.a[0] : fail("a matrix in a matrix"))));
      if (numbers.some((row) => row.length !== numbers[0].length)) fail("the rows are not of one length");
      return matrix(numbers);
    }
    named(name) {
      let primes = 0;
      while (this.take("'")) primes++;
      const called = Object.hasOwn(this.functions, name) ? FUNCTIONS[this.functions[name]] : Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : null;
      if (called && !Object.hasOwn(this.known, name)) return each(this.argument(), derivative(called, primes));
      if (Object.hasOwn(WHOLE, name) && !Object.hasOwn(this.known, name)) return WHOLE[name](this.argument());
      if (Object.hasOwn(this.known, name)) return this.known[name];
      if (name === "e") return scalar(Math.E);
      if (name === "pi" || name === "π") return scalar(Math.PI);
      return fail(`${name} is not known here`);
    }
    argument() { if (this.take("(")) { const value = this.sum(); this.need(")"); return value; } return this.power(); }
  }
  const derivative = (f, times) => {
    if (!times) return f;
    const g = derivative(f, times - 1), step = 1e-4;
    return (x) => (8 * (g(x + step) - g(x - step)) - (g(x + 2 * step) - g(x - 2 * step))) / (12 * step);
  };
  const close = (written, value, wanted) => {
    const target = Array.isArray(wanted) ? matrix(wanted) : scalar(wanted);
    if (value.r !== target.r || value.c !== target.c) return false;
    const places = /^\s*[-−]?\d+\.(\d{2,})\s*$/.exec(written);
    return value.a.every((x, i) => {
      const room = places ? 1.0001 * 10 ** -places[1].length : 1e-8 * Math.max(1, Math.abs(target.a[i]));
      return Number.isFinite(x) && Math.abs(x - target.a[i]) <= room;
    });
  };

  // ---------- one part of the page: an output with its graph, its rows and its steps ----------
  const all = (root, what) => [...root.querySelectorAll(what)];
  const words = (text) => (text ? text.split(" ") : []);

  class Part {
    constructor(element) {
      this.element = element;
      this.steps = all(element, ".steps > li");
      this.slider = element.querySelector("input[type=range]");
      this.where = element.querySelector(".where");
      this.rows = new Map(all(element, "tbody tr").map((row) => [row.dataset.place, row]));
      this.answers = JSON.parse(element.querySelector(".answers").textContent);
      this.solved = new Set();
      this.step = 0;
      for (const wire of all(element, ".graph .reverse path")) wire.setAttribute("pathLength", "1");
    }
    byId(id) { return this.element.querySelector(`#${CSS.escape(id)}`); }
    show(step, moving) {
      this.step = Math.max(0, Math.min(this.steps.length, step));
      const now = this.steps[this.step - 1];
      all(this.element, ".now, .used, .lit, .comes, .known").forEach((one) => one.classList.remove("now", "used", "lit", "comes", "known"));
      this.steps.slice(0, this.step).forEach((li) => this.reveal(li));
      if (now) this.light(now, moving);
      this.veil();
      this.slider.value = this.step;
      const forwards = this.steps.filter((li) => li.dataset.phase === "forward").length;
      const phase = !now ? "not begun" : now.dataset.phase === "forward" ? `forward ${this.step} of ${forwards}` : `reverse ${this.step - forwards} of ${this.steps.length - forwards}`;
      this.where.textContent = phase;
      this.slider.setAttribute("aria-valuetext", phase);
      this.element.querySelector(".previous").disabled = this.element.querySelector(".first").disabled = this.step === 0;
      this.element.querySelector(".next").disabled = this.element.querySelector(".last").disabled = this.step === this.steps.length;
    }
    reveal(li) {
      const reverse = li.dataset.phase === "reverse", circle = this.byId(li.dataset.circle), row = this.rows.get(li.dataset.place);
      for (const cell of all(row, reverse ? "td.adjoint" : "td.primal, td.tangent")) cell.classList.add("known");
      if (this.hides(li)) return;
      const single = circle && this.steps.filter((other) => other.dataset.circle === li.dataset.circle && other.dataset.phase === li.dataset.phase).pop() === li;
      if (circle && (single || !reverse)) all(circle, reverse ? ".note.adjoint" : ".note.primal").forEach((note) => note.classList.add("known"));
      if (!reverse) return;
      for (const id of words(li.dataset.wires)) {
        const wire = this.byId(id);
        all(wire, ".reverse").forEach((arrow) => arrow.classList.add("known"));
        for (const end of ["-sent", "-partial"]) this.byId(id + end)?.classList.add("known");
      }
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
    light(li, moving) {
      li.classList.add("now");
      const reverse = li.dataset.phase === "reverse";
      const circle = this.byId(li.dataset.circle);
      circle?.classList.add("now");
      this.rows.get(li.dataset.place).classList.add("now");
      for (const id of words(li.dataset.used)) this.byId(id)?.classList.add("used");
      for (const id of words(li.dataset.wires)) {
        this.byId(id)?.classList.add("lit");
        if (reverse && moving) { this.byId(id)?.classList.add("comes"); this.byId(id + "-sent")?.classList.add("comes"); }
        if (!reverse && !document.body.classList.contains("practice")) this.byId(id + "-partial")?.classList.add("known");
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
})();
