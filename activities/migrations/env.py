"""How Alembic runs here: on the connection, and in the transaction, that `migrate` gives it.

A new version is a new file under `versions/`; a test says what it still lacks.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
