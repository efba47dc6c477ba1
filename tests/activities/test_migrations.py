"""The steps of the schema form one line: two with one number would each hide the other."""

from pathlib import Path

from alembic.script import ScriptDirectory

import activities


def test_migrations_are_one_chain_numbered_in_order() -> None:
    folder = Path(activities.__file__).parent / "migrations"
    chain = [step.revision for step in ScriptDirectory(str(folder)).walk_revisions()]
    files = sorted((folder / "versions").glob("[0-9]*.py"))

    assert list(reversed(chain)) == [file.name.partition("_")[0] for file in files]
