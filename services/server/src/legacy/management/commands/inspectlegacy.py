"""Write a first version of the old models, the new models and the mappings of a legacy database."""

import re

from django.core.management.commands import inspectdb
from django.db import connections

from legacy.naming import model_name, singular
from legacy.router import LEGACY

OF_RAILS = {"ar_internal_metadata", "schema_migrations"}
REFERENCE = re.compile(r"^    (\w+)_id = models\.\w*IntegerField\((.*?)\)(  #.*)?$")
COMPOSITE = re.compile(r"^    pk = models\.CompositePrimaryKey\((.*)\)$")
ONLY_OLD = re.compile(r"^        (managed|db_table) = ")
OWN_KEY = re.compile(r"^    id = models\.\w+\(primary_key=True.*\)")


class Command(inspectdb.Command):
    help = (
        "Write a first version of models.py and mappings.py: Old models for the legacy tables, New ones to import into."
    )
    prefix = "Old"

    def add_arguments(self, parser):
        parser.add_argument("table", nargs="*", help="only these tables of the legacy database")

    def handle(self, **options):
        options |= {"database": LEGACY, "include_partitions": False, "include_views": False}
        options["table_name_filter"] = lambda name: name not in OF_RAILS
        with connections[LEGACY].cursor() as cursor:
            tables = {*connections[LEGACY].introspection.table_names(cursor)} - OF_RAILS
        self.stdout.write('"""A first version of the models: review every line, foreign keys are guesses."""\n')
        lines = [line for line in self.handle_inspection(options) if not line.startswith("#")]
        self.stdout.write("\n".join(lines))
        self.prefix = "New"
        lines = [line for line in self.handle_inspection(options) if not line.startswith(("#", "from"))]
        self.stdout.write("\n".join(new_models(lines, tables)))
        self.stdout.write("\n\n# mappings.py, parents first:")
        for name in parents_first(lines, options["table"] or tables):
            self.stdout.write(f"#    Mapping(models.Old{model_name(name)}, models.New{model_name(name)}),")

    def normalize_table_name(self, table_name):
        return f"{self.prefix}{model_name(table_name)}"


def new_models(lines, tables):
    """The lines of models that Django manages, with foreign keys where column names suggest them."""
    names = {singular(table): table for table in tables}
    return without_empty([new_line(line, names) for line in lines if not (ONLY_OLD.match(line) or OWN_KEY.match(line))])


def new_line(line, names):
    """One line of a new model."""
    if match := COMPOSITE.match(line):
        return f"    # These were the composite key; add a UniqueConstraint of them to Meta: {match[1]}"
    if (match := REFERENCE.match(line)) and match[1] in names:
        options = f", {match[2]}" if match[2] else ""
        model = f"New{model_name(names[match[1]])}"
        return f'    {match[1]} = models.ForeignKey("{model}", models.PROTECT{options})  # guessed from its name'
    return line


def without_empty(lines):
    """The lines without any empty Meta; a class without fields gets a body."""
    result = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line == "    class Meta:" and not following.startswith("        "):
            continue
        result.append(line)
        if line.startswith("class ") and not following.strip():
            result.append("    pass")
    return result


def parents_first(lines, tables):
    """The tables, each after those that its columns refer to."""
    table_of = {singular(table): table for table in tables}
    current = ""
    parents: dict[str, set[str]] = {table: set() for table in tables}
    models = {f"New{model_name(table)}": table for table in tables}
    for line in lines:
        if match := re.match(r"class (\w+)\(", line):
            current = models.get(match[1], "")
        elif (match := REFERENCE.match(line)) and current and match[1] in table_of:
            parents[current].add(table_of[match[1]])
    ordered: list[str] = []
    while rest := [table for table in sorted(tables) if table not in ordered]:
        ordered.append(next((table for table in rest if parents[table] - {table} <= {*ordered}), rest[0]))
    return ordered
