"""What the suite leaves out where torch is not installed: training's own modules, which need it to be imported."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["training/net.py", "training/train.py", "training/export.py"]
