import Scenario
import Testing

@testable import Story

/// Why commands probably fail: rows of the table, by what real programs print.
struct CommandCauseTests {
  private func cause(
    _ run: String = "x", _ status: Int = 1, _ stderr: String = "", stdout: String = ""
  ) -> String? {
    CommandResult(ending: .exited(status), stdout: stdout, stderr: stderr)
      .cause(of: SSHCommand(run: Template(run)))?.kind
  }

  @Test(arguments: [
    ("sh: 1: nosuch: not found", 127, "not found"),
    ("bash: line 1: ./x: Permission denied", 126, "not permitted"),
    ("./a.out: cannot execute binary file: Exec format error", 126, "wrong kind of program"),
    (
      "x: error while loading shared libraries: libfoo.so.1: cannot open shared object file: No such file or directory",
      127, "missing library"
    ),
    (
      "sudo: a terminal is required to read the password; either use the -S option", 1,
      "password wanted"
    ),
    ("cat: /etc/shadow: Permission denied", 1, "not permitted"),
    ("curl: (22) The requested URL returned error: 404", 22, "not there on the server"),
    ("curl: (22) The requested URL returned error: 503", 22, "service broke"),
    ("curl: (6) Could not resolve host: nowhere.invalid", 6, "name unknown"),
    (
      "curl: (7) Failed to connect to 127.0.0.1 port 1: Connection refused", 7, "connection refused"
    ),
    ("ssh: connect to host 10.9.9.9 port 22: No route to host", 255, "unreachable"),
    ("curl: (60) SSL certificate problem: self-signed certificate", 60, "certificate"),
    ("curl: (28) Operation timed out after 1000 milliseconds", 28, "out of time"),
    ("dd: error writing '/x': No space left on device", 1, "disk full"),
    ("touch: cannot touch '/proc/x': Read-only file system", 1, "read-only"),
    ("OSError: [Errno 98] Address already in use", 1, "port in use"),
    ("Unit nosuch.service could not be found.", 4, "service not known"),
    ("Failed to restart nosuch.service: Unit nosuch.service not found.", 5, "service not known"),
    (
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      1, "service down"
    ),
    ("E: Could not get lock /var/lib/dpkg/lock-frontend", 100, "locked"),
    ("umount: /mnt: target is busy.", 32, "busy"),
    ("fork: Cannot allocate memory", 1, "out of memory"),
    ("Segmentation fault (core dumped)", 139, "crashed"),
    ("mkdir: cannot create directory 'x': File exists", 1, "already there"),
    ("rmdir: failed to remove 'x': Directory not empty", 1, "not empty"),
    ("cat: x: Is a directory", 1, "is a folder"),
    ("ls: cannot access '/x': No such file or directory", 2, "no such file"),
    ("sh: 1: Syntax error: Unterminated quoted string", 2, "written wrongly"),
    ("ls: unrecognized option '--nope'", 2, "wrong option"),
    ("psql: error: FATAL:  password authentication failed for user \"x\"", 2, "signed in wrongly"),
    ("Host key verification failed.", 255, "host key"),
  ])
  func `real outputs are told by their row`(stderr: String, status: Int, kind: String) {
    #expect(cause("x", status, stderr) == kind)
  }

  @Test func `how it ended decides where nothing is printed`() {
    #expect(cause("nosuch", 127) == "not found")
    #expect(cause("systemctl is-active shop", 3, stdout: "inactive\n") == "service down")
    #expect(cause("/usr/bin/systemctl is-active shop", 3) == "service down")
    #expect(cause("timeout 5 sleep 9", 124) == "out of time")
    #expect(cause("my-check", 3) == nil, "of another program 3 may be anything")
    #expect(cause("my-check", 1) == nil)
    let killed = CommandResult(ending: .signalled("KILL"))
    #expect(killed.cause(of: SSHCommand(run: Template("x")))?.kind == "out of memory")
  }

  @Test func `what was wanted has no cause`() {
    #expect(cause("x", 0, "Permission denied") == nil)
    let command = SSHCommand(run: Template("x"), exit: 3)
    let result = CommandResult(ending: .exited(3), stderr: "No such file or directory")
    #expect(result.cause(of: command) == nil)
  }

  @Test func `it says what decided it, and what to try`() {
    let result = CommandResult(ending: .exited(1), stderr: "write: No space left on device\n")
    #expect(
      result.cause(of: SSHCommand(run: Template("x")))?.words
        == "probably disk full, by “No space left on device”: there is no space left for what it writes; "
        + "make space: df -h shows where")
  }
}
