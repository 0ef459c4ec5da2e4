internal import Glibc
internal import Synchronization

/// A line on the terminal that says what takes so long, from the second second on.
///
/// An interval timer's signal writes it, so that the work itself knows nothing of it and short work pays two system
/// calls. It goes to standard error, when that is a terminal and `--quiet` is not given.
enum Progress {
  /// The address and length of the activity's name, for the handler, which may neither allocate nor count references.
  private static let name = Atomic<UInt>(0)
  private static let length = Atomic<Int>(0)
  private static let isShown = Atomic<Bool>(false)

  /// Runs `body`; while it runs longer than a second, the terminal shows `activity`.
  static func during<Result, Failure: Error>(
    _ activity: StaticString, in session: Session, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard session.console.messages.isTerminal, !session.globals.isQuiet else { return try body() }
    length.store(activity.utf8CodeUnitCount, ordering: .relaxed)
    name.store(UInt(bitPattern: activity.utf8Start), ordering: .releasing)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    sigaction(SIGALRM, &action, nil)
    setTimer(seconds: 1)
    defer {
      setTimer(seconds: 0)
      // Not the default, which is to end the process: a signal may still be on its way.
      signal(SIGALRM, SIG_IGN)
      if isShown.exchange(false, ordering: .acquiring) { erase() }
    }
    return try body()
  }

  private static func setTimer(seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
  }

  private static func erase() {
    var erasing: (UInt8, UInt8, UInt8, UInt8) = (0x0D, 0x1B, 0x5B, 0x4B)  // carriage return, ESC [ K
    _ = write(STDERR_FILENO, &erasing, 4)
  }

  private static let handler: @convention(c) (Int32) -> Void = { _ in
    guard let start = UnsafeRawPointer(bitPattern: name.load(ordering: .acquiring)) else { return }
    _ = write(STDERR_FILENO, start, length.load(ordering: .relaxed))
    isShown.store(true, ordering: .releasing)
  }
}
