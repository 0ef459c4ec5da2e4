/// One flag with three rules that miss and a split, for many different people, against the same rules in C.
struct EvaluationBenchmark {
  private let turns: Int
  private let visitors: [Visitor]

  /// How often everyone is evaluated in one turn.
  private static let rounds = 10

  init(_ options: Options) {
    turns = options.rounds ?? 31
    visitors = Visitor.make(20_000, seed: options.seed)
  }

  func run(into report: inout Report) throws {
    let flat = FlatContexts(visitors)
    let times = try inTurns(
      turns,
      { try seconds { try flat.evaluate(rounds: Self.rounds) } },
      { try seconds { try flat.evaluate(rounds: Self.rounds, threads: 2) } })
    let operations = visitors.count * Self.rounds
    report.add("C on two threads", times[1], against: "C on one", times[0], operations: operations)
  }
}
