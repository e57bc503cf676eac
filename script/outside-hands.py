"""Runs the inputs of cua-auto-harness through scenarios of qa-agent on an Xvnc, and counts what arrived.

Called by script/outside-hands, which installs the package and builds the program. Each entry of the catalogue becomes one
scenario with a step for each of its actions, so that nothing but qa-agent touches the screen in between.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import autoharness
from autoharness import driver
from autoharness.backend import Backend, GenericProbeAdapter
from autoharness.contracts import ChannelResult, load_catalog

KEYS = {"esc": "escape", "caps_lock": "capslock", "num_lock": "numlock"}


def key(name):
    return KEYS.get(name, name)


def place(x, y, **more):
    return {"at": [x, y], **more}


def step(action):
    """The step of a scenario that an action is; a text where the format has no word for it."""
    kind = action.kind
    if kind == "click":
        more = {}
        if action.modifiers:
            more["with"] = [key(name) for name in action.modifiers]
        if action.count > 1:
            more["times"] = action.count
        if action.button != "left":
            more["button"] = action.button
        return {"click": place(action.x, action.y, **more)}
    if kind == "move":
        return {"hover": place(action.x, action.y)}
    if kind == "drag":
        points = [place(x, y) for x, y in action.path]
        drag = {"from": points[0], "to": points[-1]}
        if points[1:-1]:
            drag["via"] = points[1:-1]
        if action.modifiers:
            drag["with"] = [key(name) for name in action.modifiers]
        if action.button != "left":
            drag["button"] = action.button
        return {"drag": drag}
    if kind == "scroll":
        steps = []
        for ticks, negative, positive in ((action.dy_ticks, "up", "down"), (action.dx_ticks, "left", "right")):
            if not ticks:
                continue
            scroll = {"direction": positive if ticks > 0 else negative, "amount": abs(ticks)}
            scroll["at"] = place(action.x, action.y)
            if action.modifiers:
                scroll["with"] = [key(name) for name in action.modifiers]
            steps.append({"scroll": scroll})
        return steps
    if kind == "key_chord":
        return {"press": "+".join(key(name) for name in action.keys)}
    if kind == "type_text":
        return {"type": action.text}
    if kind == "wait":
        return {"wait": f"{int(action.seconds * 1000)}ms"}
    return f"no step is {kind}"


def steps(actions):
    """All steps of an entry: a press, a wait and a release make one click that is held."""
    result = []
    rest = list(actions)
    while rest:
        action = rest.pop(0)
        if action.kind == "button_press":
            held = 0
            while rest and rest[0].kind == "wait":
                held += int(rest.pop(0).seconds * 1000)
            rest.pop(0)
            more = {"button": action.button} if action.button != "left" else {}
            result.append({"click": place(action.x, action.y, hold=f"{held}ms", **more)})
            continue
        if action.kind == "click" and not action.modifiers and action.count == 1:
            # The same click again and again, without a wait between, is a burst.
            burst = 1
            while rest and rest[0] == action:
                rest.pop(0)
                burst += 1
            made = step(action)
            if burst > 1:
                made["click"]["times"] = burst
            result.append(made)
            continue
        made = step(action)
        result += made if isinstance(made, list) else [made]
    return result


class Xvnc(Backend):
    """A server of our own with a window manager; nothing of it outlives the run."""

    guest_display = ""

    def __init__(self, folder):
        self.folder = folder
        self.programs = []

    def start(self, *words):
        program = subprocess.Popen(
            words, env=dict(os.environ, DISPLAY=self.guest_display), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.programs.append(program)
        return program

    def boot(self):
        ours, theirs = os.pipe()
        server = subprocess.Popen(
            ["Xtigervnc", "-displayfd", str(theirs), "-geometry", "1920x1080", "-depth", "24",
             "-SecurityTypes", "None", "-localhost", "-nolisten", "tcp", "-AlwaysShared"],
            pass_fds=[theirs], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        self.programs.append(server)
        os.close(theirs)
        number = int(os.fdopen(ours).readline())
        self.guest_display = f":{number}"
        self.address = f"vnc://127.0.0.1:{5900 + number}"
        # Without keys and clicks of its own, so that all of them come to the probe.
        quiet = pathlib.Path(self.folder, "openbox.xml")
        quiet.write_text(
            '<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard><keybind key="C-A-F12"><action name="Exit"/>'
            '</keybind></keyboard><mouse><context name="Root"><mousebind button="Middle" action="Press">'
            '<action name="Exit"/></mousebind></context></mouse></openbox_config>')
        self.start("openbox", "--config-file", str(quiet))
        time.sleep(1)

    def exec(self, cmd, timeout=120):
        # The probe must go on when its shell has ended, and tells of itself over HTTP alone.
        env = dict(os.environ, DISPLAY=self.guest_display)
        if "nohup" in cmd:
            self.programs.append(
                subprocess.Popen(["sh", "-c", "exec " + cmd.split("nohup ", 1)[1].rstrip(" &")],
                                 env=dict(env, XMODIFIERS="@im=none"), start_new_session=True))
            return 0, ""
        if cmd.startswith("pkill"):
            return 0, ""
        done = subprocess.run(["sh", "-c", cmd], env=env, capture_output=True, text=True, timeout=timeout)
        return done.returncode, done.stdout

    def inject(self, action):
        raise AssertionError("a whole entry is run at once")

    def screenshot(self, dst_path):
        # What qa-agent sees is tested elsewhere; here the probe says what arrived.
        pathlib.Path(dst_path).touch()

    def teardown(self):
        for program in reversed(self.programs):
            program.terminate()
        for program in reversed(self.programs):
            try:
                program.wait(5)
            except subprocess.TimeoutExpired:
                program.kill()
        self.programs = []


class Scenarios(GenericProbeAdapter):
    """Gathers the actions of an entry, and runs them as one scenario before anything is looked at."""

    name = "qa-agent"

    def __init__(self, backend, program):
        super().__init__(backend, raw_tap=False)
        self.program = program
        self.actions = []
        self.said = ""

    def execute(self, action):
        self.actions.append(action)

    def activity_seq(self):
        if self.actions:
            actions, self.actions = self.actions, []
            self.run(actions)
        return super().activity_seq()

    def run(self, actions):
        with tempfile.TemporaryDirectory() as folder:
            scenario = {"name": "entry", "target": {"vnc": self.backend.address}, "steps": steps(actions)}
            # JSON is YAML, and what a step cannot say is told by qa-agent itself.
            pathlib.Path(folder, "entry.yaml").write_text(json.dumps(scenario, ensure_ascii=False))
            done = subprocess.run(
                [self.program, "run", "entry.yaml", "--no-model"], cwd=folder, capture_output=True,
                text=True, timeout=120)
        self.said = (done.stdout + done.stderr).strip()

    def display_synced(self):
        return True

    def _adopt_probe_capabilities(self):
        super()._adopt_probe_capabilities()
        # Nothing takes keys away before the probe.
        self.probe_capabilities |= {"os_global"}


class Reporter:
    """Says each entry in a line, with what qa-agent said where it did not arrive."""

    cancel_requested = False

    def __init__(self, adapter):
        self.adapter = adapter

    def run_started(self, *rest):
        pass

    def entry_not_measurable(self, entry, reason):
        print(f"not measured  {entry}: {reason}", flush=True)

    def rep_done(self, entry, rep, reps, verdict):
        print(f"{verdict.status:13} {entry}", flush=True)
        if verdict.status != "pass":
            print("    " + verdict.event_channel.detail.replace("\n", "\n    "))
            for line in self.adapter.said.splitlines()[:6]:
                print(f"    | {line}", flush=True)

    def entry_done(self, summary):
        pass

    def run_finished(self, report):
        pass


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--entries", default="", help="parts of names, with commas between them")
    options.add_argument("--out", default="", help="a folder for what the probe saw")
    options = options.parse_args()
    driver.run_visual_check = lambda *rest: ChannelResult(status="unavailable", detail="not looked at")
    entries = load_catalog(pathlib.Path(autoharness.__file__).parent / "catalogs" / "runner")
    words = [word for word in options.entries.split(",") if word]
    if words:
        entries = [entry for entry in entries if any(word in entry.id for word in words)]
    # A server has place for few signs that its keyboard lacks, for as long as it runs: these get one each.
    foreign = [entry for entry in entries if not str([action.__dict__ for action in entry.actions]).isascii()]
    groups = [[entry for entry in entries if entry not in foreign]] + [[entry] for entry in foreign]
    passed = 0
    for group in filter(None, groups):
        with tempfile.TemporaryDirectory() as folder:
            adapter = Scenarios(Xvnc(folder), os.path.abspath(options.program))
            report = driver.run_catalog(
                adapter, group, pathlib.Path(options.out or folder), reps_override=1,
                reporter=Reporter(adapter))
        passed += report["totals"]["pass"]
    print(f"{passed} of {len(entries)} arrived")
    sys.exit(0 if passed == len(entries) else 1)


main()
