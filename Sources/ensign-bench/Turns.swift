/// Something whose time is measured: it returns the seconds that one run took.
typealias Timed = () throws -> Double

/// Runs all of them in turns (A B A B …), so that what disturbs the machine disturbs all alike.
///
/// The first turn warms up
/// and does not count.
///
/// - Returns: Of each, its times in the order of the turns.
func inTurns(_ rounds: Int, _ subjects: Timed...) throws -> [[Double]] {
  var times = subjects.map { _ in [Double]() }
  for round in 0...rounds {
    for (index, subject) in subjects.enumerated() {
      let seconds = try subject()
      if round > 0 { times[index].append(seconds) }
    }
  }
  return times
}

/// The time that `work` takes; freeing its result does not count.
func seconds<Result>(_ work: () throws -> Result) throws -> Double {
  let start = Clock.now
  let result = try work()
  let end = Clock.now
  withExtendedLifetime(result) {}
  return end - start
}
