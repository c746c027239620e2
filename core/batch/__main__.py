"""`python -m core.batch`."""

if __name__ == "__main__":
    from core.batch.cli import main

    raise SystemExit(main())
