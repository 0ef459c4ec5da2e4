package import Ensign
package import FlagImpact
internal import FlagSource

/// The words in which a plan tells who moves.
package enum ImpactWords {
  /// How many attributes of a witness people get to see.
  private static let shownAttributes = 4

  /// A part of a group: `15 %`, `about 12.5 %`, `all`.
  package static func share(_ buckets: Int, isExpected: Bool = false) -> String {
    if buckets >= 100_000 { return "all" }
    return "\(isExpected ? "about " : "")\(Percentage(buckets: max(buckets, 0))) %"
  }

  /// A movement on one line: `country is DE or FR:  15 % move off → on`.
  package static func line(_ movement: Movement) -> String {
    var line = statement(movement)
    let witness = movement.transitions.lazy.compactMap(\.witness).first { !$0.attributes.isEmpty }
    if let witness { line += "   (e.g. \(words(witness)))" }
    return line
  }

  /// What a movement says, without an example: who, how many, from what to what.
  package static func statement(_ movement: Movement) -> String {
    (movement.isPossibleOnly ? "possibly " : "") + movement.region.words + ":  "
      + merged(movement.transitions).map(words).joined(separator: ", ")
  }

  /// Transitions between the same outcomes as one: what decided is another question.
  private static func merged(_ transitions: [Transition]) -> [Transition] {
    var merged: [Transition] = []
    for transition in transitions {
      let same = merged.firstIndex { known in
        known.before.variant == transition.before.variant && known.before.value == transition.before.value
          && known.after.variant == transition.after.variant && known.after.value == transition.after.value
      }
      if let same {
        merged[same].measure = merged[same].measure.adding(transition.measure)
      } else {
        merged.append(transition)
      }
    }
    return merged
  }

  /// What is wrong with a movement; nil when nothing is.
  package static func warning(_ movement: Movement) -> String? {
    movement.preemption.map {
      "probably not intended: rule \($0.rule) decides now, and pre-empts rule \($0.preempted)"
    }
  }

  /// `15 % move off → on`.
  package static func words(_ transition: Transition) -> String {
    var isExpected = false
    if case .expected = transition.measure { isExpected = true }
    let share = share(transition.measure.buckets, isExpected: isExpected)
    if transition.changesValueOnly {
      return "\(share) get another value of \(transition.before.variant): "
        + "\(transition.before.value) → \(transition.after.value)"
    }
    return "\(share) move \(transition.before.variant) → \(transition.after.variant)"
  }

  /// A context in a few words: `targetingKey u-41, country DE …`.
  package static func words(_ witness: Witness) -> String {
    let key = Context.targetingKeyName
    let attributes =
      witness.attributes.filter { $0.name == key } + witness.attributes.filter { $0.name != key }
    var words = attributes.prefix(shownAttributes).map { "\($0.name) \(text(of: $0.value))" }.joined(separator: ", ")
    if attributes.count > shownAttributes { words += " …" }
    if let bucket = witness.forcedBucket { words += " in bucket \(bucket)" }
    return words
  }

  /// An attribute's value as people write it.
  package static func text(of value: Context.Value) -> String {
    switch value {
    case .string(let text): text.isEmpty ? "\"\"" : text
    case .integer(let number): String(number)
    case .number(let number): JSONValue.number(number).description
    case .boolean(let value): String(value)
    case .list(let texts): "[" + texts.joined(separator: ", ") + "]"
    case .timestamp(let instant): instant.description
    }
  }

  /// An allocation that moves more than it has to, with what to write instead.
  package static func words(_ excess: ExcessMovement) -> String {
    let place =
      switch excess.place {
      case .rule(let name): "rule \(name)"
      default: excess.place.name
      }
    let numbers = "\(place) moves \(share(excess.moved)) where \(share(excess.unavoidable)) suffice"
    let cause =
      switch excess.cause {
      case .shifted: "; to move no more, write `ranges: \(Finding.allocation(excess.allocation))`"
      case .redealt: ", because another seed or attribute deals everybody anew; keep `seed` and `by`"
      }
    return numbers + cause
  }
}

extension Transition.Measure {
  /// Both together.
  fileprivate func adding(_ other: Self) -> Self {
    switch (self, other) {
    case (.exact(let left), .exact(let right)): .exact(left + right)
    case (.exact(let left), .expected(let right)): .expected(Double(left) + right)
    case (.expected(let left), .exact(let right)): .expected(left + Double(right))
    case (.expected(let left), .expected(let right)): .expected(left + right)
    }
  }
}
