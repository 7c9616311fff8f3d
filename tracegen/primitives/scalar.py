"""The rows for functions of numbers. A new operation is one row.

Sources of the partials: Griewank & Walther, "Evaluating Derivatives" (2008), table 2.3 and chapter 14 (kinks);
NIST Digital Library of Mathematical Functions, chapters 4 and 7.
"""

from __future__ import annotations

from tracegen.primitives.primitive import (
    ATOM,
    OPEN,
    POSITIVE,
    POWER,
    PRODUCT,
    REAL,
    SIGN,
    SUM,
    UNIT,
    Form,
    Kink,
    Primitive,
    Rule,
    scalar,
)  # fmt: skip

ZERO = Kink(lambda a: a == 0, "the derivative at 0 is taken as 0")
TIE = Kink(lambda a, b: a == b, "at a tie each operand gets half of the derivative")
JUMP = Kink(lambda a: a == 0, "it jumps at 0; the derivative is taken as 0")
CUT = Kink(
    lambda a, b: a == 0 and b < 0, "it jumps by 2π across the negative half-axis; the derivative is that along it"
)
JUMP_AT_0 = Kink(lambda a, b: a == 0, "it jumps at 0; the derivative is taken as 0")
JUMP_AT_TIE = Kink(lambda a, b: a == b, "it jumps at a tie; the derivative is taken as 0")
WHOLE = Kink(lambda a: a.is_integer(), "it jumps at whole numbers; the derivative is taken as 0")
WHOLE_PART = Kink(lambda a: a.is_integer(), "it jumps at whole numbers; the derivative is taken as 1")
WHOLE_BUT_0 = Kink(lambda a: a != 0 and a.is_integer(), "it jumps at whole numbers; the derivative is taken as 0")
HALF = Kink(lambda a: a % 1 == 0.5, "it jumps at halves; the derivative is taken as 0")
WHOLE_RATIO = Kink(
    lambda a, b: b != 0 and (a / b).is_integer(),
    "it jumps where the quotient is whole; the derivative is the one on the right",
)
AT_BOUND = Kink(
    lambda a, low, high: a in (low, high), "at a bound, the operand and the bound get half of the derivative each"
)


def comparison(name: str, relation: str, latex: str, unicode: str, *, also: str, value: Rule) -> Primitive:
    """A row that is 1 where a comparison holds, and 0 where it does not."""
    return scalar(
        name, value=value, partials=lambda f, y, a, b: (0, 0), kinks=(JUMP_AT_TIE,), domain=((-2.0, 0.0), (0.1, 2.0)),
        latex=rf"\mathbf{{{{1}}}}[{{0}} {latex} {{1}}]", text=f"Piecewise((1, {relation}({{0}}, {{1}})), (0, True))",
        unicode=f"1[{{0}} {unicode} {{1}}]", aliases=(relation, also), yields=True,
    )  # fmt: skip


# fmt: off
ROWS = (
    # arithmetic
    scalar("add", value=lambda f, a, b: a + b, partials=lambda f, y, a, b: (1, 1),
           latex=Form("{0} + {1}", SUM, (SUM, PRODUCT)), text=Form("{0} + {1}", SUM, (SUM, PRODUCT))),
    scalar("sub", value=lambda f, a, b: a - b, partials=lambda f, y, a, b: (1, -1), aliases=("subtract",),
           latex=Form("{0} - {1}", SUM, (SUM, PRODUCT)), text=Form("{0} - {1}", SUM, (SUM, PRODUCT)),
           unicode=Form("{0} − {1}", SUM, (SUM, PRODUCT))),
    scalar("mul", value=lambda f, a, b: a * b, partials=lambda f, y, a, b: (b, a), aliases=("multiply",),
           latex=Form("{0} {1}", PRODUCT, (PRODUCT, POWER)), text=Form("{0}*{1}", PRODUCT, (PRODUCT, POWER)),
           unicode=Form("{0}·{1}", PRODUCT, (PRODUCT, POWER))),
    scalar("div", value=lambda f, a, b: a / b, partials=lambda f, y, a, b: (1 / b, -a / b**2),
           aliases=("divide", "true_divide"), domain=(REAL, POSITIVE),
           latex=Form(r"\frac{{{0}}}{{{1}}}", POWER), text=Form("{0}/{1}", PRODUCT, (PRODUCT, POWER))),
    scalar("neg", value=lambda f, a: -a, partials=lambda f, y, a: (-1,), aliases=("negative",),
           latex=Form("-{0}", SIGN, (PRODUCT,)), text=Form("-{0}", SIGN, (PRODUCT,)),
           unicode=Form("−{0}", SIGN, (PRODUCT,))),
    scalar("pow", value=lambda f, a, b: a**b, partials=lambda f, y, a, b: (b * a ** (b - 1), y * f.log(a)),
           aliases=("power", "float_power"), domain=(POSITIVE, REAL),
           latex=Form("{0}^{{{1}}}", POWER, (ATOM, OPEN)), text=Form("{0}**{1}", POWER, (ATOM, ATOM)),
           unicode=Form("{0}^{1}", POWER, (ATOM, ATOM))),
    scalar("reciprocal", value=lambda f, a: 1 / a, partials=lambda f, y, a: (-1 / a**2,), domain=POSITIVE,
           latex=Form(r"\frac{{1}}{{{0}}}", POWER), text=Form("1/{0}", PRODUCT, (POWER,))),
    scalar("square", value=lambda f, a: a * a, partials=lambda f, y, a: (2 * a,),
           latex=Form("{0}^2", POWER, (ATOM,)), text=Form("{0}**2", POWER, (ATOM,)),
           unicode=Form("{0}²", POWER, (ATOM,))),
    # roots, exponentials, logarithms
    scalar("sqrt", value=lambda f, a: f.sqrt(a), partials=lambda f, y, a: (1 / (2 * y),), domain=POSITIVE,
           latex=r"\sqrt{{{0}}}", unicode=Form("√{0}", POWER, (ATOM,))),
    scalar("cbrt", value=lambda f, a: f.cbrt(a), partials=lambda f, y, a: (1 / (3 * y**2),), domain=POSITIVE,
           latex=r"\sqrt[3]{{{0}}}", unicode=Form("∛{0}", POWER, (ATOM,)),
           text=Form("sign({0})*Abs({0})**(1/3)", PRODUCT)),  # real from below 0, too
    scalar("exp", value=lambda f, a: f.exp(a), partials=lambda f, y, a: (y,), latex=r"\exp({0})"),
    scalar("expneg", value=lambda f, a: f.exp(-a), partials=lambda f, y, a: (-y,),
           latex=Form(r"\exp(-{0})", ATOM, (PRODUCT,)), text=Form("exp(-{0})", ATOM, (PRODUCT,)),
           unicode=Form("exp(−{0})", ATOM, (PRODUCT,))),
    scalar("exp2", value=lambda f, a: f.exp2(a), partials=lambda f, y, a: (y * f.log(2),),
           latex=Form("2^{{{0}}}", POWER), text=Form("2**{0}", POWER, (ATOM,)), unicode=Form("2^{0}", POWER, (ATOM,))),
    scalar("expm1", value=lambda f, a: f.expm1(a), partials=lambda f, y, a: (f.exp(a),),
           text=Form("exp({0}) - 1", SUM), unicode="expm1({0})"),
    scalar("log", value=lambda f, a: f.log(a), partials=lambda f, y, a: (1 / a,), domain=POSITIVE,
           latex=r"\log({0})", aliases=("ln",)),
    scalar("log2", value=lambda f, a: f.log2(a), partials=lambda f, y, a: (1 / (a * f.log(2)),), domain=POSITIVE,
           latex=r"\log_{{2}}({0})", text="log({0}, 2)", unicode="log₂({0})"),
    scalar("log10", value=lambda f, a: f.log10(a), partials=lambda f, y, a: (1 / (a * f.log(10)),), domain=POSITIVE,
           latex=r"\log_{{10}}({0})", text="log({0}, 10)", unicode="log₁₀({0})", aliases=("lg",)),
    scalar("log1p", value=lambda f, a: f.log1p(a), partials=lambda f, y, a: (1 / (1 + a),), domain=UNIT,
           text=Form("log(1 + {0})", ATOM, (PRODUCT,)), unicode="log1p({0})"),
    # trigonometric functions and their inverses
    scalar("sin", value=lambda f, a: f.sin(a), partials=lambda f, y, a: (f.cos(a),), latex=r"\sin({0})"),
    scalar("cos", value=lambda f, a: f.cos(a), partials=lambda f, y, a: (-f.sin(a),), latex=r"\cos({0})"),
    scalar("tan", value=lambda f, a: f.tan(a), partials=lambda f, y, a: (1 + y**2,), latex=r"\tan({0})",
           domain=(-1.2, 1.2)),
    scalar("cot", value=lambda f, a: 1 / f.tan(a), partials=lambda f, y, a: (-(1 + y**2),), latex=r"\cot({0})",
           domain=(0.4, 2.7)),
    scalar("sec", value=lambda f, a: 1 / f.cos(a), partials=lambda f, y, a: (y * f.tan(a),), latex=r"\sec({0})",
           domain=(-1.2, 1.2)),
    scalar("csc", value=lambda f, a: 1 / f.sin(a), partials=lambda f, y, a: (-y * f.cot(a),), latex=r"\csc({0})",
           domain=(0.4, 2.7)),
    scalar("asin", value=lambda f, a: f.asin(a), partials=lambda f, y, a: (1 / f.sqrt(1 - a**2),), domain=UNIT,
           latex=r"\arcsin({0})", unicode="arcsin({0})", aliases=("arcsin",)),
    scalar("acos", value=lambda f, a: f.acos(a), partials=lambda f, y, a: (-1 / f.sqrt(1 - a**2),), domain=UNIT,
           latex=r"\arccos({0})", unicode="arccos({0})", aliases=("arccos",)),
    scalar("atan", value=lambda f, a: f.atan(a), partials=lambda f, y, a: (1 / (1 + a**2),),
           latex=r"\arctan({0})", unicode="arctan({0})", aliases=("arctan",)),
    scalar("acot", value=lambda f, a: f.atan(1 / a), partials=lambda f, y, a: (-1 / (1 + a**2),), domain=POSITIVE,
           latex=r"\operatorname{{arccot}}({0})", unicode="arccot({0})", aliases=("arccot",)),
    scalar("asec", value=lambda f, a: f.acos(1 / a), partials=lambda f, y, a: (1 / (f.abs(a) * f.sqrt(a**2 - 1)),),
           domain=(1.2, 3.0), latex=r"\operatorname{{arcsec}}({0})", unicode="arcsec({0})", aliases=("arcsec",)),
    scalar("acsc", value=lambda f, a: f.asin(1 / a), partials=lambda f, y, a: (-1 / (f.abs(a) * f.sqrt(a**2 - 1)),),
           domain=(1.2, 3.0), latex=r"\operatorname{{arccsc}}({0})", unicode="arccsc({0})", aliases=("arccsc",)),
    scalar("atan2", value=lambda f, a, b: f.atan2(a, b),
           partials=lambda f, y, a, b: (b / (a**2 + b**2), -a / (a**2 + b**2)), domain=POSITIVE, kinks=(CUT,),
           latex=r"\operatorname{{atan2}}({0}, {1})", aliases=("arctan2",)),
    # hyperbolic functions and their inverses
    scalar("sinh", value=lambda f, a: f.sinh(a), partials=lambda f, y, a: (f.cosh(a),), latex=r"\sinh({0})"),
    scalar("cosh", value=lambda f, a: f.cosh(a), partials=lambda f, y, a: (f.sinh(a),), latex=r"\cosh({0})"),
    scalar("tanh", value=lambda f, a: f.tanh(a), partials=lambda f, y, a: (1 - y**2,), latex=r"\tanh({0})"),
    scalar("coth", value=lambda f, a: 1 / f.tanh(a), partials=lambda f, y, a: (1 - y**2,), latex=r"\coth({0})",
           domain=POSITIVE),
    scalar("sech", value=lambda f, a: 1 / f.cosh(a), partials=lambda f, y, a: (-y * f.tanh(a),),
           latex=r"\operatorname{{sech}}({0})"),
    scalar("csch", value=lambda f, a: 1 / f.sinh(a), partials=lambda f, y, a: (-y * f.coth(a),), domain=POSITIVE,
           latex=r"\operatorname{{csch}}({0})"),
    scalar("asinh", value=lambda f, a: f.asinh(a), partials=lambda f, y, a: (1 / f.sqrt(a**2 + 1),),
           latex=r"\operatorname{{arsinh}}({0})", unicode="arsinh({0})", aliases=("arcsinh", "arsinh")),
    scalar("acosh", value=lambda f, a: f.acosh(a), partials=lambda f, y, a: (1 / f.sqrt(a**2 - 1),),
           domain=(1.2, 3.0), latex=r"\operatorname{{arcosh}}({0})", unicode="arcosh({0})",
           aliases=("arccosh", "arcosh")),
    scalar("atanh", value=lambda f, a: f.atanh(a), partials=lambda f, y, a: (1 / (1 - a**2),), domain=UNIT,
           latex=r"\operatorname{{artanh}}({0})", unicode="artanh({0})", aliases=("arctanh", "artanh")),
    scalar("acoth", value=lambda f, a: f.atanh(1 / a), partials=lambda f, y, a: (1 / (1 - a**2),), domain=(1.2, 3.0),
           latex=r"\operatorname{{arcoth}}({0})", unicode="arcoth({0})", aliases=("arccoth", "arcoth")),
    scalar("asech", value=lambda f, a: f.acosh(1 / a), partials=lambda f, y, a: (-1 / (a * f.sqrt(1 - a**2)),),
           domain=(0.2, 0.8), latex=r"\operatorname{{arsech}}({0})", unicode="arsech({0})",
           aliases=("arcsech", "arsech")),
    scalar("acsch", value=lambda f, a: f.asinh(1 / a), partials=lambda f, y, a: (-1 / (f.abs(a) * f.sqrt(1 + a**2)),),
           domain=POSITIVE, latex=r"\operatorname{{arcsch}}({0})", unicode="arcsch({0})",
           aliases=("arccsch", "arcsch")),
    # functions of neural networks and of statistics
    scalar("sigmoid", value=lambda f, a: 1 / (1 + f.exp(-a)), partials=lambda f, y, a: (y * (1 - y),),
           aliases=("logistic", "expit"), latex=r"\operatorname{{sigmoid}}({0})",
           text=Form("1/(1 + exp(-{0}))", PRODUCT, (PRODUCT,)), unicode="sigmoid({0})"),
    scalar("softplus", value=lambda f, a: f.log(1 + f.exp(a)), partials=lambda f, y, a: (f.sigmoid(a),),
           text="log(1 + exp({0}))", unicode="softplus({0})"),
    scalar("relu", value=lambda f, a: f.max(a, 0), partials=lambda f, y, a: (f.step(a),), kinks=(ZERO,),
           domain=(0.2, 2.0), text="Max({0}, 0)", unicode="relu({0})"),
    scalar("step", value=lambda f, a: (1 + f.sign(a)) * f.abs(f.sign(a)) / 2, partials=lambda f, y, a: (0,),
           kinks=(JUMP,), domain=POSITIVE, latex=r"\mathbf{{1}}[{0} > 0]", text="Heaviside({0}, 0)",
           unicode="1[{0} > 0]"),
    scalar("abs", value=lambda f, a: f.abs(a), partials=lambda f, y, a: (f.sign(a),), kinks=(ZERO,), domain=POSITIVE,
           latex=r"\lvert {0} \rvert", text="Abs({0})", unicode="|{0}|", aliases=("absolute", "fabs")),
    scalar("sign", value=lambda f, a: f.sign(a), partials=lambda f, y, a: (0,), kinks=(JUMP,), domain=POSITIVE,
           latex=r"\operatorname{{sign}}({0})", aliases=("sgn",)),
    scalar("min", value=lambda f, a, b: f.min(a, b), domain=((-2.0, 0.0), (0.1, 2.0)),
           partials=lambda f, y, a, b: ((1 - f.sign(a - b)) / 2, (1 + f.sign(a - b)) / 2), kinks=(TIE,),
           latex=r"\min({0}, {1})", text="Min({0}, {1})", unicode="min({0}, {1})", aliases=("minimum", "fmin")),
    scalar("max", value=lambda f, a, b: f.max(a, b), domain=((-2.0, 0.0), (0.1, 2.0)),
           partials=lambda f, y, a, b: ((1 + f.sign(a - b)) / 2, (1 - f.sign(a - b)) / 2), kinks=(TIE,),
           latex=r"\max({0}, {1})", text="Max({0}, {1})", unicode="max({0}, {1})", aliases=("maximum", "fmax")),
    scalar("erf", value=lambda f, a: f.erf(a), partials=lambda f, y, a: (2 / f.sqrt(f.pi()) * f.exp(-(a**2)),),
           latex=r"\operatorname{{erf}}({0})"),
    scalar("hypot", value=lambda f, a, b: f.sqrt(a**2 + b**2), partials=lambda f, y, a, b: (a / y, b / y),
           domain=POSITIVE, latex=r"\operatorname{{hypot}}({0}, {1})",
           text=Form("sqrt({0}**2 + {1}**2)", ATOM, (ATOM,)), unicode="hypot({0}, {1})"),
    scalar("erfc", value=lambda f, a: f.erfc(a), partials=lambda f, y, a: (-2 / f.sqrt(f.pi()) * f.exp(-(a**2)),),
           latex=r"\operatorname{{erfc}}({0})", yields=True),
    scalar("sinc", value=lambda f, a: (f.sin(a) + f.equal(a, 0)) / (a + f.equal(a, 0)),
           partials=lambda f, y, a: (f.dsinc(a),), yields=True),
    scalar("dsinc", value=lambda f, a: (f.cos(a) - f.sinc(a)) / (a + f.equal(a, 0)), domain=POSITIVE,
           partials=lambda f, y, a: (2 * f.equal(a, 0) / 3 - f.sinc(a) - 2 * y / (a + f.equal(a, 0)),),
           latex=r"\operatorname{{sinc}}'({0})", unicode="sinc′({0})", yields=True,
           text="Piecewise((0, Eq({0}, 0)), (cos({0})/({0}) - sinc({0})/({0}), True))"),
    scalar("logaddexp", value=lambda f, a, b: f.max(a, b) + f.log1p(f.exp(-f.abs(a - b))), yields=True,
           partials=lambda f, y, a, b: (f.sigmoid(a - b), f.sigmoid(b - a)), text="log(exp({0}) + exp({1}))",
           unicode="logaddexp({0}, {1})"),
    scalar("xlogy", value=lambda f, a, b: a * f.log(b + f.equal(a, 0)), partials=lambda f, y, a, b: (f.log(b), a / b),
           domain=POSITIVE, text=Form("{0}*log({1} + Piecewise((1, Eq({0}, 0)), (0, True)))", PRODUCT, (POWER, SUM)),
           unicode="xlogy({0}, {1})", yields=True),
    scalar("log_base", value=lambda f, a, b: f.log(a) / f.log(b), domain=((0.3, 2.5), (1.5, 3.0)),
           partials=lambda f, y, a, b: (1 / (a * f.log(b)), -y / (b * f.log(b))),
           latex=Form(r"\log_{{{1}}}({0})"), text="log({0}, {1})", unicode="log({0}, {1})", yields=True),
    # whole numbers and remainders
    scalar("floor", value=lambda f, a: f.floor(a), partials=lambda f, y, a: (0,), kinks=(WHOLE,), domain=(0.1, 0.9),
           latex=r"\lfloor {0} \rfloor", unicode="⌊{0}⌋", yields=True),
    scalar("ceil", value=lambda f, a: -f.floor(-a), partials=lambda f, y, a: (0,), kinks=(WHOLE,), domain=(0.1, 0.9),
           latex=r"\lceil {0} \rceil", text="ceiling({0})", unicode="⌈{0}⌉", aliases=("ceiling",), yields=True),
    scalar("round", value=lambda f, a: f.ceil((2 * a - 1) / 4) + f.floor((2 * a + 1) / 4), kinks=(HALF,),
           partials=lambda f, y, a: (0,), domain=(-0.4, 0.4), unicode="round({0})", aliases=("rint",), yields=True,
           text=Form("ceiling((2*{0} - 1)/4) + floor((2*{0} + 1)/4)", SUM, (POWER,))),  # halves to even ones
    scalar("trunc", value=lambda f, a: f.sign(a) * f.floor(f.abs(a)), kinks=(WHOLE_BUT_0,),
           partials=lambda f, y, a: (0,), domain=(0.1, 0.9), text=Form("sign({0})*floor(Abs({0}))", PRODUCT),
           unicode="trunc({0})",
           aliases=("fix",), yields=True),
    scalar("frac", value=lambda f, a: a - f.floor(a), partials=lambda f, y, a: (1,), kinks=(WHOLE_PART,),
           domain=(0.1, 0.9), yields=True),
    scalar("mod", value=lambda f, a, b: a - b * f.floor(a / b), domain=((2.5, 2.8), (1.0, 1.2)), kinks=(WHOLE_RATIO,),
           partials=lambda f, y, a, b: (1, -f.floor(a / b)), text="Mod({0}, {1})", unicode="mod({0}, {1})",
           aliases=("remainder",), yields=True),
    scalar("floordiv", value=lambda f, a, b: f.floor(a / b), domain=((2.5, 2.8), (1.0, 1.2)), kinks=(WHOLE_RATIO,),
           partials=lambda f, y, a, b: (0, 0), latex=r"\lfloor {0} / {1} \rfloor",
           text=Form("floor({0}/{1})", ATOM, (PRODUCT, POWER)), unicode=Form("⌊{0}/{1}⌋", ATOM, (PRODUCT, POWER)),
           aliases=("floor_divide",), yields=True),
    # comparisons, and what is chosen by them
    comparison("greater", "Gt", ">", ">", also="StrictGreaterThan", value=lambda f, a, b: f.step(a - b)),
    comparison("less", "Lt", "<", "<", also="StrictLessThan", value=lambda f, a, b: f.step(b - a)),
    comparison("greater_equal", "Ge", r"\ge", "≥", also="GreaterThan", value=lambda f, a, b: 1 - f.step(b - a)),
    comparison("less_equal", "Le", r"\le", "≤", also="LessThan", value=lambda f, a, b: 1 - f.step(a - b)),
    comparison("equal", "Eq", "=", "=", also="Equality", value=lambda f, a, b: 1 - f.abs(f.sign(a - b))),
    comparison("not_equal", "Ne", r"\ne", "≠", also="Unequality", value=lambda f, a, b: f.abs(f.sign(a - b))),
    scalar("where", value=lambda f, c, a, b: f.where(c, a, b),
           partials=lambda f, y, c, a, b: (0, f.not_equal(c, 0), f.equal(c, 0)),
           domain=(POSITIVE, REAL, REAL), text="Piecewise(({1}, Ne({0}, 0)), ({2}, True))",
           unicode="where({0}, {1}, {2})", yields=True),
    scalar("clip", value=lambda f, a, low, high: f.min(f.max(a, low), high), kinks=(AT_BOUND,),
           partials=lambda f, y, a, low, high: (
               (1 + f.sign(a - low)) * (1 + f.sign(high - a)) / 4,
               (1 - f.sign(a - low)) * (1 + f.sign(high - low)) / 4,
               (1 - f.sign(high - f.max(a, low))) / 2),
           domain=((-0.5, 0.5), (-2.0, -1.0), (1.0, 2.0)), text="Min(Max({0}, {1}), {2})",
           unicode="clip({0}, {1}, {2})", aliases=("clamp",), yields=True),
    scalar("heaviside", value=lambda f, a, b: f.where(f.equal(a, 0), b, f.step(a)), kinks=(JUMP_AT_0,),
           partials=lambda f, y, a, b: (0, f.equal(a, 0)),
           domain=POSITIVE, latex=r"\operatorname{{heaviside}}({0}, {1})",
           text="Heaviside({0}, {1})", unicode="heaviside({0}, {1})"),
)
# fmt: on
