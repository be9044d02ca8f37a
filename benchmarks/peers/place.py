"""Where things are. Recordings and results live outside the repository: they are large, and two recordings cannot be compared."""
import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
TOOLS = HERE / "bin"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "remoteaccess"
CORPUS = CACHE / "corpus"
ASSETS = CACHE / "assets"
RESULTS = CACHE / "results"
SEQUENCES = ["term", "office", "report", "web", "desktop", "video", "photo", "editor"]
WIDTH, HEIGHT = 1920, 1080


def scratch():
    """For the snapshots of one run, some tens of megabytes: in memory, if the system has such a place."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
