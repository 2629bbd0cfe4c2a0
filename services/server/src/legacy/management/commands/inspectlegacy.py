"""Write models to begin with, for what is in the older database and for what is to become of it."""

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
    help = "Write models to begin with: Old ones for the older database, New ones for what becomes of them."
    prefix = "Old"

    def add_arguments(self, parser):
        parser.add_argument("table", nargs="*", help="tables of the older database, instead of all")

    def handle(self, **options):
        options |= {"database": LEGACY, "include_partitions": False, "include_views": False}
        options["table_name_filter"] = lambda name: name not in OF_RAILS
        with connections[LEGACY].cursor() as cursor:
            tables = {*connections[LEGACY].introspection.table_names(cursor)} - OF_RAILS
        self.stdout.write('"""Models to begin with: read them, and correct what is only guessed."""\n')
        lines = [line for line in self.handle_inspection(options) if not line.startswith("#")]
        self.stdout.write("\n".join(lines))
        self.prefix = "New"
        lines = [line for line in self.handle_inspection(options) if not line.startswith(("#", "from"))]
        self.stdout.write("\n".join(new_side(lines, tables)))
        self.stdout.write("\n\n# mappings.py, what is referred to first:")
        for name in in_order(lines, options["table"] or tables):
            self.stdout.write(f"#    Mapping(models.Old{model_name(name)}, models.New{model_name(name)}),")

    def normalize_table_name(self, table_name):
        return f"{self.prefix}{model_name(table_name)}"


def new_side(lines, tables):
    """The lines as they are for tables that Django makes, with the foreign keys that the names of columns tell of."""
    names = {singular(table): table for table in tables}
    kept = [new_line(line, names) for line in lines if not (ONLY_OLD.match(line) or OWN_KEY.match(line))]
    return without_empty(kept)


def new_line(line, names):
    """One line of a new model."""
    if match := COMPOSITE.match(line):
        return f"    # Together they were the key: a UniqueConstraint of {match[1]} in Meta keeps that."
    if (match := REFERENCE.match(line)) and match[1] in names:
        options = f", {match[2]}" if match[2] else ""
        model = f"New{model_name(names[match[1]])}"
        return f'    {match[1]} = models.ForeignKey("{model}", models.PROTECT{options})  # proposed, by its name'
    return line


def without_empty(lines):
    """Leave out each Meta in which nothing is left, and give what has no field a body."""
    result = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line == "    class Meta:" and not following.startswith("        "):
            continue
        result.append(line)
        if line.startswith("class ") and not following.strip():
            result.append("    pass")
    return result


def in_order(lines, tables):
    """The tables, each after those that its columns refer to."""
    one_of = {singular(table): table for table in tables}
    current = ""
    parents: dict[str, set[str]] = {table: set() for table in tables}
    models = {f"New{model_name(table)}": table for table in tables}
    for line in lines:
        if match := re.match(r"class (\w+)\(", line):
            current = models.get(match[1], "")
        elif (match := REFERENCE.match(line)) and current and match[1] in one_of:
            parents[current].add(one_of[match[1]])
    done: list[str] = []
    while rest := [table for table in sorted(tables) if table not in done]:
        done.append(next((table for table in rest if parents[table] - {table} <= {*done}), rest[0]))
    return done
