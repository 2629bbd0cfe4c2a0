"""Mappings from old to new models; each application lists its own as MAPPINGS in its module `mappings`."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, get_type_hints

from django.apps import apps
from django.core.management.base import CommandError
from django.db.models import Model
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class Mapping:
    """The import of one model's rows into another model.

    The function is called for each row: its parameters name the fields that it reads, and the fields of the named tuple
    that it returns are written. Without a function, all fields that both models have are copied unchanged.
    """

    old: type[Model]
    new: type[Model]
    function: Callable[..., Any] | None = None
    # Names of foreign keys that become NULL if they refer to a missing row; without this, the row is rejected.
    nullify: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the source table."""
        return self.old._meta.db_table

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The names of the fields that are read from the old model."""
        return tuple(inspect.signature(self.function).parameters) if self.function else self.writes

    @cached_property
    def writes(self) -> tuple[str, ...]:
        """The names of the fields that are written to the new model."""
        if self.function:
            return tuple(getattr(get_type_hints(self.function).get("return"), "_fields", ()))
        old = {field.attname for field in self.old._meta.concrete_fields}
        return tuple(field.attname for field in self.new._meta.concrete_fields if field.attname in old)

    @cached_property
    def fields(self) -> list[Any]:
        """The fields that are written to the new model."""
        return [field_of(self.new, name) for name in self.writes]


def field_of(model: type[Model], name: str) -> Any:
    """A field by its name, which may be `pk`. Raises FieldDoesNotExist."""
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def all_mappings() -> list[Mapping]:
    """All mappings, in the order of their declaration."""
    modules = [config.name for config in apps.get_app_configs() if module_has_submodule(config.module, "mappings")]
    return [mapping for name in modules for mapping in getattr(import_module(f"{name}.mappings"), "MAPPINGS", [])]


def select_mappings(names: Iterable[str]) -> list[Mapping]:
    """The mappings of the named source tables, or all mappings. Raises CommandError."""
    mappings, selected = all_mappings(), [*names]
    known = [mapping.name for mapping in mappings]
    for name in selected:
        if name not in known:
            raise CommandError(f"no mapping for table '{name}' - choose from: {', '.join(known)}")
    return [mapping for mapping in mappings if mapping.name in selected or not selected]
