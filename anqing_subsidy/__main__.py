"""`python -m anqing_subsidy`."""

from anqing_subsidy.cli import main

if __name__ == "__main__":
    main()
