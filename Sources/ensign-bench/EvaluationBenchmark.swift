internal import CBench
internal import Dispatch
internal import Ensign

/// One flag with three rules that miss and a split, for many different people, against the same rules in C.
struct EvaluationBenchmark {
  private let turns: Int
  private let visitors: [Visitor]
  private let flat: FlatContexts
  private let flag: Snapshot.Flag
  private let prepared: [Context]

  /// How often everyone is evaluated in one turn.
  private static let rounds = 10

  init(_ options: Options) throws {
    turns = options.rounds ?? 31
    visitors = Visitor.make(20_000, seed: options.seed)
    flat = FlatContexts(visitors)
    let snapshot = try Snapshot(Array(Self.document.utf8))
    guard let flag = snapshot.flag("checkout-v2") else { throw Failure("the snapshot has no flag checkout-v2") }
    self.flag = flag
    prepared = visitors.map { snapshot.prepare($0.context) }
  }

  func run(into report: inout Report) throws {
    try checkAgreement()
    try measureTime(into: &report)
    try countAllocations(into: &report)
  }

  /// The two evaluators have to serve the same.
  private func checkAgreement() throws {
    let expected = try flat.evaluate(rounds: 1)
    let found = visitors.count { flag.boolean(in: $0.context, default: false) }
    guard expected == found, expected == evaluate(prepared, rounds: 1) else {
      throw Failure("C serves `on` to \(expected) of \(visitors.count) visitors, the library to \(found)")
    }
  }

  private func measureTime(into report: inout Report) throws {
    let hits = visitors.map { flag.snapshot.prepare($0.premium) }
    let times = try inTurns(
      turns, { try seconds { try flat.evaluate(rounds: Self.rounds) } },
      { try seconds { evaluate(prepared, rounds: Self.rounds) } },
      { try seconds { evaluateFromStrings(rounds: Self.rounds) } },
      { try seconds { evaluateByKey(rounds: Self.rounds) } },
      { try seconds { evaluate(hits, rounds: Self.rounds) } },
      { try seconds { evaluateOnTwoThreads(rounds: Self.rounds) } },
      { try seconds { try flat.evaluate(rounds: Self.rounds, threads: 2) } })
    let operations = visitors.count * Self.rounds
    let c = "the same in C"
    report.add(
      "evaluate, three rules miss", times[1], against: c, times[0], operations: operations, limit: .evaluatePrepared)
    report.add(
      "evaluate, context made of strings", times[2], against: c, times[0], operations: operations,
      limit: .evaluateStrings)
    report.add("evaluate, flag looked up by its key", times[3], against: c, times[0], operations: operations)
    report.add("evaluate, third rule hits", times[4], against: c, times[0], operations: operations)
    add("two threads", times[5], against: times[1], limit: .evaluateThreads, to: &report)
    add("two threads in C", times[6], against: times[0], limit: nil, to: &report)
  }

  /// Adds a comparison of throughputs: each thread of two has done the work that one alone did.
  private func add(
    _ what: String, _ two: [Double], against one: [Double], limit: Limit?, to report: inout Report
  ) {
    let operations = Double(visitors.count * Self.rounds)
    report.add(
      "\(what), each evaluation", .seconds(median(two) / operations / 2), against: "on one",
      .seconds(median(one) / operations), ratio: median(zip(two, one).map { 2 * $1 / $0 }), limit: limit)
  }

  private func countAllocations(into report: inout Report) throws {
    cbench_count_allocations()
    withExtendedLifetime([visitors.count]) {}
    _ = [UInt8](repeating: 1, count: visitors.count).reversed()
    guard cbench_counted_allocations() > 0 else { throw Failure("allocations cannot be counted in this build") }

    cbench_count_allocations()
    let on = evaluate(prepared, rounds: 1)
    let allocations = cbench_counted_allocations()
    withExtendedLifetime(on) {}
    report.add(
      "allocations of an evaluation", .count(Double(allocations) / Double(visitors.count)), limit: .evaluateAllocations)

    cbench_count_allocations()
    let alike = evaluateFromStrings(rounds: 1)
    let ofStrings = cbench_counted_allocations()
    withExtendedLifetime(alike) {}
    report.add(
      "allocations, context made of strings", .count(Double(ofStrings) / Double(visitors.count)))
  }

  // MARK: What is measured

  private func evaluate(_ contexts: [Context], rounds: Int) -> Int {
    Self.evaluate(flag, contexts, rounds: rounds)
  }

  private static func evaluate(_ flag: Snapshot.Flag, _ contexts: [Context], rounds: Int) -> Int {
    var on = 0
    for _ in 0..<rounds {
      for index in contexts.indices where flag.boolean(in: contexts[index], default: false) { on += 1 }
    }
    return on / rounds
  }

  private func evaluateFromStrings(rounds: Int) -> Int {
    var on = 0
    for _ in 0..<rounds {
      for visitor in visitors where flag.boolean(in: visitor.context, default: false) { on += 1 }
    }
    return on / rounds
  }

  private func evaluateByKey(rounds: Int) -> Int {
    let snapshot = flag.snapshot
    var on = 0
    for _ in 0..<rounds {
      for context in prepared where snapshot.boolean("checkout-v2", in: context, default: false) { on += 1 }
    }
    return on / rounds
  }

  /// As many evaluations on each thread as one has alone, each for contexts of its own, as services have them.
  private func evaluateOnTwoThreads(rounds: Int) {
    let half = prepared.count / 2
    DispatchQueue.concurrentPerform(iterations: 2) { [flag, prepared] thread in
      let on = Self.evaluate(flag, Array(prepared[(thread * half)..<((thread + 1) * half)]), rounds: 2 * rounds)
      withExtendedLifetime(on) {}
    }
  }

  /// The flag of the program in C, see `cbench.h`.
  static let document = """
    {"attributes":{"age":"integer","country":"string","email":"string","plan":"string"},"environment":"production",\
    "flags":{"checkout-v2":{"enabled":true,"metadata":{"kind":"release","owner":"payments","tags":["checkout"]},\
    "off":"off","otherwise":{"algorithm":"murmur3-100000","by":"targetingKey",\
    "ranges":[["on",0,30000],["off",30000,100000]],"seed":"checkout-2026"},"rules":[\
    {"name":"pensioners","serve":{"variant":"on"},"when":{"all":[\
    {"attribute":"age","op":"atLeast","values":[65]},\
    {"attribute":"country","op":"in","values":["AT","CH","DE","FR","NL"]}]}},\
    {"name":"staff","serve":{"variant":"on"},"when":{"attribute":"email","op":"endsWith","values":["@acme.example"]}},\
    {"name":"premium","serve":{"variant":"on"},"when":{"attribute":"plan","op":"in","values":["premium"]}}],\
    "type":"boolean","variants":{"off":false,"on":true}}},"format":1,"minimumReader":1,"private":["email"],\
    "project":"acme-shop"}
    """
}

extension Visitor {
  /// What a service would say of the visitor.
  var context: Context {
    [
      "targetingKey": .string(targetingKey), "country": .string(country), "age": .integer(Int64(age)),
      "email": .string(email), "plan": .string(plan),
    ]
  }

  /// The same with a plan for which the third rule holds.
  fileprivate var premium: Context {
    var context = context
    context["plan"] = "premium"
    return context
  }
}
