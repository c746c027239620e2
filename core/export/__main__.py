"""`python -m core.export`."""

if __name__ == "__main__":
    from core.export.cli import main

    raise SystemExit(main())
