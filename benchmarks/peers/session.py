"""Processes of one run: each is started in a session of its own, watched through /proc, and ended by its number."""
import os
import select
import signal
import socket
import subprocess
import time

from place import HEIGHT, WIDTH

TICKS = os.sysconf("SC_CLK_TCK")


class Session:
    """Everything a run starts. `stop` ends it in reverse order, whatever happened."""

    def __init__(self, priority=0, apart=True):
        """apart=False: what is started stays in this process's group, and is counted and ended with it."""
        self.priority = priority
        self.apart = apart
        self.started = []

    def start(self, command, **options):
        """command: a list, or a line for the shell, which it replaces (exec), so that the pid is the program's."""
        if isinstance(command, str):
            command = ["/bin/sh", "-c", "exec " + command]
        process = subprocess.Popen([str(part) for part in command], start_new_session=self.apart, **options)
        self.started.append(process)
        if self.priority:
            # With sched_autogroup every session is a group of its own, and niceness does not cross groups.
            try:
                with open(f"/proc/{process.pid}/autogroup", "w") as group:
                    group.write(str(self.priority))
            except OSError as problem:
                print(f"  no priority for {process.pid}: {problem}", flush=True)
        return process

    def screen(self, width=WIDTH, height=HEIGHT):
        """A new X server on a free display. Returns its process and the display."""
        reader, writer = os.pipe()
        try:
            server = self.start(["Xvfb", "-displayfd", writer, "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
                                pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        finally:
            os.close(writer)
        with os.fdopen(reader) as pipe:
            if not select.select([pipe], [], [], 20)[0]:
                raise RuntimeError("Xvfb did not start")
            return server, ":" + pipe.readline().strip()

    def stop(self):
        for process in reversed(self.started):
            end(process, os.killpg if self.apart else os.kill)
        self.started.clear()


def end(process, send):
    """Ends the process, or the group that was started with it (send = os.killpg), and nothing else."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None and send is os.kill:
            break
        try:
            send(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            continue
        if send is os.kill:
            break
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            pipe.close()


def statistics_of(session):
    """The fields of /proc/PID/stat after the name, of every process in the session."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue            # it ended while we looked
        if int(fields[3]) == session:
            yield int(pid), fields


def cpu_seconds(process):
    """CPU of the process, its helpers, and children it has waited for. By the clocks of the processes (threads that ended are in them), in
    nanoseconds: /proc cuts user and system time off to ticks of 10 ms, a tenth of what a quiet agent uses in ten seconds."""
    total = 0.0
    for pid, fields in statistics_of(process.pid) if process else ():
        try:
            total += time.clock_gettime(~pid << 3 | 2)      # clock_getcpuclockid(3): CPUCLOCK_SCHED of that process
        except OSError:
            continue            # it ended while we looked
        total += (int(fields[13]) + int(fields[14])) / TICKS
    return total


def peak_megabytes(process):
    total = 0
    for pid, _ in statistics_of(process.pid):
        try:
            with open(f"/proc/{pid}/status") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        except OSError:
            continue
    return total * 1024 / 1e6


def machine_cpu_seconds():
    """Time the whole machine was busy."""
    with open("/proc/stat") as file:
        fields = list(map(int, file.readline().split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def read_line(process, seconds, start):
    """The next line of the process that begins with `start`. Its standard output must be unbuffered here (bufsize=0)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not select.select([process.stdout], [], [], 0.2)[0]:
            continue
        line = process.stdout.readline().decode(errors="replace")
        if not line:
            raise RuntimeError(f"ended while '{start}' was awaited")
        if line.startswith(start):
            return line
    raise RuntimeError(f"no '{start}' within {seconds} s")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(port):
    """Looks into the kernel's table and does not connect: some servers take a bare connection for a client."""
    wanted = f":{port:04X}"
    for table in ("tcp", "tcp6", "udp", "udp6"):
        try:
            with open(f"/proc/net/{table}") as file:
                rows = [line.split() for line in file.read().splitlines()[1:]]
        except OSError:
            continue
        if any(row[1].endswith(wanted) and (table.startswith("udp") or row[3] == "0A") for row in rows):
            return True
    return False
