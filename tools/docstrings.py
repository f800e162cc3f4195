"""Reads what docstrings say of parameters and attributes, as Pulumi's generated SDKs write them."""

import ast
import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple

_PARAMETER = re.compile(r"^:param (?P<type>.+?) (?P<name>\w+): (?P<text>(?:.|\n(?!:param ))+)", re.MULTILINE)


class Parameter(NamedTuple):
    """What a line `:param <type> <name>: <text>` says."""

    name: str
    type: str
    text: str


def parameters(function: Callable[..., Any]) -> list[Parameter]:
    """Return the parameters that a function's docstring describes."""
    found = _PARAMETER.finditer(inspect.getdoc(function) or "")
    return [Parameter(each["name"], each["type"], " ".join(each["text"].split())) for each in found]


def description(documented: object) -> str:
    """Return a docstring without its `:param` lines."""
    return (inspect.getdoc(documented) or "").partition("\n:param ")[0].rstrip()


def attribute_docs(class_: type) -> dict[str, str]:
    """Return the strings below the annotated attributes of a class, by name, each as one paragraph."""
    [definition] = ast.parse(inspect.cleandoc("\n" + inspect.getsource(class_))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 (for the type checker)
    docs = {}
    for attribute, below in zip(definition.body, definition.body[1:], strict=False):
        match attribute, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                docs[name] = " ".join(text.split())
    return docs
