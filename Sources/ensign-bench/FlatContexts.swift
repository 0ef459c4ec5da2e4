internal import CBench

/// The visitors as the program in C has them: pointers to bytes, in slots.
final class FlatContexts {
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let values: UnsafeMutableBufferPointer<cbench_value>
  private let count: Int
  private var used = 0

  init(_ visitors: [Visitor]) {
    count = visitors.count
    let texts = visitors.map {
      $0.targetingKey.utf8.count + $0.country.utf8.count + $0.email.utf8.count + $0.plan.utf8.count
    }
    bytes = .allocate(capacity: texts.reduce(0, +))
    values = .allocate(capacity: visitors.count * Int(CBENCH_SLOTS.rawValue))
    values.initialize(repeating: cbench_value())
    for (index, visitor) in visitors.enumerated() {
      let first = index * Int(CBENCH_SLOTS.rawValue)
      values[first + Int(CBENCH_TARGETING_KEY.rawValue)] = text(visitor.targetingKey)
      values[first + Int(CBENCH_COUNTRY.rawValue)] = text(visitor.country)
      values[first + Int(CBENCH_AGE.rawValue)].number = Double(visitor.age)
      values[first + Int(CBENCH_EMAIL.rawValue)] = text(visitor.email)
      values[first + Int(CBENCH_PLAN.rawValue)] = text(visitor.plan)
    }
  }

  deinit {
    bytes.deallocate()
    values.deallocate()
  }

  private func text(_ text: String) -> cbench_value {
    var value = cbench_value()
    let start = used
    for byte in text.utf8 {
      bytes[used] = byte
      used += 1
    }
    value.text = bytes.baseAddress.map { UnsafeRawPointer($0 + start).assumingMemoryBound(to: CChar.self) }
    value.length = used - start
    return value
  }

  /// Evaluates the flag for each visitor so many times, on each of so many threads.
  ///
  /// - Returns: How many visitors get `on`.
  func evaluate(rounds: Int, threads: Int = 1) throws(Failure) -> Int {
    let on = cbench_evaluate(values.baseAddress, count, rounds, threads)
    guard on >= 0 else { throw Failure("the C baseline cannot start \(threads) threads") }
    return Int(on) / rounds
  }
}
