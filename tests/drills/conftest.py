"""A PostgreSQL server for the drills that need one."""

from tests.support.databases import postgresql

__all__ = ["postgresql"]
