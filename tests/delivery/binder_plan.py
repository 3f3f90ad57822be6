"""Print what repo2docker would do with a folder, as JSON; nothing is built.

A program of its own, because repo2docker looks into the working directory.
"""

import json
import os
import sys

from repo2docker.app import Repo2Docker


def main(folder: str) -> None:
    os.chdir(folder)
    app = Repo2Docker()
    for kind in app.buildpacks:
        pack = kind(base_image=app.base_image)
        pack.platform = "linux/amd64"
        if pack.detect():
            break
    else:
        sys.exit("repo2docker would not build this folder in a way of its own")
    base = [name for name in pack.get_build_script_files() if name.endswith(".lock")]
    plan = {
        "pack": type(pack).__name__,
        "python": pack.python_version,
        "base": base,
        "early": [command for _, command in pack.get_preassemble_scripts()],
        "late": [command for _, command in pack.get_assemble_scripts()],
        "last": pack.get_post_build_scripts(),
        "recipe": pack.render({"NB_UID": "1000", "NB_USER": "jovyan"}),
    }
    json.dump(plan, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
