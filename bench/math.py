"""`make bench-math`: the benchmark is in `bench/formulas.py`, this file only has its name.

It is the name of a standard module, too, and a script's folder comes first where Python looks for modules: whoever
imports `math` in a benchmark finds this file, and is handed the standard one.
"""

import sys
from importlib import import_module

if __name__ == "math":
    folder = sys.path.pop(0)
    del sys.modules["math"]
    sys.modules["math"] = import_module("math")
    sys.path.insert(0, folder)
else:
    from bench.formulas import main

    if __name__ == "__main__":
        raise SystemExit(main())
