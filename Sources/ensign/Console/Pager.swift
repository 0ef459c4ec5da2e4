internal import Glibc
internal import Synchronization

/// The program in which a terminal shows long results: `ENSIGN_PAGER`, else `PAGER`, else less.
///
/// It starts with the first result, so that a mistake is told without it, and takes messages too when they would go to the
/// same terminal. There is one in a process.
final class Pager {
  private let program: String
  private let console: Console
  private var pipe: UnsafeMutablePointer<FILE>?

  /// What less is told unless `LESS` says otherwise, as Git does: leave when all fits on the screen, show colours, leave
  /// the text on the screen.
  ///
  /// An interrupt is the pager's business: the shell must outlive it.
  private static let prelude = "trap : INT QUIT; export LESS=\"${LESS-FRX}\" LV=\"${LV--c}\"\n"
  private static let usual = "if command -v less >/dev/null; then less; else cat; fi"

  /// The pipe's descriptor for the handler of signals, which may not use the object; -1 while there is none.
  private static let descriptor = Atomic<Int32>(-1)

  /// Makes the results of a command go through the pager once there are some; nil when they do not.
  ///
  /// - Returns: what must be finished when everything is written.
  init?(for session: Session) {
    let console = session.console
    guard session.command.isPaged, session.format == .text, !session.globals.refusesPager, console.output.isTerminal
    else { return nil }
    // Less asks for a key before it does without what such a terminal cannot do.
    let isCapable = !["", "dumb"].contains(console.variable("TERM") ?? "")
    program = console.variable("ENSIGN_PAGER") ?? console.variable("PAGER") ?? (isCapable ? Self.usual : "")
    guard !program.isEmpty, program != "cat" else { return nil }
    self.console = console
    console.output.beforeFirstWrite { [self] in start() }
  }

  private func start() {
    // The pager gets the usual disposition of the signal that is ignored here.
    signal(SIGPIPE, SIG_DFL)
    pipe = popen(Self.prelude + program, "we")
    signal(SIGPIPE, SIG_IGN)
    guard let pipe else {
      console.message("ensign: the pager cannot be started: \(String(cString: strerror(errno)))")
      return
    }
    let descriptor = fileno(pipe)
    Self.descriptor.store(descriptor, ordering: .releasing)
    for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] { signal(number, Self.handler) }
    console.output.redirect(to: descriptor)
    if console.messages.isTerminal { console.messages.redirect(to: descriptor) }
  }

  /// Waits until the reader has read.
  ///
  /// - Returns: what is wrong when there was no reader.
  func finish() -> CommandError? {
    guard let pipe else { return nil }
    console.messages.flush()
    let status = pclose(pipe)
    if console.messages.isTerminal { console.messages.redirect(to: STDERR_FILENO) }
    // What a shell answers for a program that it cannot find or run.
    guard status == 127 << 8 || status == 126 << 8 else { return nil }
    return .environment(
      "the pager '\(program)' cannot be run",
      help: "set ENSIGN_PAGER to another program, or to nothing; or use --no-pager")
  }

  /// Ends the process as the signal would, but not before the pager: two programs would read from one terminal.
  private static let handler: @convention(c) (Int32) -> Void = { number in
    close(descriptor.load(ordering: .acquiring))
    while waitpid(-1, nil, 0) == -1, errno == EINTR {}
    signal(number, SIG_DFL)
    raise(number)
  }
}
