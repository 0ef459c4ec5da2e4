#!/usr/bin/env python3
"""The pager, on a pseudo-terminal: which program it is, what it gets, and how the command ends."""

import fcntl
import os
import pathlib
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ENSIGN = str(ROOT / ".build" / "debug" / "ensign")
LIMIT = 30  # seconds for anything


class Terminal:
  """A command in a session of its own, on a terminal of 24 lines."""

  def __init__(self, words, folder, **variables):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8", **variables}
    self.shown = b""
    self.process, self.screen = pty.fork()
    if self.process == 0:
      os.chdir(folder)
      os.execvpe(words[0], words, environment)
    fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))

  def read(self, until=None, typing=b""):
    """Reads to the end, or until some bytes were shown; types keys every second: less may drop them when interrupted."""
    deadline = time.monotonic() + LIMIT
    while until is None or until not in self.shown:
      self.type(typing)
      if not select.select([self.screen], [], [], 1 if typing else LIMIT)[0] and time.monotonic() > deadline:
        raise AssertionError(f"nothing more after {self.shown[-500:]!r}")
      if not select.select([self.screen], [], [], 0)[0]:
        continue
      try:
        data = os.read(self.screen, 65536)
      except OSError:  # the last program has left the terminal
        data = b""
      if not data:
        assert until is None, f"{until!r} is not in {self.shown!r}"
        return
      self.shown += data

  def type(self, keys):
    os.write(self.screen, keys)

  def end(self):
    """The status; nobody of the session may be left."""
    self.read()
    status = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
    left = subprocess.run(["ps", "-o", "pid,args", "--no-headers", "-s", str(self.process)], capture_output=True,
                          text=True).stdout
    assert left == "", f"left behind: {left}"
    os.close(self.screen)
    return status

  @property
  def text(self):
    return self.shown.replace(b"\r\n", b"\n").decode()


def run(words, folder, **variables):
  terminal = Terminal([ENSIGN, *words], folder, **variables)
  status = terminal.end()
  return status, terminal.text


def check(what, condition, *seen):
  if not condition:
    print(f"not so: {what}", *seen, sep="\n")
    sys.exit(1)
  print(f"ok: {what}")


def make_history(folder):
  git = ("set -e; export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null; git init -q -b main .;"
         "git config user.name a; git config user.email a@example.com;"
         f"'{ENSIGN}' init flags -q --project shop > /dev/null; git add -A; git commit -q -m first;"
         "f=flags/environments/production/welcome-banner.yaml; cat $f;"
         "for i in $(seq 40); do printf 'enabled: %s\\notherwise: on\\n' $([ $((i % 2)) = 0 ] && echo true || echo false)"
         " > $f; git commit -q -a -m \"change $i\"; done; git clone -q --depth 3 file://$PWD ../shallow")
  subprocess.run(["bash", "-c", git], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def main():
  parent = pathlib.Path(tempfile.mkdtemp())
  try:
    folder = parent / "shop"
    folder.mkdir()
    make_history(folder)
    test(folder, parent / "shallow")
  finally:
    shutil.rmtree(parent)


def test(folder, shallow):
  keep = {"ENSIGN_PAGER": "cat > paged"}
  paged = folder / "paged"

  def taken():
    text = paged.read_text() if paged.exists() else None
    paged.unlink(missing_ok=True)
    return text

  for line in ["log", "show HEAD", "show welcome-banner", "diff HEAD~1..HEAD", "blame welcome-banner -e production",
               "timeline welcome-banner -e production -c targetingKey=u"]:
    words = line.split()
    plain = subprocess.run([ENSIGN, *words], cwd=folder, capture_output=True, text=True)
    status, text = run([*words, "--color", "never"], folder, **keep)
    check(f"{line} goes through the pager as it is", (status, text, taken()) == (0, "", plain.stdout), text)
    status, text = run([*words, "--no-pager", "--color", "never"], folder, **keep)
    check(f"{line} --no-pager does not", (status, text, taken()) == (0, plain.stdout, None), text)
    status, text = run([*words, "--format", "json"], folder, **keep)
    check(f"{line} --format json does not", status == 0 and text.startswith("{") and taken() is None, text)
    subprocess.run([ENSIGN, *words], cwd=folder, capture_output=True, check=True, env={**os.environ, **keep})
    check(f"{line} without a terminal does not", taken() is None)
  for line in ["validate", "list", "log --help", "help log"]:
    run(line.split(), folder, **keep)
    check(f"{line} does not", taken() is None)

  # Which program.
  run(["log"], folder, PAGER="cat > paged")
  check("PAGER is one", taken() is not None)
  run(["log"], folder, ENSIGN_PAGER="sed 's/^/> /' > paged", PAGER="false")
  check("ENSIGN_PAGER comes before PAGER, and is the shell's", taken().startswith("> "))
  for none in ["", "cat"]:
    check(f"'{none}' is no pager", "change 40" in run(["log"], folder, ENSIGN_PAGER=none, PAGER="false")[1])
  run(["log"], folder, ENSIGN_PAGER="env > paged")
  check("less is told what it needs", {"LESS=FRX", "LV=-c"} <= set(taken().split("\n")))
  run(["log"], folder, ENSIGN_PAGER="env > paged", LESS="", LV="x")
  check("unless somebody else has", {"LESS=", "LV=x"} <= set(taken().split("\n")))
  for name in ["dumb", ""]:
    check(f"a terminal '{name}' has no less", "change 1\n" in run(["log"], folder, TERM=name)[1])
  run(["log"], folder, **keep)
  check("colours are those of a terminal", "\x1b[33mcommit" in taken())

  # How it ends.
  check("a pager that leaves early is no mistake", run(["log"], folder, ENSIGN_PAGER="true") == (0, ""))
  for pager in ["cat > /dev/null", "true", "exit 3"]:
    status = run(["diff", "HEAD~1..HEAD", "--exit-code"], folder, ENSIGN_PAGER=pager)[0]
    check(f"the status is kept with the pager '{pager}'", status == 1, status)
  status, text = run(["log"], folder, ENSIGN_PAGER="no-such-pager")
  check("a pager that is not there is a mistake", status == 2 and "the pager 'no-such-pager' cannot be run" in text
        and "--no-pager" in text, text)
  status, text = run(["log"], shallow, ENSIGN_PAGER="no-such-pager")
  check("also when a warning went to it", status == 2 and "the pager 'no-such-pager' cannot be run" in text, text)
  status, text = run(["log", "--limit", "0"], folder, **keep)
  check("a mistake is told without it", status == 2 and "no number of commits" in text and taken() is None)
  status, text = run(["log"], shallow, ENSIGN_PAGER="cat > ../shop/paged")
  check("a warning stands below the results", status == 0 and text == "" and "git fetch --unshallow" in taken(), text)
  status = Terminal(["sh", "-c", f"'{ENSIGN}' log 2> messages"], shallow, ENSIGN_PAGER="cat > ../shop/paged").end()
  check("a warning that goes to a file stays there", status == 0 and "--unshallow" not in taken()
        and "--unshallow" in (shallow / "messages").read_text())

  # The real one.
  status, text = run(["show", "HEAD", "--color", "never"], folder)
  check("less leaves when all fits on the screen", status == 0 and "change 40" in text and "\x1b[?1049h" not in text)
  terminal = Terminal([ENSIGN, "log"], folder)
  terminal.read(until=b"\n:\x1b[K")  # less asks what to do next
  check("less shows one page", b"change 38" in terminal.shown and b"change 37" not in terminal.shown)
  terminal.type(b"q")
  check("it can be left with q", terminal.end() == 0)
  terminal = Terminal([ENSIGN, "log"], folder)
  terminal.read(until=b"\n:\x1b[K")  # less asks what to do next
  terminal.type(b"\x03")
  time.sleep(0.3)
  os.kill(terminal.process, 0)
  terminal.read(until=b"(END)", typing=b"G")
  terminal.type(b"q")
  check("an interrupt does not end it before the pager", terminal.end() == -signal.SIGINT)
  terminal = Terminal([ENSIGN, "log"], folder, ENSIGN_PAGER="cat; sleep 0.5; echo over")
  terminal.read(until=b"first")
  os.kill(terminal.process, signal.SIGTERM)
  check("nor does a signal from elsewhere", terminal.end() == -signal.SIGTERM and "over" in terminal.text)


main()
