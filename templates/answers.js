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
