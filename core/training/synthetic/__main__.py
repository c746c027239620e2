"""`python -m core.training.synthetic`."""

from core.training.synthetic.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
