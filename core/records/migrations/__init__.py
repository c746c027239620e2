"""How databases of earlier versions become current ones: Alembic's scripts, run at every start."""
