"""Reads what docstrings say of parameters and attributes, as Pulumi's generated SDKs write them."""

import ast
import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple

_PARAMETER = re.compile(r"^:param (?P<type>.+?) (?P<name>\w+): (?P<text>(?:.|\n(?!:param ))+)", re.MULTILINE)


class Documented(NamedTuple):
    """A parameter or an attribute: what a line `:param <type> <name>: <text>` says, or a string below it."""

    name: str
    type: str
    text: str


def parameters(function: Callable[..., Any]) -> list[Documented]:
    """Return the parameters that a function's docstring describes."""
    found = _PARAMETER.finditer(inspect.getdoc(function) or "")
    return [Documented(each["name"], each["type"], " ".join(each["text"].split())) for each in found]


def description(documented: object) -> str:
    """Return a docstring without its `:param` lines."""
    return (inspect.getdoc(documented) or "").partition("\n:param ")[0].rstrip()


def attributes(class_: type) -> list[Documented]:
    """Return the annotated attributes of a class below which there is a string."""
    [definition] = ast.parse(inspect.getsource(class_)).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 (for the type checker)
    found = []
    for attribute, below in zip(definition.body, definition.body[1:], strict=False):
        match attribute, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name), annotation=type_),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found.append(Documented(name, ast.unparse(type_), " ".join(text.split())))
    return found
