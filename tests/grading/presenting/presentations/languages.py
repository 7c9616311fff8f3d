"""The words of a sheet, a row a language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """Words of headings, of heads of columns, and of remarks."""

    name: str
    primal: tuple[str, ...]
    tangent: tuple[str, ...]
    adjoint: tuple[str, ...]
    row: tuple[str, ...]
    rule: tuple[str, ...]
    value: tuple[str, ...]
    at: str
    remarks: tuple[str, ...]
    intro: tuple[str, ...]
    partial: str
    weight: float = 1


LANGUAGES = [
    Language(
        "English",
        ("Evaluation trace", "Forward pass", "Primal trace", "Forward evaluation"),
        ("Tangents", "Forward mode", "Forward derivative trace along {0}", "Derivatives with respect to {0}"),
        ("Adjoints", "Reverse mode", "Backward pass", "Backpropagation", "Reverse sweep"),
        ("row", "step", "variable", "node", "term", "name"),
        ("operation", "formula", "expression", "definition", "function", "built from"),
        ("value", "result", "numerical value", "amount", "number"),
        "at", ("by the chain rule", "product rule", "from above", "input"),
        ("Solution", "We compute the trace first.", "Here is my answer:"), "Local derivatives", 3,
    ),
    Language(
        "German",
        ("Vorwärtslauf", "Auswertung", "Primale Werte"),
        ("Tangenten", "Vorwärtsmodus", "Ableitungen nach {0}"),
        ("Adjungierte", "Rückwärtsmodus", "Rückwärtslauf"),
        ("Zeile", "Schritt", "Variable", "Knoten"),
        ("Operation", "Formel", "Ausdruck", "Rechnung"),
        ("Wert", "Ergebnis", "Zahl"),
        "bei", ("Kettenregel", "Produktregel", "siehe oben"),
        ("Lösung", "Zuerst die Werte."), "Lokale Ableitungen",
    ),
    Language(
        "Spanish",
        ("Evaluación", "Paso hacia adelante", "Traza primal"),
        ("Tangentes", "Modo directo", "Derivadas respecto de {0}"),
        ("Adjuntos", "Modo inverso", "Paso hacia atrás"),
        ("fila", "paso", "variable", "nodo"),
        ("operación", "fórmula", "expresión"),
        ("valor", "resultado", "número"),
        "en", ("regla de la cadena", "regla del producto"),
        ("Solución", "Primero los valores."), "Derivadas locales",
    ),
    Language(
        "Chinese",
        ("前向计算", "求值过程", "原始轨迹"),
        ("切线", "前向模式", "对 {0} 的导数"),
        ("伴随", "反向模式", "反向传播"),
        ("行", "步骤", "变量", "节点"),
        ("运算", "公式", "表达式"),
        ("值", "结果", "数值"),
        "在", ("链式法则", "乘积法则"),
        ("解", "先计算各行的值。"), "局部导数",
    ),
]  # fmt: skip
