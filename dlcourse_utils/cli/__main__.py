"""`python -m dlcourse_utils.cli` is `dlcourse`, also where scripts are not on the PATH."""

from . import main

main(prog_name="dlcourse")
