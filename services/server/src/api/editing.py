"""Pages of the admin that save unchanged what the API can hold."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models


class LinesField(forms.CharField):
    """A text of several lines: a browser ends each by CR LF, whatever the stored one has."""

    stored = ""

    def to_python(self, value):
        if isinstance(value, str) and lines(value) == lines(self.stored):
            return self.stored
        return super().to_python(lines(value) if isinstance(value, str) else value)


class EditingForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, LinesField):
                field.stored = self.initial.get(name) or ""


class EditingAdmin(admin.ModelAdmin):
    """Keeps the line breaks of texts, and lets a column that may be null stay so."""

    form = EditingForm

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if type(db_field) in {models.CharField, models.TextField} and not db_field.choices:
            kwargs |= {"form_class": LinesField, "widget": AdminTextareaWidget(attrs={"rows": 3})}
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.null:
            field.required = False
        return field


def lines(text):
    """A text whose lines end by LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
