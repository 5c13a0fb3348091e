"""Install zyz from this folder, without internet: `python install.py [FOLDER]`. Standard library only."""

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST, NEWEST = (3, 11), (3, 13)


def main() -> int:
    """Make a virtual environment in FOLDER (default: `zyz` in the user's home) and fill it from `wheels/`."""
    for stream in (sys.stdout, sys.stderr):  # a console that lacks a character shows a mark in its place
        stream.reconfigure(errors="replace")
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        print(f"这个 Python 是 {sys.version.split()[0]}，需要 3.11、3.12 或 3.13。", file=sys.stderr)
        return 1
    target = Path(sys.argv[1] if len(sys.argv) > 1 else Path.home() / "zyz").resolve()
    print(f"安装到 {target} ……")
    venv.create(target, with_pip=True, clear=False)
    scripts = target / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [scripts / ("python.exe" if sys.platform == "win32" else "python"), "-m", "pip", "install", "--no-index"]
    [own] = (HERE / "wheels").glob("xiangning_zyz-*.whl")
    words = ["--find-links", HERE / "wheels", "--require-hashes", "-r", HERE / "requirements.lock"]
    for each in (words, ["--no-deps", "--force-reinstall", own]):
        done = subprocess.run([*map(str, pip), *map(str, each)], check=False)
        if done.returncode:
            print("安装没有完成，请把上面的提示发给维护人员。", file=sys.stderr)
            return 1
    print(f"安装完成。试一试：{scripts / 'zyz'} demo")
    return 0


if __name__ == "__main__":
    sys.exit(main())
