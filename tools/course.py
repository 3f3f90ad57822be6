"""Open the course in JupyterLab, on this computer only.

What ``make course`` runs. Without make, on any system::

    python3 tools/course.py
    py -3 tools/course.py

The first start installs what the student needs into ``.venv``; later ones
start at once. JupyterLab keeps its settings in ``build/jupyter``, so that the
reader's own Jupyter is neither read nor changed.
"""

import argparse
import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import webbrowser

import environment  # the first to look at the version of Python: keep the lines above plain

FIRST_LESSON = "lessons/00-start-here.ipynb"
ADDRESS = "127.0.0.1"
LARGEST_PORT = 65535
PATIENCE = 180
"""Seconds that JupyterLab may take to answer: a cold disk is slow."""
LEAVE = 15
"""Seconds that JupyterLab may take to close its kernels."""

DEFAULTS = {
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": False,
        "fetchNews": "false",
    },
}
"""JupyterLab asks at its first start whether to fetch news; the course answers no."""


def is_free(port: int) -> bool:
    """Return whether a program could listen on a port of this computer."""
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def free_port(taken: int) -> int:
    """Return a free port, near the one that is taken where possible."""
    near = range(taken + 1, min(taken + 50, LARGEST_PORT + 1))
    for port in near:
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port = probe.getsockname()[1]
    return int(port)


def port_number(text: str) -> int:
    """Read a port from the command line."""
    if not (text.isdecimal() and 0 < int(text) <= LARGEST_PORT):
        raise argparse.ArgumentTypeError(
            f"a port is a number from 1 to {LARGEST_PORT}, such as 8890, not {text!r}"
        )
    return int(text)


def check_port(port: int) -> None:
    """Stop with one clear line where the port is taken."""
    if not is_free(port):
        other = free_port(port)
        raise environment.SetUpError(
            f"Port {port} is in use, perhaps by a course that is already open. Close that one, or "
            f"choose another port: `make course PORT={other}`, without make "
            f"`tools/course.py --port {other}`."
        )


def check_lesson(checkout: environment.Checkout) -> None:
    """Stop with one clear line where the first lesson is missing."""
    if not (checkout.root / FIRST_LESSON).is_file():
        raise environment.SetUpError(
            f"{FIRST_LESSON} is missing. Bring it back with `git checkout -- lessons`, "
            "or clone the course again."
        )


def settings(checkout: environment.Checkout, token: str) -> dict[str, str]:
    """Return the environment variables of the server, and write JupyterLab's defaults."""
    own = checkout.root / "build" / "jupyter"
    own.mkdir(parents=True, exist_ok=True)
    defaults = checkout.venv / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    text = json.dumps(DEFAULTS, indent=2) + "\n"
    if not defaults.is_file() or defaults.read_text("utf-8") != text:
        defaults.parent.mkdir(parents=True, exist_ok=True)
        defaults.write_text(text, "utf-8")
    return environment.course_environment(checkout) | {
        "IPYTHONDIR": str(own / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTER_TOKEN": token,
    }


def command(checkout: environment.Checkout, port: int) -> list[str]:
    """Return the command that starts JupyterLab."""
    words = [str(checkout.python), "-m", "jupyterlab", "--no-browser", f"--ip={ADDRESS}"]
    words += [f"--port={port}", "--ServerApp.port_retries=0"]
    words += [f"--ServerApp.root_dir={checkout.root}"]
    if os.name == "posix" and os.geteuid() == 0:
        words.append("--allow-root")
    return words


def ask(port: int, path: str, token: str, method: str = "GET") -> int | None:
    """Send one request to the server and return the status, or None without an answer."""
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=5)
    try:
        connection.request(method, path, headers={"Authorization": f"token {token}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def wait_until_up(server: subprocess.Popen[bytes], port: int, token: str, log: str) -> None:
    """Wait until the server answers.

    Parameters
    ----------
    server
        The running JupyterLab.
    port
        Where it listens.
    token
        The password of this start.
    log
        Where it writes, for the message.

    Raises
    ------
    environment.SetUpError
        If it stops, or does not answer in time.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if ask(port, "/api/status", token) == http.HTTPStatus.OK:
            return
        if server.poll() is not None:
            raise environment.SetUpError(
                f"JupyterLab stopped before it was ready. Why: see {log}. If that does not help, "
                "delete the folder .venv and start again."
            )
        time.sleep(0.1)
    raise environment.SetUpError(
        f"JupyterLab did not answer within {PATIENCE} seconds. Try again; if it happens again, "
        f"see {log}."
    )


def close(server: subprocess.Popen[bytes], port: int, token: str) -> None:
    """End the server and its kernels: politely, then firmly."""
    if server.poll() is not None:
        return
    if ask(port, "/api/shutdown", token, method="POST") is None:
        server.terminate()
    for firmer in (server.terminate, server.kill):
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(LEAVE)
            return
        firmer()


def show(address: str, *, browser: bool) -> None:
    """Print where the course is, and open it where there is a desktop."""
    print(f"The course is open: {address}", flush=True)
    print("To close it, press Ctrl-C here.", flush=True)
    desktop = os.name == "nt" or sys.platform == "darwin"
    if browser and (desktop or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        webbrowser.open(address)


def serve(checkout: environment.Checkout, port: int, *, browser: bool) -> None:
    """Run JupyterLab until the reader closes it.

    Parameters
    ----------
    checkout
        The clone of the course.
    port
        Where to listen on this computer.
    browser
        Whether to open the first lesson in a browser.
    """
    token = secrets.token_hex(24)
    variables = settings(checkout, token)
    log = checkout.root / "build" / "jupyter" / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command(checkout, port),
            cwd=checkout.root,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    try:
        wait_until_up(server, port, token, str(log.relative_to(checkout.root)))
        show(f"http://{ADDRESS}:{port}/lab/tree/{FIRST_LESSON}?token={token}", browser=browser)
        while server.poll() is None:
            time.sleep(0.2)
    except KeyboardInterrupt:
        print("\nClosing the course.", flush=True)
    finally:
        close(server, port, token)


def stop(*_: object) -> None:
    """Treat every request to end, and a closed terminal, like Ctrl-C."""
    raise KeyboardInterrupt


def main(
    arguments: list[str] | None = None, checkout: environment.Checkout = environment.HERE
) -> int:
    """Open the course and return an exit code."""
    parser = environment.Parser(description="Open the course in JupyterLab, on this computer only.")
    parser.add_argument(
        "--port", type=port_number, default=8888, help="where it listens (8888 unless told)"
    )
    parser.add_argument(
        "--browser",
        choices=("yes", "no"),
        default="yes",
        help="whether to open a browser (yes unless told)",
    )
    options = parser.parse_args(arguments)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)
    try:
        check_lesson(checkout)
        check_port(options.port)
        environment.ensure(checkout, "student")
        serve(checkout, options.port, browser=options.browser == "yes")
    except environment.SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start takes it up again.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
