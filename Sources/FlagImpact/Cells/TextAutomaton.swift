internal import Ensign

/// Finds which combinations of beginnings, ends and parts texts have, with the shortest example of each.
///
/// A state is how far each pattern has been matched; reading a character moves all of them. Walking breadth first from
/// the empty text visits every state there is, and so every combination.
struct TextAutomaton {
  struct Pattern {
    let kind: Kind
    let scalars: [Unicode.Scalar]
    let ignoresCase: Bool

    enum Kind { case beginning, end, part, whole }
  }

  /// An example of each combination, in the order of their lengths.
  private(set) var examples: [String] = []

  private let patterns: [Pattern]
  /// For each pattern and each number of characters matched, where to go on when the next one does not match.
  private let failures: [[Int]]
  private var found: Set<[Bool]> = []

  private typealias State = [UInt16]
  private static let dead = UInt16.max
  /// The longest pattern that is looked into, in characters.
  static let maximumLength = 10_000
  /// More steps than this are not taken.
  private static let maximumSteps = 3_000_000
  private static let maximumVariants = 4096

  init(_ patterns: [Pattern]) {
    self.patterns = patterns
    failures = patterns.map { Self.failures(of: $0.scalars) }
  }

  /// Walks through all texts; false when there are too many states.
  mutating func run() -> Bool {
    let symbols = alphabet()
    var steps = 0
    var visited: Set<State> = []
    var layer: [(state: State, text: String.UnicodeScalarView)] = [
      (State(repeating: 0, count: patterns.count), .init())
    ]
    visited.insert(layer[0].state)
    while !layer.isEmpty {
      var next: [(State, String.UnicodeScalarView)] = []
      for (state, text) in layer {
        note(state, text)
        steps += symbols.count * (patterns.count + 1)
        guard steps <= Self.maximumSteps else { return false }
        for symbol in symbols {
          let successor = step(state, symbol.exact, symbol.folded)
          if visited.insert(successor).inserted {
            var text = text
            text.append(symbol.exact)
            next.append((successor, text))
          }
        }
      }
      layer = next
    }
    return true
  }

  /// Walks through the variants in case of a folded text; false when there are too many.
  ///
  /// - Parameter each: whether every variant is an example, not only one for each combination.
  mutating func run(variantsOf text: String, each: Bool) -> Bool {
    var layer: [(state: State, text: String.UnicodeScalarView)] = [
      (State(repeating: 0, count: patterns.count), .init())
    ]
    for scalar in text.unicodeScalars {
      var visited: Set<State> = []
      var next: [(State, String.UnicodeScalarView)] = []
      for (state, text) in layer {
        for variant in CaseFolding.variants(of: scalar) {
          let successor = step(state, variant, scalar)
          guard each || visited.insert(successor).inserted else { continue }
          var text = text
          text.append(variant)
          next.append((successor, text))
        }
      }
      guard next.count <= Self.maximumVariants else { return false }
      layer = next
    }
    for (state, text) in layer { if each { examples.append(String(text)) } else { note(state, text) } }
    return true
  }

  private mutating func note(_ state: State, _ text: String.UnicodeScalarView) {
    let verdicts = zip(state, patterns).map { Int($0) == $1.scalars.count }
    if found.insert(verdicts).inserted { examples.append(String(text)) }
  }

  private func step(_ state: State, _ exact: Unicode.Scalar, _ folded: Unicode.Scalar) -> State {
    var successor = state
    for (index, pattern) in patterns.enumerated() {
      let matched = Int(state[index])
      let symbol = pattern.ignoresCase ? folded : exact
      let count = pattern.scalars.count
      switch pattern.kind {
      case .beginning:
        guard state[index] != Self.dead, matched < count else { continue }
        successor[index] = pattern.scalars[matched] == symbol ? UInt16(matched + 1) : Self.dead
      case .whole:
        guard state[index] != Self.dead else { continue }
        successor[index] = matched < count && pattern.scalars[matched] == symbol ? UInt16(matched + 1) : Self.dead
      case .part where matched == count: continue
      case .part, .end:
        var matched = matched
        while matched > 0, matched == count || pattern.scalars[matched] != symbol { matched = failures[index][matched] }
        if matched < count, pattern.scalars[matched] == symbol { matched += 1 }
        successor[index] = UInt16(matched)
      }
    }
    return successor
  }

  /// For each number of matched characters, the longest end of them that is also a beginning (Knuth, Morris, Pratt).
  private static func failures(of scalars: [Unicode.Scalar]) -> [Int] {
    var failures = [Int](repeating: 0, count: scalars.count + 1)
    var length = 0
    for index in scalars.indices.dropFirst() {
      while length > 0, scalars[index] != scalars[length] { length = failures[length] }
      if scalars[index] == scalars[length] { length += 1 }
      failures[index + 1] = length
    }
    return failures
  }

  /// One character for each way in which the patterns can tell characters apart, and one that none of them has.
  private func alphabet() -> [(exact: Unicode.Scalar, folded: Unicode.Scalar)] {
    var exact: Set<Unicode.Scalar> = []
    var folded: Set<Unicode.Scalar> = []
    for pattern in patterns {
      if pattern.ignoresCase { folded.formUnion(pattern.scalars) } else { exact.formUnion(pattern.scalars) }
    }
    var candidates = exact
    for scalar in folded { candidates.formUnion(CaseFolding.variants(of: scalar)) }
    let other = (0x4E00...0x9FFF).lazy.compactMap(Unicode.Scalar.init).first { !candidates.contains($0) }
    var classes: Set<[Unicode.Scalar?]> = []
    var symbols: [(Unicode.Scalar, Unicode.Scalar)] = []
    let letter = Self.plainLetters.first { letter in
      !candidates.contains(letter) && CaseFolding.variants(of: letter).allSatisfy { !candidates.contains($0) }
    }
    let rest = [letter ?? other].compactMap(\.self)
    for scalar in candidates.sorted() + rest {
      let fold = CaseFolding.fold(String(scalar)).unicodeScalars.first ?? scalar
      let key = [exact.contains(scalar) ? scalar : nil, folded.contains(fold) ? fold : nil]
      if classes.insert(key).inserted { symbols.append((scalar, fold)) }
    }
    return symbols
  }

  private static let plainLetters = Array("xzqwvkjhgybpmfudlcnrtsioae0123456789".unicodeScalars)
}
